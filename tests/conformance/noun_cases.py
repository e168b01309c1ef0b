"""The further nouns: snapshots, blueprints, axons, secrets, configs, keys, and how devboxes are reached."""

from cases import DEVBOX, MAPS, UNICODE, case, devbox, do

SNAPSHOT = [do("snapshot_from_id", id="snp_1")]
BLUEPRINT = [do("blueprint_from_id", id="bpt_1")]
AXON = [do("axon_from_id", id="axn_1")]
SECRET = [do("secret_from_name", name="NAME")]
SECRET_BY_ID = [do("secret_from_id", id="sec_1")]
# Waits for an event until the stream was opened a second time, since it ended for no reason.
FOLLOWED = [
    do("event_stream_next", cancel="told", cancel_when={"requests": 2}, expect={"error": {"status": "cancelled"}}),
    do("event_stream_free"),
]

# ---- devboxes ----


@case("devbox_update", {"name": UNICODE, "metadata": MAPS}, {"metadata": {}}, {"name": None}, on=DEVBOX)
def _(sdk, p):
    sdk.api.devboxes.update("dbx_1", **p)


@case("devbox_usage", on=DEVBOX)
def _(sdk, p):
    sdk.api.devboxes.retrieve_resource_usage("dbx_1")


@case("devbox_logs", {}, {"execution_id": "exec 1/ü"}, on=DEVBOX)
def _(sdk, p):
    devbox(sdk).logs(**p)


@case("devbox_await_suspended", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).await_suspended()


@case("devbox_suspend", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).suspend()


@case("devbox_resume", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).resume()


@case("devbox_resume_async", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).resume_async()


@case("devbox_create_ssh_key", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).net.create_ssh_key()


@case("devbox_enable_tunnel", {}, {"auth_mode": "authenticated", "http_keep_alive": False, "wake_on_http": None}, on=DEVBOX)
def _(sdk, p):
    devbox(sdk).net.enable_tunnel(**p)


@case("devbox_remove_tunnel", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).net.remove_tunnel()


@case("devbox_get_tunnel", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).get_tunnel()


@case("devbox_get_tunnel_url", steps=lambda p: [*DEVBOX, do("devbox_get_tunnel_url", port=8080)])
def _(sdk, p):
    devbox(sdk).get_tunnel_url(8080)


@case("devbox_create_pty_tunnel", on=DEVBOX)
def _(sdk, p):
    sdk.api.devboxes.create_pty_tunnel("dbx_1")


@case("devbox_create_gateway_token", {"gateway": "gwc_1", "secret": UNICODE}, on=DEVBOX)
def _(sdk, p):
    sdk.api.devboxes.create_gateway_token("dbx_1", **p)


@case("devbox_create_mcp_token", {"mcp_config": "mcp_1", "secret": "s"}, on=DEVBOX)
def _(sdk, p):
    sdk.api.devboxes.create_mcp_token("dbx_1", **p)


@case("eviction_watch", steps=lambda p: [do("eviction_watch"), *FOLLOWED])
def _(sdk, p):
    for _ in sdk.api.devboxes.watch_evictions():
        pass


# ---- snapshots ----


@case("devbox_snapshot_disk", {}, {"name": UNICODE, "metadata": MAPS, "commit_message": None}, on=DEVBOX)
def _(sdk, p):
    devbox(sdk).snapshot_disk(**p)


@case("devbox_snapshot_disk_async", {}, {"name": "n", "metadata": {"a": "b"}}, on=DEVBOX)
def _(sdk, p):
    devbox(sdk).snapshot_disk_async(**p)


@case("snapshot_list", {}, {"devbox_id": "dbx_1", "limit": 3}, {"starting_after": "snp_9", "source_blueprint_id": "bpt_1"})
def _(sdk, p):
    sdk.snapshot.list(**p)


@case("snapshot_get_info", on=SNAPSHOT)
def _(sdk, p):
    sdk.snapshot.from_id("snp_1").get_info()


@case("snapshot_update", {"name": "n", "metadata": MAPS}, on=SNAPSHOT)
def _(sdk, p):
    sdk.snapshot.from_id("snp_1").update(**p)


@case("snapshot_delete", on=SNAPSHOT)
def _(sdk, p):
    sdk.snapshot.from_id("snp_1").delete()


@case("snapshot_await_completed", on=SNAPSHOT)
def _(sdk, p):
    sdk.snapshot.from_id("snp_1").await_completed()


@case("snapshot_create_devbox", {}, {"name": "n", "metadata": {"a": "b"}}, on=SNAPSHOT)
def _(sdk, p):
    sdk.snapshot.from_id("snp_1").create_devbox(**p)


# ---- blueprints ----

BUILD = {
    "name": "web",
    "dockerfile": "FROM x\nRUN echo \"ü\"\n",
    "system_setup_commands": ["true", UNICODE],
    "build_args": MAPS,
    "build_context": {"type": "object", "object_id": "obj_1"},
    "file_mounts": {"/a": UNICODE},
    "base_blueprint_id": None,
}


@case("blueprint_create", {"name": "web"}, BUILD, {"name": "web", "metadata": MAPS})
def _(sdk, p):
    sdk.blueprint.create(**p)


@case("blueprint_create_async", {"name": "web"}, BUILD)
def _(sdk, p):
    sdk.api.blueprints.create(**p)


@case("blueprint_preview", BUILD)
def _(sdk, p):
    sdk.api.blueprints.preview(**p)


@case("blueprint_list", {}, {"name": "a b", "limit": 2, "status": "failed"})
def _(sdk, p):
    sdk.blueprint.list(**p)


@case("blueprint_list_public", {}, {"name": "a b"})
def _(sdk, p):
    sdk.api.blueprints.list_public(**p)


@case("blueprint_get_info", on=BLUEPRINT)
def _(sdk, p):
    sdk.blueprint.from_id("bpt_1").get_info()


@case("blueprint_await_build_complete", on=BLUEPRINT)
def _(sdk, p):
    sdk.api.blueprints.await_build_complete("bpt_1")


@case("blueprint_logs", on=BLUEPRINT)
def _(sdk, p):
    sdk.blueprint.from_id("bpt_1").logs()


@case("blueprint_delete", on=BLUEPRINT)
def _(sdk, p):
    sdk.blueprint.from_id("bpt_1").delete()


@case("blueprint_create_devbox", {"name": "n"}, on=BLUEPRINT)
def _(sdk, p):
    sdk.blueprint.from_id("bpt_1").create_devbox(**p)


# ---- axons ----


@case("axon_create", {}, {"name": UNICODE, "metadata": MAPS})
def _(sdk, p):
    sdk.axon.create(**p)


@case("axon_list", {}, {"name": "n", "search": "a b", "limit": 3})
def _(sdk, p):
    sdk.axon.list(**p)


@case("axon_get_info", on=AXON)
def _(sdk, p):
    sdk.axon.from_id("axn_1").get_info()


@case("axon_update", {"metadata": MAPS}, {"metadata": {}}, on=AXON)
def _(sdk, p):
    sdk.api.axons.update("axn_1", **p)


@case("axon_delete", on=AXON)
def _(sdk, p):
    sdk.api.axons.delete("axn_1")


@case("axon_publish", {"event_type": "t", "origin": "USER_EVENT", "payload": UNICODE, "source": "s"}, on=AXON)
def _(sdk, p):
    sdk.axon.from_id("axn_1").publish(**p)


@case("axon_subscribe", {}, {"after_sequence": 7}, steps=lambda p: [*AXON, do("axon_subscribe", **p), *FOLLOWED])
def _(sdk, p):
    for _ in sdk.api.axons.subscribe_sse("axn_1", **p):
        pass


@case("axon_events", {}, {"limit": 2, "starting_after": "9"}, on=AXON)
def _(sdk, p):
    sdk.api.axons.events.list("axn_1", **p)


@case(
    "axon_sql_query", {"sql": "SELECT 'ü'"}, {"sql": "SELECT ?, ?, ?", "params": [1, None, UNICODE]},
    steps=lambda p: [*AXON, do("axon_sql_query", sql=p["sql"], **({"values": p["params"]} if "params" in p else {}))],
)
def _(sdk, p):
    sdk.axon.from_id("axn_1").sql.query(**p)


@case("axon_sql_batch", {"statements": [{"sql": "DELETE FROM t"}, {"sql": "INSERT INTO t VALUES (?)", "params": [1.5]}]}, on=AXON)
def _(sdk, p):
    sdk.axon.from_id("axn_1").sql.batch(**p)


# ---- secrets ----


@case("secret_create", {"name": "NAME", "value": UNICODE}, steps=lambda p: [do("secret_create", **p)])
def _(sdk, p):
    sdk.secret.create(**p)


@case("secret_list", {}, {"limit": 3})
def _(sdk, p):
    sdk.api.secrets.list(**p)


@case("secret_get_info", on=[do("secret_from_name", name="A NAME")])
def _(sdk, p):
    sdk.secret.from_name("A NAME").get_info()


@case("secret_update", {"value": UNICODE}, steps=lambda p: [*SECRET, do("secret_update", **p)])
def _(sdk, p):
    sdk.secret.from_name("NAME").update(p["value"])


@case("secret_delete", on=SECRET)
def _(sdk, p):
    sdk.secret.from_name("NAME").delete()


@case("secret_by_id_get_info", steps=lambda p: [do("secret_from_id", id="sec/1"), do("secret_get_info")])
def _(sdk, p):
    sdk.secret.from_id("sec/1").get_info()


@case("secret_by_id_update", {"value": ""}, {"value": "v"}, steps=lambda p: [*SECRET_BY_ID, do("secret_update", **p)])
def _(sdk, p):
    sdk.secret.from_id("sec_1").update(p["value"])


@case("secret_by_id_delete", steps=lambda p: [*SECRET_BY_ID, do("secret_delete")])
def _(sdk, p):
    sdk.secret.from_id("sec_1").delete()


# ---- network policies, gateway and MCP configs ----


def configs(noun, *bodies):
    manager = lambda sdk: getattr(sdk, noun)
    case(f"{noun}_create", *bodies)(lambda sdk, p: manager(sdk).create(**p))
    case(f"{noun}_list", {}, {"name": "n", "limit": 3})(lambda sdk, p: manager(sdk).list(**p))
    made = [do(f"{noun}_from_id", id="cfg_1")]
    case(f"{noun}_get_info", on=made)(lambda sdk, p: manager(sdk).from_id("cfg_1").get_info())
    case(f"{noun}_update", {"name": "n"}, {"description": UNICODE}, on=made)(lambda sdk, p: manager(sdk).from_id("cfg_1").update(**p))
    case(f"{noun}_delete", on=made)(lambda sdk, p: manager(sdk).from_id("cfg_1").delete())


configs(
    "network_policy",
    {"name": "n"},
    {"name": "n", "allow_all": False, "allowed_hostnames": ["*.example.com"], "allow_devbox_to_devbox": True, "description": None},
)
configs("gateway_config", {"name": "n", "endpoint": "https://e", "auth_mechanism": {"type": "header", "key": "x-key"}})
configs("mcp_config", {"name": "n", "endpoint": "https://e", "allowed_tools": ["*", UNICODE], "description": "d"})

# ---- the account ----


@case("account_me")
def _(sdk, p):
    sdk.api.accounts.me()


@case("api_key_create", {}, {"name": "n", "expires_at_ms": None})
def _(sdk, p):
    sdk.api.apikeys.create(**p)


@case("restricted_key_create", {}, {"name": "n", "scopes": [{"resource_type": "RESOURCE_TYPE_DEVBOXES", "access_level": "ACCESS_LEVEL_READ"}]})
def _(sdk, p):
    sdk.api.restricted_keys.create(**p)


@case(
    "client_request", {"a": MAPS, "b": None, "c": [1, 2.5, True]},
    steps=lambda p: [do("client_request", method="POST", path="/v1/things/1", query={"q": "a b"}, body=p)],
)
def _(sdk, p):
    sdk.api.post("/v1/things/1", cast_to=object, body=p, options={"params": {"q": "a b"}})
