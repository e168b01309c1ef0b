package main

import (
	"context"
	"io"
	"iter"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func onDevbox(do func(s *step, devbox *runloop.Devbox)) operation { return on("devbox", do) }

// identified is a handle with an identifier.
type identified interface {
	io.Closer
	ID() string
}

// made keeps what a call gave.
func made[T identified](s *step, kind string, handle T, err error) {
	if s.did(err) {
		s.answer["id"] = handle.ID()
		s.keep(kind, handle)
	}
}

// list walks through a list, as far as the step's take says.
func list[T io.Closer](s *step, items iter.Seq2[T, error], info func(item T) any) {
	values := []any{}
	take := int(s.number("/take"))
	for item, err := range items {
		if !s.did(err) {
			break
		}
		values = append(values, info(item))
		must(item.Close())
		if len(values) == take {
			break
		}
	}
	s.answer["values"], s.answer["count"] = values, len(values)
}

var devboxOperations = map[string]operation{
	"devbox_create": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.CreateDevbox(s.context(), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"devbox_create_async": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.CreateDevboxAsync(s.context(), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"devbox_create_from_blueprint_id": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.CreateDevboxFromBlueprintID(s.context(), s.text("/id"), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"devbox_create_from_blueprint_name": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.CreateDevboxFromBlueprintName(s.context(), s.text("/name"), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"devbox_create_from_snapshot": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.CreateDevboxFromSnapshot(s.context(), s.text("/id"), params[runloop.DevboxCreateParams](s), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"devbox_from_id": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.DevboxFromID(s.context(), s.text("/id"), s.options()...)
		made(s, "devbox", devbox, err)
	}),
	"devbox_attach": onClient(func(s *step, client *runloop.Client) {
		devbox, err := client.AttachDevbox(s.text("/id"))
		made(s, "devbox", devbox, err)
	}),
	"devbox_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListDevboxes(s.context(), params[runloop.DevboxListParams](s), s.options()...)
		list(s, items, func(item runloop.DevboxItem) any { return item.Info })
	}),
	"devbox_get_info": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_update": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.Update(s.context(), params[runloop.DevboxUpdateParams](s), s.options()...)
		view(s, value, err)
	}),
	"devbox_await_running": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.AwaitRunning(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_await_suspended": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.AwaitSuspended(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_suspend": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.Suspend(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_resume": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.Resume(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_resume_async": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.ResumeAsync(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_usage": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.Usage(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_logs": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.Logs(s.context(), params[runloop.DevboxLogsParams](s), s.options()...)
		view(s, value, err)
	}),
	"devbox_create_ssh_key": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.CreateSSHKey(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_create_pty_tunnel": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.CreatePTYTunnel(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_create_gateway_token": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.CreateGatewayToken(s.context(), params[runloop.DevboxCreateGatewayTokenParams](s), s.options()...)
		view(s, value, err)
	}),
	"devbox_create_mcp_token": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.CreateMCPToken(s.context(), params[runloop.DevboxCreateMCPTokenParams](s), s.options()...)
		view(s, value, err)
	}),
	"devbox_enable_tunnel": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.EnableTunnel(s.context(), params[runloop.DevboxEnableTunnelParams](s), s.options()...)
		view(s, value, err)
	}),
	"devbox_remove_tunnel": onDevbox(func(s *step, devbox *runloop.Devbox) { s.did(devbox.RemoveTunnel(s.context(), s.options()...)) }),
	"devbox_get_tunnel": onDevbox(func(s *step, devbox *runloop.Devbox) {
		value, err := devbox.GetTunnel(s.context(), s.options()...)
		view(s, value, err)
	}),
	"devbox_get_tunnel_url": onDevbox(func(s *step, devbox *runloop.Devbox) {
		url, err := devbox.GetTunnelURL(s.context(), int(s.number("/port")), s.options()...)
		if s.did(err) && url != "" {
			s.answer["url"] = inHex([]byte(url))
		}
	}),
	"devbox_keep_alive": onDevbox(func(s *step, devbox *runloop.Devbox) { s.did(devbox.KeepAlive(s.context(), s.options()...)) }),
	"devbox_shutdown":   onDevbox(func(s *step, devbox *runloop.Devbox) { s.did(devbox.Shutdown(s.context(), s.options()...)) }),
	"devbox_free": onDevbox(func(s *step, devbox *runloop.Devbox) {
		s.did(devbox.Close())
		delete(s.kept, s.nameOf("devbox"))
	}),
	// A devbox that goes at the end of a part of the program, in the language's own way.
	"devbox_scope": onClient(func(s *step, client *runloop.Client) {
		s.did(client.WithDevbox(s.context(), params[runloop.DevboxCreateParams](s), func(_ context.Context, devbox *runloop.Devbox) error {
			s.answer["id"] = devbox.ID()
			return nil
		}, s.options()...))
	}),
	"devbox_set_shutdown_on_free": onDevbox(func(s *step, devbox *runloop.Devbox) {
		s.did(devbox.SetShutdownOnClose(time.Duration(s.number("/timeout_ms")) * time.Millisecond))
	}),
}
