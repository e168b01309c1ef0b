package runloop_test

import (
	"errors"
	"testing"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// An answer that is not what the API describes does not say that nothing has been done.
func TestWhatAnOddAnswerSaysOfTheEffect(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	axon := must(client.CreateAxon(t.Context(), nil))(t)
	defer axon.Close()
	calls := map[string]struct {
		operation string
		effect    runloop.SideEffect
		call      func() error
	}{
		"GetInfo":      {"devboxes.retrieve", runloop.SideEffectNone, func() error { _, err := d.GetInfo(t.Context()); return err }},
		"Update":       {"devboxes.update", runloop.SideEffectUnknown, func() error { _, err := d.Update(t.Context(), &runloop.DevboxUpdateParams{Name: "a"}); return err }},
		"CreateAPIKey": {"apikeys.create", runloop.SideEffectUnknown, func() error { _, err := client.CreateAPIKey(t.Context(), nil); return err }},
		"Publish": {"axons.publish", runloop.SideEffectUnknown, func() error {
			_, err := axon.Publish(t.Context(), &runloop.AxonPublishParams{EventType: "a", Payload: "b", Source: "c"})
			return err
		}},
		"CreateSSHKey": {"devboxes.create_ssh_key", runloop.SideEffectUnknown, func() error { _, err := d.CreateSSHKey(t.Context()); return err }},
		"EnableTunnel": {"devboxes.enable_tunnel", runloop.SideEffectUnknown, func() error { _, err := d.EnableTunnel(t.Context(), nil); return err }},
	}
	for name, one := range calls {
		for _, body := range []string{`[1]`, `"text"`, `7`} {
			t.Run(name+" "+body, func(t *testing.T) {
				emulator.Fault(one.operation, 0, 1, map[string]any{"type": "status", "status": 200, "body": body})
				err := one.call()
				var failure *runloop.Error
				if !errors.As(err, &failure) || failure.Status != runloop.ErrProtocol {
					t.Fatal(err)
				}
				equal(t, failure.SideEffect, one.effect)
			})
		}
	}
}
