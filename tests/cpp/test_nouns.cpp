// Every noun against the emulator: devboxes' lives, lists, files, snapshots, blueprints, objects, records.

#include "test.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace runloop;
using namespace std::chrono_literals;

static std::string contents(const std::string &path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

static void lives(const Client &client) {
    group("a devbox is made, changed, suspended, resumed, ended");
    DevboxCreateParams params;
    params.name = "cpp";
    params.metadata = {{"team", "blue"}};
    params.environment_variables = {{"COLOUR", "red"}};
    params.launch_parameters.emplace().keep_alive_time_seconds = 600;
    const Devbox devbox = MUST(Devbox::create(client, params));
    DevboxView info = MUST(devbox.get_info());
    SAME(info.id, devbox.id());
    SAME(info.name.value_or(""), "cpp");
    SAME(info.metadata.at("team"), "blue");
    CHECK_INT(info.launch_parameters.keep_alive_time_seconds.value_or(0), 600);
    CHECK(time_point(info.create_time_ms) <= std::chrono::system_clock::now() + 1min);
    DevboxUpdateParams update;
    update.name = "renamed";
    SAME(MUST(devbox.update(update)).name.value_or(""), "renamed");
    MUST(devbox.keep_alive());
    SAME(MUST(devbox.usage()).id, devbox.id());
    MUST(devbox.logs());
    CHECK(MUST(devbox.suspend()).status == DevboxStatus::suspended);
    MUST(devbox.await_suspended());
    MUST(devbox.resume());
    MUST(devbox.suspend());
    MUST(devbox.resume_async());
    CHECK(MUST(devbox.await_running()).status == DevboxStatus::running);
    SAME(MUST(Devbox::from_id(client, devbox.id())).id(), devbox.id());

    group("an end can shut the devbox down, and be told not to");
    std::string ended, kept;
    {
        const Devbox one = MUST(Devbox::create_async(client));
        MUST(one.set_shutdown_on_free(10s));
        ended = one.id();
        const Devbox two = MUST(Devbox::create(client));
        MUST(two.set_shutdown_on_free(10s));
        MUST(two.let_go());
        kept = two.id();
    }
    CHECK(MUST(MUST(Devbox::attach(client, ended)).get_info()).status == DevboxStatus::shutdown);
    CHECK(MUST(MUST(Devbox::attach(client, kept)).get_info()).status == DevboxStatus::running);

    group("lists are looped over, page after page");
    DevboxListParams running;
    running.status = DevboxStatus::running;
    running.limit = 1;
    std::set<std::string> found;
    for (auto &item : Devbox::list(client, running)) {
        const auto &[each, shown] = *item;
        SAME(each.id(), shown.id);
        found.insert(shown.id);
    }
    CHECK(found == std::set<std::string>({kept, std::string(devbox.id())}));
    const Client stranger = MUST(Client::create([] {
        Config config = test_config("http://127.0.0.1:1");
        config.max_retries = 0;
        return config;
    }()));
    int errors = 0;
    for (auto &item : Devbox::list(stranger)) {
        FAILS(item, Status::connect);
        ++errors;
    }
    CHECK_INT(errors, 1);
#if RUNLOOP_EXCEPTIONS
    int count = 0;
    for (auto &[each, shown] : Devbox::list(client, running).values())
        count += each.id() == shown.id ? 1 : 0;
    CHECK_INT(count, 2);
    THROWS([&] { for (auto &item : Devbox::list(stranger).values()) (void)item; return 0; }(), Status::connect);
#endif
    MUST(MUST(Devbox::attach(client, kept)).shutdown());

    group("a devbox is reached through keys and tunnels");
    HAS(MUST(devbox.create_ssh_key()).ssh_private_key, "PRIVATE KEY");
    CHECK(!MUST(devbox.get_tunnel()) && !MUST(devbox.get_tunnel_url(80)));
    DevboxEnableTunnelParams tunnel;
    tunnel.auth_mode = TunnelAuthMode::open;
    const TunnelView opened = MUST(devbox.enable_tunnel(tunnel));
    CHECK(opened.auth_mode == TunnelAuthMode::open);
    SAME(MUST(devbox.get_tunnel()).value().tunnel_key, opened.tunnel_key);
    HAS(MUST(devbox.get_tunnel_url(80)).value(), opened.tunnel_key.c_str());
    MUST(devbox.remove_tunnel());
    CHECK(!MUST(devbox.create_pty_tunnel()).auth_token.empty());
    MUST(devbox.shutdown());
}

static void files(const Client &client, const std::string &here) {
    group("files go in and come out");
    const Devbox devbox = MUST(Devbox::create(client));
    MUST(devbox.write_file("a.txt", "hello"));
    SAME(MUST(devbox.read_file("a.txt")), "hello");
    const std::string binary("\0\xff\n", 3);
    MUST(devbox.upload_file("b", Source::memory(binary)));
    CHECK(MUST(devbox.download_file("b")) == binary);
#if RUNLOOP_SPAN
    MUST(devbox.write_file("span", std::as_bytes(std::span(binary))));
    CHECK(MUST(devbox.download_file("span")) == binary);
#endif
    std::ofstream(here + "/local") << "from a file";
    std::int64_t last = 0;
    CallOptions watched;
    watched.progress = [&](std::int64_t done, std::int64_t) { last = done; };
    MUST(devbox.upload_file("c", Source::file(here + "/local"), watched));
    CHECK(last >= 11);
    MUST(devbox.download_file("c", Sink::file(here + "/back")));
    SAME(contents(here + "/back"), "from a file");
    std::istringstream in("from a stream");
    MUST(devbox.upload_file("d", Source::stream(in)));
    std::ostringstream out;
    MUST(devbox.download_file("d", Sink::stream(out)));
    SAME(out.str(), "from a stream");
    int times = 0;
    MUST(devbox.upload_file("e", Source::function([&](char *buffer, std::size_t) -> std::optional<std::size_t> {
                                *buffer = 'x';
                                return times++ < 3 ? 1 : 0;
                            })));
    std::string got;
    MUST(devbox.download_file("e", Sink::function([&](std::string_view data) { got += data; })));
    SAME(got, "xxx");
    FAILS(devbox.upload_file("f", Source::function([](char *, std::size_t) { return std::optional<std::size_t>(); })), Status::stopped);
    const int fd = open((here + "/fd").c_str(), O_RDWR | O_CREAT, 0600);
    MUST(devbox.download_file("a.txt", Sink::descriptor(fd)));
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    MUST(devbox.upload_file("g", Source::descriptor(fd)));
    close(fd);
    SAME(MUST(devbox.read_file("g")), "hello");
    FAILS(devbox.read_file("/no/such/file"), Status::not_found);

    group("a stream is flushed when what it gets is whole");
    std::ofstream full("/dev/full");
    FAILS(devbox.download_file("a.txt", Sink::stream(full)), Status::local_io);
    std::ofstream whole(here + "/whole");
    MUST(devbox.download_file("a.txt", Sink::stream(whole)));
    SAME(contents(here + "/whole"), "hello");
#if RUNLOOP_EXCEPTIONS
    group("a stream that throws is read to its end, and throws where it fails");
    std::istringstream throwing("from a stream that throws");
    throwing.exceptions(std::ios::failbit | std::ios::badbit | std::ios::eofbit);
    MUST(devbox.upload_file("h", Source::stream(throwing)));
    SAME(MUST(devbox.read_file("h")), "from a stream that throws");
    FAILS(devbox.upload_file("h", Source::stream(throwing)), Status::local_io);
    std::ofstream loud("/dev/full");
    loud.exceptions(std::ios::badbit);
    bool threw = false;
    try {
        (void)devbox.download_file("a.txt", Sink::stream(loud));
    } catch (const std::ios_base::failure &) {
        threw = true;
    }
    CHECK(threw);
    loud.exceptions(std::ios::goodbit);
    int caught = 0;
    try {
        (void)devbox.download_file("a.txt", Sink::function([](std::string_view) { throw 5; }));
    } catch (int number) {
        caught = number;
    }
    CHECK_INT(caught, 5);
#endif

    group("directories go in and come out");
    std::filesystem::create_directories(here + "/tree/sub");
    std::ofstream(here + "/tree/keep") << "k";
    std::ofstream(here + "/tree/sub/leave.log") << "l";
    CHECK(mkfifo((here + "/tree/pipe").c_str(), 0600) == 0);
    std::string skipped;
    TreeOptions tree;
    tree.ignore = {"**/*.log"};
    tree.on_skipped = [&](std::string_view path, std::string_view) { skipped += path; };
    MUST(devbox.upload_dir(here + "/tree", "tree", tree));
    SAME(skipped, "pipe");
    MUST(devbox.download_dir("tree", here + "/tree-back"));
    SAME(contents(here + "/tree-back/keep"), "k");
    CHECK(!std::filesystem::exists(here + "/tree-back/sub/leave.log"));
#if RUNLOOP_EXCEPTIONS
    tree.on_skipped = [](std::string_view, std::string_view) { throw 6; };
    caught = 0;
    try {
        (void)devbox.upload_dir(here + "/tree", "again", tree);
    } catch (int number) {
        caught = number;
    }
    CHECK_INT(caught, 6);
#endif
    MUST(devbox.shutdown());
}

static void disks(const Client &client) {
    group("snapshots are taken, and devboxes made of them");
    const Devbox devbox = MUST(Devbox::create(client));
    MUST(devbox.write_file("kept", "k"));
    DevboxSnapshotDiskParams params;
    params.name = "first";
    const Snapshot snapshot = MUST(devbox.snapshot_disk(params));
    CHECK(MUST(snapshot.get_info()).status == DevboxSnapshotStatus::complete);
    SnapshotUpdateParams update;
    update.commit_message = "why";
    SAME(MUST(snapshot.update(update)).commit_message.value_or(""), "why");
    const Snapshot other = MUST(devbox.snapshot_disk_async());
    MUST(other.await_completed());
    SnapshotListParams mine;
    mine.devbox_id = devbox.id();
    int count = 0;
    for (auto &item : Snapshot::list(client, mine))
        count += MUST(std::move(item)).info.source_devbox_id == devbox.id() ? 1 : 0;
    CHECK_INT(count, 2);
    MUST(devbox.shutdown());
    const Devbox again = MUST(snapshot.create_devbox());
    SAME(MUST(again.read_file("kept")), "k");
    MUST(again.shutdown());
    MUST(MUST(Devbox::create_from_snapshot(client, snapshot.id())).shutdown());
    MUST(MUST(Snapshot::from_id(client, other.id())).delete_());
    MUST(snapshot.delete_());
}

static void blueprints(const Client &client, const std::string &here) {
    group("blueprints are built, their log told line by line");
    std::filesystem::create_directories(here + "/context");
    std::ofstream(here + "/context/greeting") << "from the context\n";
    std::filesystem::permissions(here + "/context/greeting", std::filesystem::perms(0644));
    const Object context = MUST(Object::upload_docker_context(client, here + "/context"));
    BlueprintCreateParams params;
    params.name = "cpp";
    params.dockerfile = "FROM runloop:runloop/starter-x86_64\nCOPY greeting /greeting\nRUN echo built\n";
    params.build_context = MUST(context.as_build_context());
    std::string log;
    const Blueprint blueprint = MUST(Blueprint::create(client, params, [&](const BuildLogLine &line) {
        log += line.message;
        log += '\n';
    }));
    HAS(log, "built");
    CHECK(MUST(blueprint.get_info()).status == BlueprintStatus::build_complete);
    CHECK(!MUST(blueprint.logs()).logs.empty());
    HAS(MUST(Blueprint::preview(client, params)).dockerfile, "COPY greeting");
    const Devbox devbox = MUST(blueprint.create_devbox());
    SAME(MUST(devbox.read_file("/greeting")), "from the context\n");
    MUST(devbox.shutdown());
    MUST(MUST(Devbox::create_from_blueprint_id(client, blueprint.id())).shutdown());
    MUST(MUST(Devbox::create_from_blueprint_name(client, "cpp")).shutdown());
    const Blueprint other = MUST(Blueprint::create_async(client, params));
    MUST(other.await_build_complete());
    int count = 0;
    for (auto &item : Blueprint::list(client))
        count += MUST(std::move(item)).info.name == "cpp" ? 1 : 0;
    CHECK_INT(count, 2);
    for (auto &item : Blueprint::list_public(client))
        MUST(std::move(item));
    params.dockerfile = "FROM runloop:runloop/starter-x86_64\nRUN exit 9\n";
    const Error failed = FAILS(Blueprint::create(client, params), Status::build_failed);
    MUST(MUST(Blueprint::from_id(client, failed.resource_id())).delete_());
    FAILS(Blueprint::create(client, params, [](const BuildLogLine &) { return false; }), Status::stopped);
    MUST(blueprint.delete_());
    MUST(other.delete_());
    MUST(context.delete_());
}

static void objects(const Client &client, const std::string &here) {
    group("objects are filled and read in every manner");
    ObjectCreateParams params;
    params.name = "by-hand";
    params.content_type = ObjectContentType::text;
    const Object object = MUST(Object::create(client, params));
    CHECK(!object.upload_url().empty());
    MUST(object.upload_content(Source::memory("by hand")));
    CHECK(MUST(object.complete()).state == ObjectState::read_only);
    SAME(MUST(object.download_as_text()), "by hand");
    SAME(MUST(object.refresh()).name, "by-hand");
    CHECK(!MUST(object.get_download_url()).download_url.empty());
    MUST(object.download_to_file(here + "/object"));
    SAME(contents(here + "/object"), "by hand");
    std::ostringstream out;
    MUST(object.download_to_sink(Sink::stream(out)));
    SAME(out.str(), "by hand");

    ObjectUploadParams named;
    named.metadata = {{"a", "b"}};
    const Object text = MUST(Object::upload_from_text(client, "t.txt", "text", named));
    SAME(MUST(text.refresh()).metadata.value().at("a"), "b");
    const Object bytes = MUST(Object::upload_from_bytes(client, "b.bin", std::string_view("\0b", 2)));
    CHECK(MUST(bytes.download_as_bytes()) == std::string("\0b", 2));
#if RUNLOOP_SPAN
    MUST(MUST(Object::upload_from_bytes(client, "s.bin", std::as_bytes(std::span("span", 4)))).delete_());
#endif
    const Object file = MUST(Object::upload_from_file(client, here + "/object"));
    SAME(MUST(file.refresh()).name, "object");
    std::istringstream in("streamed");
    const Object streamed = MUST(Object::upload_from_source(client, "s", Source::stream(in)));
    SAME(MUST(MUST(Object::from_id(client, streamed.id())).download_as_text()), "streamed");
    const Object tree = MUST(Object::upload_from_dir(client, here + "/context"));
    MUST(tree.download_to_dir(here + "/unpacked"));
    SAME(contents(here + "/unpacked/greeting"), "from the context\n");
    int count = 0;
    for (auto &item : Object::list(client))
        count += MUST(std::move(item)).info.state == ObjectState::read_only ? 1 : 0;
    CHECK_INT(count, 6);
    for (auto &item : Object::list_public(client))
        MUST(std::move(item));
    for (const Object *each : {&object, &text, &bytes, &file, &streamed, &tree})
        MUST(each->delete_());
}

static void axons(const Client &client) {
    group("axons: events and a database");
    AxonCreateParams params;
    params.name = "log";
    const Axon axon = MUST(Axon::create(client, params));
    SAME(MUST(axon.get_info()).name.value_or(""), "log");
    AxonUpdateParams update;
    update.metadata = {{"a", "b"}};
    SAME(MUST(axon.update(update)).metadata.at("a"), "b");
    AxonPublishParams event;
    event.event_type = "note";
    event.origin = AxonPublishOrigin::user_event;
    event.payload = "{}";
    event.source = "test";
    const std::int64_t first = MUST(axon.publish(event)).sequence;
    const std::int64_t second = MUST(axon.publish(event)).sequence;
    EventStream<AxonEventView> stream = MUST(axon.subscribe(first));
    CHECK_INT(MUST(stream.next()).value().sequence, second);
    int count = 0;
    for (auto &each : axon.events())
        count += MUST(std::move(each)).event_type == "note" ? 1 : 0;
    CHECK_INT(count, 2);

    AxonSqlBatchParams batch;
    batch.statements.resize(2);
    batch.statements[0].sql = "CREATE TABLE t (n INTEGER, s TEXT)";
    batch.statements[1].sql = "INSERT INTO t VALUES (?, ?)";
    batch.statements[1].params = {42, "forty-two"};
    CHECK_INT(MUST(axon.sql_batch(batch)).results.size(), 2);
    AxonSqlQueryParams query;
    query.sql = "SELECT n, s FROM t WHERE n = ?";
    query.params = {42};
    const SqlQueryResultView found = MUST(axon.sql_query(query));
    SAME(found.columns.at(1).name, "s");
    CHECK_INT(MUST(found.rows.at(0).value().get_int("/0")), 42);
    SAME(found.rows.at(0).text(), "[42,\"forty-two\"]");
    AxonListParams mine;
    mine.name = "log";
    count = 0;
    for (auto &item : Axon::list(client, mine))
        count += MUST(std::move(item)).noun.id() == axon.id() ? 1 : 0;
    CHECK_INT(count, 1);
    MUST(MUST(Axon::from_id(client, axon.id())).delete_());
}

/// What the nouns that are records alone have in common.
template <class Noun, class Create, class Update>
static void record(const Client &client, const Create &create, const Update &update) {
    const Noun made = MUST(Noun::create(client, create));
    SAME(MUST(made.get_info()).name, create.name);
    SAME(MUST(made.update(update)).description.value_or(""), "new");
    int count = 0;
    for (auto &item : Noun::list(client))
        count += MUST(std::move(item)).noun.id() == made.id() ? 1 : 0;
    CHECK_INT(count, 1);
    MUST(MUST(Noun::from_id(client, made.id())).delete_());
}

static void records(const Client &client) {
    group("secrets, policies and configs");
    const Secret secret = MUST(Secret::create(client, "TOKEN_A", "v1"));
    SAME(secret.name(), "TOKEN_A");
    SAME(MUST(secret.get_info()).name, "TOKEN_A");
    MUST(secret.update("v2"));
    int count = 0;
    for (auto &item : Secret::list(client))
        count += MUST(std::move(item)).info.id == secret.id() ? 1 : 0;
    CHECK_INT(count, 1);
    CHECK(MUST(Secret::from_id(client, secret.id())).name().empty());

    NetworkPolicyCreateParams policy;
    policy.name = "policy";
    policy.allowed_hostnames = {"example.org"};
    NetworkPolicyUpdateParams changed_policy;
    changed_policy.description = "new";
    record<NetworkPolicy>(client, policy, changed_policy);

    GatewayConfigCreateParams gateway;
    gateway.name = "gateway";
    gateway.endpoint = "https://example.org";
    gateway.auth_mechanism.type = "bearer";
    GatewayConfigUpdateParams changed_gateway;
    changed_gateway.description = "new";
    record<GatewayConfig>(client, gateway, changed_gateway);

    McpConfigCreateParams mcp;
    mcp.name = "mcp";
    mcp.endpoint = "https://example.org/mcp";
    mcp.allowed_tools = {"*"};
    McpConfigUpdateParams changed_mcp;
    changed_mcp.description = "new";
    record<McpConfig>(client, mcp, changed_mcp);

    group("tokens for gateways");
    const GatewayConfig config = MUST(GatewayConfig::create(client, gateway));
    const McpConfig mcp_config = MUST(McpConfig::create(client, mcp));
    const Devbox devbox = MUST(Devbox::create(client));
    DevboxCreateGatewayTokenParams gateway_token;
    gateway_token.gateway = config.id();
    gateway_token.secret = secret.name();
    CHECK(!MUST(devbox.create_gateway_token(gateway_token)).token.empty());
    DevboxCreateMcpTokenParams mcp_token;
    mcp_token.mcp_config = mcp_config.id();
    mcp_token.secret = secret.name();
    CHECK(!MUST(devbox.create_mcp_token(mcp_token)).token.empty());
    MUST(devbox.shutdown());
    MUST(config.delete_());
    MUST(mcp_config.delete_());
    MUST(MUST(Secret::from_name(client, "TOKEN_A")).delete_());

    group("the account, its keys, and evictions");
    CHECK(!MUST(Account::me(client)).id.empty());
    CHECK(MUST(ApiKey::create(client)).key_secret.has_value());
    RestrictedKeyCreateParams key;
    key.scopes.emplace().emplace_back().resource_type = ScopeEntryResourceType::devboxes;
    key.scopes->back().access_level = ScopeEntryAccessLevel::read;
    CHECK(MUST(RestrictedKey::create(client, key)).key_secret.has_value());
    EventStream<DevboxEvictionEventView> evictions = MUST(Eviction::watch(client));
    CallOptions brief;
    brief.deadline = 200ms;
    FAILS(evictions.next(brief), Status::deadline);
}

int main() {
    begin("test_nouns");
    emulator_start(nullptr);
    std::string here = "/tmp/runloop-cpp-XXXXXX";
    CHECK(mkdtemp(here.data()) != nullptr);
    {
        const Client client = test_client();
        lives(client);
        files(client, here);
        disks(client);
        blueprints(client, here);
        objects(client, here);
        axons(client);
        records(client);
    }
    std::filesystem::remove_all(here);
    return finish();
}
