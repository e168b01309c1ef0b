package runlooptest_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/librunloop/librunloop/bindings/go/runlooptest"
)

func TestMain(m *testing.M) { runlooptest.Main(m) }

// recorder is a test that notes whether it has failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatal(...any)          { panic("ended from another goroutine") }
func (r *recorder) Fatalf(string, ...any) { panic("ended from another goroutine") }
func (r *recorder) FailNow()              { panic("ended from another goroutine") }

// A method that fails, on whatever goroutine, marks the test that it was made for, and ends none.
func TestTheRightTestFails(t *testing.T) {
	emulator := runlooptest.Start(t)
	parent, child := &recorder{TB: t}, &recorder{TB: t}
	bound := emulator.For(parent)
	done := make(chan struct{})
	go func() {
		defer close(done)
		bound.For(child).Control(http.MethodGet, "no-such-control", nil, nil)
	}()
	<-done
	if !child.failed || parent.failed {
		t.Fatal(child.failed, parent.failed)
	}
	bound.Fault("no.such.operation", 0, 1, map[string]any{"type": "nothing"})
	if !parent.failed {
		t.Fatal("the parent has not failed")
	}
	if len(emulator.For(child).Requests()) != 0 || len(emulator.Leaks().Devboxes) != 0 {
		t.Fatal("the emulator was asked for something")
	}
}

// The names of the tests are listed without an emulator.
func TestListingNeedsNoEmulator(t *testing.T) {
	child := exec.Command(os.Args[0], "-test.list=.")
	child.Env = append(os.Environ(), "RUNLOOP_EMULATOR=/no/such/file")
	if said, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	child = exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), "RUNLOOP_EMULATOR=/no/such/file")
	if err := child.Run(); err == nil {
		t.Fatal("tests ran without the emulator that they need")
	}
}

// The module has the project's licences.
func TestLicences(t *testing.T) {
	_, file, _, _ := runtime.Caller(0)
	module := filepath.Join(filepath.Dir(file), "..")
	for _, name := range []string{"LICENSE-APACHE", "LICENSE-MIT"} {
		own, err := os.ReadFile(filepath.Join(module, name))
		if err != nil {
			t.Fatal(err)
		}
		if projects, err := os.ReadFile(filepath.Join(module, "..", "..", name)); err != nil || string(projects) != string(own) {
			t.Errorf("%s is not the project's: %v", name, err)
		}
	}
}
