package runloop_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestSnapshots(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	ok(t, d.WriteFile(t.Context(), "kept", []byte("kept\n")))
	snapshot := must(d.SnapshotDisk(t.Context(), &runloop.DevboxSnapshotDiskParams{Name: "one"}))(t)
	defer snapshot.Close()
	equal(t, must(snapshot.GetInfo(t.Context()))(t).Snapshot.Name, "one")
	must(snapshot.Update(t.Context(), &runloop.SnapshotUpdateParams{Name: "renamed"}))(t)
	later := must(d.SnapshotDiskAsync(t.Context(), nil))(t)
	defer later.Close()
	equal(t, must(later.AwaitCompleted(t.Context()))(t).Status, runloop.DevboxSnapshotStatusComplete)

	names := map[string]string{}
	for item, err := range client.ListSnapshots(t.Context(), &runloop.SnapshotListParams{DevboxID: d.ID()}) {
		ok(t, err)
		names[item.ID()] = item.Info.Name
		item.Close()
	}
	equal(t, len(names), 2)
	equal(t, names[snapshot.ID()], "renamed")

	same := must(client.SnapshotFromID(snapshot.ID()))(t)
	defer same.Close()
	for _, create := range []func() (*runloop.Devbox, error){
		func() (*runloop.Devbox, error) { return same.CreateDevbox(t.Context(), nil) },
		func() (*runloop.Devbox, error) {
			return client.CreateDevboxFromSnapshot(t.Context(), snapshot.ID(), nil)
		},
	} {
		copied := must(create())(t)
		equal(t, string(must(copied.ReadFile(t.Context(), "kept"))(t)), "kept\n")
		ok(t, copied.Shutdown(t.Context()))
		copied.Close()
	}
	ok(t, snapshot.Delete(t.Context()))
	ok(t, later.Delete(t.Context()))
}

func TestBlueprints(t *testing.T) {
	_, client := start(t)
	params := &runloop.BlueprintCreateParams{Name: "tools", SystemSetupCommands: []string{"echo setting up; echo made > ~/made"}}
	equal(t, strings.Contains(must(client.PreviewBlueprint(t.Context(), params))(t).Dockerfile, "setting up"), true)
	var log []string
	blueprint := must(client.CreateBlueprint(t.Context(), params, func(line runloop.BlueprintBuildLog) error {
		log = append(log, line.Message)
		return nil
	}))(t)
	defer blueprint.Close()
	if !strings.Contains(strings.Join(log, "\n"), "setting up") {
		t.Fatalf("%q", log)
	}
	equal(t, must(blueprint.GetInfo(t.Context()))(t).Status, runloop.BlueprintStatusBuildComplete)
	equal(t, len(must(blueprint.Logs(t.Context()))(t).Logs) > 0, true)
	lines := 0
	must(blueprint.AwaitBuildComplete(t.Context(), func(runloop.BlueprintBuildLog) error { lines++; return nil }))(t)
	equal(t, lines, len(log))

	same := must(client.BlueprintFromID(blueprint.ID()))(t)
	defer same.Close()
	for _, create := range []func() (*runloop.Devbox, error){
		func() (*runloop.Devbox, error) { return same.CreateDevbox(t.Context(), nil) },
		func() (*runloop.Devbox, error) {
			return client.CreateDevboxFromBlueprintID(t.Context(), blueprint.ID(), nil)
		},
		func() (*runloop.Devbox, error) {
			return client.CreateDevboxFromBlueprintName(t.Context(), "tools", nil)
		},
	} {
		d := must(create())(t)
		equal(t, string(must(d.Command(t.Context(), "cat ~/made").Output())(t)), "made\n")
		ok(t, d.Shutdown(t.Context()))
		d.Close()
	}
	found := 0
	for item, err := range client.ListBlueprints(t.Context(), &runloop.BlueprintListParams{Name: "tools"}) {
		ok(t, err)
		equal(t, item.Info.ID, blueprint.ID())
		item.Close()
		found++
	}
	equal(t, found, 1)
	for _, err := range client.ListPublicBlueprints(t.Context(), nil) {
		ok(t, err)
	}
	later := must(client.CreateBlueprintAsync(t.Context(), &runloop.BlueprintCreateParams{Name: "later", Dockerfile: "FROM scratch\nRUN exit 3"}))(t)
	defer later.Close()
	_, err := later.AwaitBuildComplete(t.Context(), nil)
	var failure *runloop.Error
	if !errors.Is(err, runloop.ErrBuildFailed) || !errors.As(err, &failure) || failure.ResourceID != later.ID() {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	_, err = blueprint.AwaitBuildComplete(t.Context(), func(runloop.BlueprintBuildLog) error { return stop })
	if !errors.Is(err, stop) || !errors.Is(err, runloop.ErrStopped) {
		t.Fatal(err)
	}
	ok(t, later.Delete(t.Context()))
	ok(t, blueprint.Delete(t.Context()))
}

func TestADevboxsLife(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	must(d.Update(t.Context(), &runloop.DevboxUpdateParams{Name: "renamed", Metadata: map[string]string{"a": "b"}}))(t)
	equal(t, must(d.GetInfo(t.Context()))(t).Name, "renamed")
	ok(t, d.KeepAlive(t.Context()))
	must(d.Usage(t.Context()))(t)
	must(d.Logs(t.Context(), nil))(t)
	ok(t, d.WriteFile(t.Context(), "kept", []byte("kept\n")))
	equal(t, must(d.Suspend(t.Context()))(t).Status, runloop.DevboxStatusSuspended)
	must(d.AwaitSuspended(t.Context()))(t)
	equal(t, must(d.Resume(t.Context()))(t).Status, runloop.DevboxStatusRunning)
	must(d.Suspend(t.Context()))(t)
	must(d.ResumeAsync(t.Context()))(t)
	eventually(t, "it is not resumed", func() bool {
		return must(d.GetInfo(t.Context()))(t).Status == runloop.DevboxStatusRunning
	})
	must(d.AwaitRunning(t.Context()))(t)
	equal(t, string(must(d.ReadFile(t.Context(), "kept"))(t)), "kept\n")
	same := must(client.DevboxFromID(t.Context(), d.ID()))(t)
	equal(t, same.ID(), d.ID())
	same.Close()
}

func TestTunnelsAndKeys(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	if tunnel := must(d.GetTunnel(t.Context()))(t); tunnel != nil {
		t.Fatalf("%+v", tunnel)
	}
	equal(t, must(d.GetTunnelURL(t.Context(), 8080))(t), "")
	key := must(d.EnableTunnel(t.Context(), &runloop.DevboxEnableTunnelParams{AuthMode: runloop.TunnelAuthModeAuthenticated}))(t)
	equal(t, key.AuthMode, runloop.TunnelAuthModeAuthenticated)
	equal(t, must(d.GetTunnel(t.Context()))(t).TunnelKey, key.TunnelKey)
	if url := must(d.GetTunnelURL(t.Context(), 8080))(t); !strings.Contains(url, "8080-"+key.TunnelKey) {
		t.Fatal(url)
	}
	ok(t, d.RemoveTunnel(t.Context()))
	emulator.Fault("devboxes.create_ssh_key", 0, 1, map[string]any{"type": "status", "status": 200,
		"body": `{"id": "k", "ssh_private_key": "-----BEGIN OPENSSH PRIVATE KEY-----", "ssh_user": "user", "url": "ssh.example.com"}`})
	ssh := must(d.CreateSSHKey(t.Context()))(t)
	equal(t, strings.Contains(ssh.SSHPrivateKey.Reveal(), "PRIVATE KEY"), true)
	must(d.CreatePTYTunnel(t.Context()))(t)
}

func TestEvictionsAreWatched(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	stream := must(client.WatchEvictions())(t)
	defer stream.Close()
	emulator.Control("POST", "evict", map[string]any{"devbox_id": d.ID(), "in_seconds": 600}, nil)
	event := must(stream.Next(t.Context()))(t)
	equal(t, event.DevboxID, d.ID())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range stream.All(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}
