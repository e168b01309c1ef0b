package runloop_test

import (
	"context"
	"errors"
	"io"
	"testing"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestSecrets(t *testing.T) {
	_, client := start(t)
	secret := must(client.CreateSecret(t.Context(), "TOKEN", "one"))(t)
	defer secret.Close()
	equal(t, secret.Name(), "TOKEN")
	must(secret.Update(t.Context(), "two"))(t)
	equal(t, must(secret.GetInfo(t.Context()))(t).Name, "TOKEN")
	d := must(client.CreateDevbox(t.Context(), &runloop.DevboxCreateParams{Secrets: map[string]string{"SEEN": "TOKEN"}}))(t)
	defer d.Close()
	equal(t, string(must(d.Command(t.Context(), "echo $SEEN").Output())(t)), "two\n")
	ok(t, d.Shutdown(t.Context()))
	var row string
	for item, err := range client.ListSecrets(t.Context(), nil) {
		ok(t, err)
		row = item.Info.ID
		item.Close()
	}
	byID := must(client.SecretFromID(row))(t)
	defer byID.Close()
	equal(t, byID.Name(), "")
	equal(t, must(byID.GetInfo(t.Context()))(t).ID, row)
	byName := must(client.SecretFromName("TOKEN"))(t)
	defer byName.Close()
	ok(t, byName.Delete(t.Context()))
	if _, err := byID.GetInfo(t.Context()); !errors.Is(err, runloop.ErrNotFound) {
		t.Fatal(err)
	}
}

func TestAxons(t *testing.T) {
	_, client := start(t)
	axon := must(client.CreateAxon(t.Context(), &runloop.AxonCreateParams{Name: "events"}))(t)
	defer axon.Close()
	publish := func(payload string) int64 {
		t.Helper()
		return must(axon.Publish(t.Context(), &runloop.AxonPublishParams{
			EventType: "test", Origin: runloop.AxonPublishOriginUserEvent, Payload: payload, Source: "go",
		}))(t).Sequence
	}
	first := publish(`{"n":1}`)
	publish(`{"n":2}`)
	stream := must(axon.Subscribe(-1))(t)
	defer stream.Close()
	for _, want := range []string{`{"n":1}`, `{"n":2}`} {
		equal(t, must(stream.Next(t.Context()))(t).Payload, want)
	}
	var payloads []string
	for event, err := range axon.Events(t.Context(), &runloop.AxonEventListParams{Limit: runloop.Ptr[int64](1)}) {
		ok(t, err)
		payloads = append(payloads, event.Payload)
	}
	equal(t, len(payloads), 2)
	rest := must(axon.Subscribe(first))(t)
	for event, err := range rest.All(t.Context()) {
		ok(t, err)
		equal(t, event.Payload, `{"n":2}`)
		break
	}
	rest.Close()

	batch := must(axon.SQLBatch(t.Context(), &runloop.AxonSQLBatchParams{Statements: []runloop.SQLStatement{
		{SQL: "CREATE TABLE t (a, b)"}, {SQL: "INSERT INTO t VALUES (?, ?)", Params: []any{7, "seven"}},
	}}))(t)
	equal(t, len(batch.Results), 2)
	answer := must(axon.SQLQuery(t.Context(), "SELECT b FROM t WHERE a = ?", []any{7}))(t)
	equal(t, len(answer.Rows), 1)
	equal(t, string(answer.Rows[0]), `["seven"]`)
	must(axon.SQLQuery(t.Context(), "SELECT 1", nil))(t)

	must(axon.Update(t.Context(), &runloop.AxonUpdateParams{Metadata: map[string]string{"team": "blue"}}))(t)
	same := must(client.AxonFromID(axon.ID()))(t)
	defer same.Close()
	equal(t, must(same.GetInfo(t.Context()))(t).Metadata["team"], "blue")
	for item, err := range client.ListAxons(t.Context(), nil) {
		ok(t, err)
		equal(t, item.Info.Name, "events")
		item.Close()
	}
	ok(t, axon.Delete(t.Context()))
	if _, err := stream.Next(t.Context()); err != io.EOF && !errors.Is(err, runloop.ErrNotFound) {
		t.Fatal(err)
	}
}

// record is what network policies, gateway configs and MCP configs have in common.
type record interface {
	ID() string
	Close() error
	Delete(ctx context.Context, options ...runloop.CallOption) error
}

func discard(t *testing.T, r record) {
	t.Cleanup(func() {
		if err := r.Delete(context.Background()); err != nil {
			t.Error(err)
		}
		r.Close()
	})
}

func TestNetworkPolicies(t *testing.T) {
	_, client := start(t)
	policy := must(client.CreateNetworkPolicy(t.Context(), &runloop.NetworkPolicyCreateParams{Name: "closed", AllowAll: runloop.Ptr(false)}))(t)
	discard(t, policy)
	equal(t, must(policy.GetInfo(t.Context()))(t).Egress.AllowAll, false)
	must(policy.Update(t.Context(), &runloop.NetworkPolicyUpdateParams{Name: "renamed"}))(t)
	same := must(client.NetworkPolicyFromID(policy.ID()))(t)
	equal(t, must(same.GetInfo(t.Context()))(t).Name, "renamed")
	same.Close()
	for item, err := range client.ListNetworkPolicies(t.Context(), nil) {
		ok(t, err)
		equal(t, item.Info.Name, "renamed")
		item.Close()
	}
}

func TestGatewaysAndMCP(t *testing.T) {
	_, client := start(t)
	secret := must(client.CreateSecret(t.Context(), "KEY", "k"))(t)
	defer secret.Close()
	gateway := must(client.CreateGatewayConfig(t.Context(), &runloop.GatewayConfigCreateParams{
		Name: "api", Endpoint: "https://api.example.com", AuthMechanism: runloop.AuthMechanism{Type: "bearer"},
	}))(t)
	discard(t, gateway)
	must(gateway.Update(t.Context(), &runloop.GatewayConfigUpdateParams{Description: "described"}))(t)
	equal(t, must(gateway.GetInfo(t.Context()))(t).Description, "described")
	same := must(client.GatewayConfigFromID(gateway.ID()))(t)
	same.Close()
	for item, err := range client.ListGatewayConfigs(t.Context(), nil) {
		ok(t, err)
		equal(t, item.Info.ID, gateway.ID())
		item.Close()
	}
	mcp := must(client.CreateMCPConfig(t.Context(), &runloop.MCPConfigCreateParams{
		Name: "tools", Endpoint: "https://mcp.example.com", AllowedTools: []string{"*"},
	}))(t)
	discard(t, mcp)
	must(mcp.Update(t.Context(), &runloop.MCPConfigUpdateParams{Description: "described"}))(t)
	equal(t, must(mcp.GetInfo(t.Context()))(t).Description, "described")
	sameMCP := must(client.MCPConfigFromID(mcp.ID()))(t)
	sameMCP.Close()
	for item, err := range client.ListMCPConfigs(t.Context(), nil) {
		ok(t, err)
		equal(t, item.Info.ID, mcp.ID())
		item.Close()
	}
	d := devbox(t, client)
	must(d.CreateGatewayToken(t.Context(), &runloop.DevboxCreateGatewayTokenParams{Gateway: gateway.ID(), Secret: "KEY"}))(t)
	must(d.CreateMCPToken(t.Context(), &runloop.DevboxCreateMCPTokenParams{MCPConfig: mcp.ID(), Secret: "KEY"}))(t)
}

func TestKeys(t *testing.T) {
	_, client := start(t)
	key := must(client.CreateAPIKey(t.Context(), &runloop.APIKeyCreateParams{Name: "ci"}))(t)
	equal(t, key.Name, "ci")
	equal(t, key.KeySecret.Reveal() != "", true)
	restricted := must(client.CreateRestrictedKey(t.Context(), &runloop.RestrictedKeyCreateParams{Name: "reader"}))(t)
	equal(t, restricted.KeySecret.Reveal() != "", true)
}
