package runloop_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// A profile that keeps our command from running is an error: nothing has arrived. What it prints, where it leads the outputs and
// what it says of the home directory are of no matter.
func TestAFileSystemThatDidNotArriveIsAnError(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	tree := fstest.MapFS{"a": {Data: []byte("text"), Mode: 0o644}}
	for _, profile := range []string{"exec bash --norc", "exit 0", "exec true", "exec >/dev/null 2>&1"} {
		ok(t, d.WriteFile(t.Context(), ".bash_profile", []byte(profile)))
		err := d.UploadFS(t.Context(), tree, "deaf")
		var failure *runloop.Error
		if !errors.As(err, &failure) || failure.Status != runloop.ErrRemoteIO || !strings.Contains(failure.Message, "profile") {
			t.Errorf("%s: %v", profile, err)
		}
	}
	for _, profile := range []string{"exec 2>/dev/null; printf noise", "exec >&-; printf noise >&2", "export HOME=/var", "trap 'echo bye; exit 3' EXIT"} {
		ok(t, d.WriteFile(t.Context(), ".bash_profile", []byte(profile)))
		if err := d.UploadFS(t.Context(), tree, "heard"); err != nil {
			t.Errorf("%s: %v", profile, err)
			continue
		}
		equal(t, string(must(d.ReadFile(t.Context(), "heard/a"))(t)), "text")
		err := d.UploadFS(t.Context(), tree, "heard/a")
		if !errors.Is(err, runloop.ErrRemoteIO) || !strings.Contains(err.Error(), "File exists") {
			t.Errorf("%s: %v", profile, err)
		}
		ok(t, d.WriteFile(t.Context(), ".bash_profile", nil))
		ok(t, d.Command(t.Context(), "rm -r heard").Run())
	}
}

// Where it arrives is what its name says; a link to a directory stays one.
func TestWhereAFileSystemArrives(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	tree := fstest.MapFS{"sub/a": {Data: []byte("text"), Mode: 0o644}}
	ok(t, d.Command(t.Context(), "mkdir real to; ln -s ../real to/sub").Run())
	for _, into := range []string{"-", "--", "to", "-P"} {
		if err := d.UploadFS(t.Context(), tree, into); err != nil {
			t.Errorf("%s: %v", into, err)
		}
	}
	equal(t, string(must(d.Command(t.Context(), "find ./- ./-- ./-P to real -type f -o -type l | sort").CombinedOutput())(t)),
		"./--/sub/a\n./-/sub/a\n./-P/sub/a\nreal/a\nto/sub\n")
}

// A gateway that wants to know the length gets it.
func TestAFileSystemGoesThroughAGatewayThatWantsALength(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	emulator.Fault("devboxes.upload_file", 0, 1, map[string]any{"type": "status", "status": 411})
	ok(t, d.UploadFS(t.Context(), fstest.MapFS{"a": {Data: []byte("text"), Mode: 0o644}}, "into"))
	equal(t, string(must(d.ReadFile(t.Context(), "into/a"))(t)), "text")
}

// Warnings, of files from the future for instance, are no cause.
func TestTheCauseOfAFileSystemsFailureIsTold(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	ok(t, d.Command(t.Context(), "mkdir -p into/z/full").Run())
	ahead := time.Now().Add(10000 * time.Hour)
	err := d.UploadFS(t.Context(), fstest.MapFS{"a": {ModTime: ahead}, "z": {ModTime: ahead}}, "into")
	if !errors.Is(err, runloop.ErrRemoteIO) || !strings.Contains(err.Error(), "z: Cannot open") {
		t.Error(err)
	}
}
