package main

import (
	runloop "github.com/librunloop/librunloop/bindings/go"
)

func onSnapshot(do func(s *step, snapshot *runloop.Snapshot)) operation { return on("snapshot", do) }
func onBlueprint(do func(s *step, blueprint *runloop.Blueprint)) operation {
	return on("blueprint", do)
}

// log is given the lines of a build's log, where the step wants them; the second function notes them.
func (s *step) log() (log func(line runloop.BlueprintBuildLog) error, note func()) {
	lines := []string{}
	wanted := s.truth("/log")
	if wanted || s.says("/stop", "log") || s.says("/cancel", "log") {
		log = func(line runloop.BlueprintBuildLog) error {
			if line.TimestampMS > 0 && line.Level != "" {
				lines = append(lines, line.Message)
			}
			return s.called("log")
		}
	}
	return log, func() {
		if wanted {
			s.answer["log"] = lines
		}
	}
}

var diskOperations = map[string]operation{
	"devbox_snapshot_disk": onDevbox(func(s *step, devbox *runloop.Devbox) {
		snapshot, err := devbox.SnapshotDisk(s.context(), params[runloop.DevboxSnapshotDiskParams](s), s.options()...)
		made(s, "snapshot", snapshot, err)
	}),
	"devbox_snapshot_disk_async": onDevbox(func(s *step, devbox *runloop.Devbox) {
		snapshot, err := devbox.SnapshotDiskAsync(s.context(), params[runloop.DevboxSnapshotDiskParams](s), s.options()...)
		made(s, "snapshot", snapshot, err)
	}),
	"snapshot_from_id": onClient(func(s *step, client *runloop.Client) {
		snapshot, err := client.SnapshotFromID(s.text("/id"))
		made(s, "snapshot", snapshot, err)
	}),
	"snapshot_get_info": onSnapshot(func(s *step, snapshot *runloop.Snapshot) {
		value, err := snapshot.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"snapshot_await_completed": onSnapshot(func(s *step, snapshot *runloop.Snapshot) {
		value, err := snapshot.AwaitCompleted(s.context(), s.options()...)
		view(s, value, err)
	}),
	"snapshot_update": onSnapshot(func(s *step, snapshot *runloop.Snapshot) {
		value, err := snapshot.Update(s.context(), params[runloop.SnapshotUpdateParams](s), s.options()...)
		view(s, value, err)
	}),
	"snapshot_delete": onSnapshot(func(s *step, snapshot *runloop.Snapshot) { s.did(snapshot.Delete(s.context(), s.options()...)) }),
	"snapshot_create_devbox": onSnapshot(func(s *step, snapshot *runloop.Snapshot) {
		devbox, err := snapshot.CreateDevbox(s.context(), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"snapshot_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListSnapshots(s.context(), params[runloop.SnapshotListParams](s), s.options()...)
		list(s, items, func(item runloop.SnapshotItem) any { return item.Info })
	}),
	"blueprint_create": onClient(func(s *step, client *runloop.Client) {
		log, note := s.log()
		blueprint, err := client.CreateBlueprint(s.context(), params[runloop.BlueprintCreateParams](s), log, s.options()...)
		note()
		made(s, "blueprint", blueprint, err)
	}),
	"blueprint_create_async": onClient(func(s *step, client *runloop.Client) {
		blueprint, err := client.CreateBlueprintAsync(s.context(), params[runloop.BlueprintCreateParams](s), s.options()...)
		made(s, "blueprint", blueprint, err)
	}),
	"blueprint_await_build_complete": onBlueprint(func(s *step, blueprint *runloop.Blueprint) {
		log, note := s.log()
		value, err := blueprint.AwaitBuildComplete(s.context(), log, s.options()...)
		note()
		view(s, value, err)
	}),
	"blueprint_from_id": onClient(func(s *step, client *runloop.Client) {
		blueprint, err := client.BlueprintFromID(s.text("/id"))
		made(s, "blueprint", blueprint, err)
	}),
	"blueprint_get_info": onBlueprint(func(s *step, blueprint *runloop.Blueprint) {
		value, err := blueprint.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"blueprint_logs": onBlueprint(func(s *step, blueprint *runloop.Blueprint) {
		value, err := blueprint.Logs(s.context(), s.options()...)
		view(s, value, err)
	}),
	"blueprint_preview": onClient(func(s *step, client *runloop.Client) {
		value, err := client.PreviewBlueprint(s.context(), params[runloop.BlueprintCreateParams](s), s.options()...)
		view(s, value, err)
	}),
	"blueprint_delete": onBlueprint(func(s *step, blueprint *runloop.Blueprint) {
		s.did(blueprint.Delete(s.context(), s.options()...))
	}),
	"blueprint_create_devbox": onBlueprint(func(s *step, blueprint *runloop.Blueprint) {
		devbox, err := blueprint.CreateDevbox(s.context(), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"blueprint_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListBlueprints(s.context(), params[runloop.BlueprintListParams](s), s.options()...)
		list(s, items, func(item runloop.BlueprintItem) any { return item.Info })
	}),
	"blueprint_list_public": onClient(func(s *step, client *runloop.Client) {
		items := client.ListPublicBlueprints(s.context(), params[runloop.BlueprintListParams](s), s.options()...)
		list(s, items, func(item runloop.BlueprintItem) any { return item.Info })
	}),
}
