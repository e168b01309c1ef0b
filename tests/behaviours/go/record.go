package main

import (
	"io"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func onSecret(do func(s *step, secret *runloop.Secret)) operation { return on("secret", do) }
func onAxon(do func(s *step, axon *runloop.Axon)) operation       { return on("axon", do) }

var recordOperations = map[string]operation{
	"secret_create": onClient(func(s *step, client *runloop.Client) {
		secret, err := client.CreateSecret(s.context(), s.text("/name"), runloop.Sensitive(s.text("/value")), s.options()...)
		made(s, "secret", secret, err)
	}),
	"secret_from_name": onClient(func(s *step, client *runloop.Client) {
		secret, err := client.SecretFromName(s.text("/name"))
		made(s, "secret", secret, err)
	}),
	"secret_from_id": onClient(func(s *step, client *runloop.Client) {
		secret, err := client.SecretFromID(s.text("/id"))
		made(s, "secret", secret, err)
	}),
	"secret_get_info": onSecret(func(s *step, secret *runloop.Secret) {
		value, err := secret.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"secret_update": onSecret(func(s *step, secret *runloop.Secret) {
		value, err := secret.Update(s.context(), runloop.Sensitive(s.text("/value")), s.options()...)
		view(s, value, err)
	}),
	"secret_delete": onSecret(func(s *step, secret *runloop.Secret) { s.did(secret.Delete(s.context(), s.options()...)) }),
	"secret_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListSecrets(s.context(), params[runloop.SecretListParams](s), s.options()...)
		list(s, items, func(item runloop.SecretItem) any { return item.Info })
	}),
	"axon_create": onClient(func(s *step, client *runloop.Client) {
		axon, err := client.CreateAxon(s.context(), params[runloop.AxonCreateParams](s), s.options()...)
		made(s, "axon", axon, err)
	}),
	"axon_from_id": onClient(func(s *step, client *runloop.Client) {
		axon, err := client.AxonFromID(s.text("/id"))
		made(s, "axon", axon, err)
	}),
	"axon_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListAxons(s.context(), params[runloop.AxonListParams](s), s.options()...)
		list(s, items, func(item runloop.AxonItem) any { return item.Info })
	}),
	"axon_get_info": onAxon(func(s *step, axon *runloop.Axon) {
		value, err := axon.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"axon_update": onAxon(func(s *step, axon *runloop.Axon) {
		value, err := axon.Update(s.context(), params[runloop.AxonUpdateParams](s), s.options()...)
		view(s, value, err)
	}),
	"axon_publish": onAxon(func(s *step, axon *runloop.Axon) {
		value, err := axon.Publish(s.context(), params[runloop.AxonPublishParams](s), s.options()...)
		view(s, value, err)
	}),
	"axon_delete": onAxon(func(s *step, axon *runloop.Axon) { s.did(axon.Delete(s.context(), s.options()...)) }),
	"axon_sql_query": onAxon(func(s *step, axon *runloop.Axon) {
		value, err := axon.SQLQuery(s.context(), s.text("/sql"), get[[]any](s, "/values"), s.options()...)
		view(s, value, err)
	}),
	"axon_sql_batch": onAxon(func(s *step, axon *runloop.Axon) {
		value, err := axon.SQLBatch(s.context(), params[runloop.AxonSQLBatchParams](s), s.options()...)
		view(s, value, err)
	}),
	"axon_events": onAxon(func(s *step, axon *runloop.Axon) {
		values, take := []any{}, int(s.number("/take"))
		for event, err := range axon.Events(s.context(), params[runloop.AxonEventListParams](s), s.options()...) {
			if !s.did(err) {
				break
			}
			if values = append(values, event); len(values) == take {
				break
			}
		}
		s.answer["values"], s.answer["count"] = values, len(values)
	}),
	"axon_subscribe": onAxon(func(s *step, axon *runloop.Axon) {
		after := int64(-1)
		s.argument("/after_sequence", &after)
		if stream, err := axon.Subscribe(after, s.options()...); s.did(err) {
			s.keep("event_stream", stream)
		}
	}),
	"eviction_watch": onClient(func(s *step, client *runloop.Client) {
		if stream, err := client.WatchEvictions(s.options()...); s.did(err) {
			s.keep("event_stream", stream)
		}
	}),
	"event_stream_next": on("event_stream", func(s *step, stream io.Closer) {
		switch stream := stream.(type) {
		case *runloop.EventStream[runloop.AxonEventView]:
			nextEvent(s, stream)
		case *runloop.EventStream[runloop.DevboxEvictionEventView]:
			nextEvent(s, stream)
		}
	}),
	"event_stream_free": on("event_stream", func(s *step, stream io.Closer) {
		s.did(stream.Close())
		delete(s.kept, s.nameOf("event_stream"))
	}),
}

func nextEvent[T any](s *step, stream *runloop.EventStream[T]) {
	event, err := stream.Next(s.context(), s.options()...)
	s.answer["ended"] = map[bool]int{true: 1}[err == io.EOF]
	if err != io.EOF {
		view(s, event, err)
	}
}
