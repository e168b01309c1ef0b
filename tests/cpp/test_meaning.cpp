// What could silently be taken for something else is refused, or means what it says. No server is needed: a call that
// would send something finds none at the address, and says so by another status.

#include "test.hpp"

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <utility>

using namespace runloop;
using namespace std::chrono_literals;

static const std::string nul("a\0b", 3);
static const char *const no_text = nullptr;

static void results() {
    group("an error stays one in every result");
    static_assert(!std::is_constructible_v<Result<bool>, Result<void>> && !std::is_constructible_v<Result<bool>, Result<Devbox>>);
    static_assert(!std::is_constructible_v<Result<bool>, Result<int> &> && !std::is_constructible_v<Result<std::optional<bool>>, Result<int>>);
    static_assert(!std::is_convertible_v<std::nullptr_t, Result<Devbox>> && !std::is_constructible_v<Result<Devbox>, std::nullptr_t>);
    static_assert(!std::is_constructible_v<Result<std::string>, std::nullptr_t> && !std::is_constructible_v<Result<bool>, const char *>);
    static_assert(std::is_constructible_v<Result<bool>, bool> && std::is_constructible_v<Result<Json>, std::nullptr_t>);
    const Result<int> wrong = Error(Status::conflict, "It is taken.");
    FAILS(wrong.transform([](int number) { return number > 0; }), Status::conflict);

    group("what was moved from can be asked, and called");
    Error first(Status::conflict, "It is taken.");
    const Error second = std::move(first);
    SAME(first.message(), "It is taken.");
    first = std::move(first);
    SAME(second.message(), first.c_message());
    Exception thrown(first);
    const Exception kept = std::move(thrown);
    SAME(thrown.what(), kept.what());
    Result<int> moved = second;
    const Result<int> into = std::move(moved);
    FAILS(moved, Status::conflict);
    FAILS(into, Status::conflict);
    const Error untold(static_cast<runloop_error *>(nullptr));
    CHECK(untold.status() == Status::internal);
    SAME(untold.message(), untold.cause());

    Client client = test_client("http://127.0.0.1:1");
    client = std::move(client);
    Devbox devbox = MUST(Devbox::attach(client, "dbx_1"));
    const Devbox other = std::move(devbox);
    SAME(devbox.id(), "");
    FAILS(devbox.exec("true"), Status::invalid_handle);
    FAILS(devbox.shutdown(), Status::invalid_handle);
    const Client gone = std::move(client);
    FAILS(client.close(), Status::invalid_handle);
    FAILS(Devbox::create(client), Status::invalid_handle);
    FAILS(Devbox::attach(client, "dbx_1"), Status::invalid_handle);
    for (auto &item : Devbox::list(client))
        FAILS(item, Status::invalid_handle);
    Json json("text");
    const Json taken = std::move(json);
    CHECK(json.text() == "null" || json.text() == "\"text\"");
    Params params = MUST(Params::create());
    const Params rest = std::move(params);
    FAILS(params.set_null("/a"), Status::invalid_handle);
    Cancel cancel = MUST(Cancel::create());
    const Cancel live = std::move(cancel);
    FAILS(cancel.trigger(), Status::invalid_handle);
    CallOptions options;
    options.cancel = cancel;
    HAS(FAILS(other.get_info(options), Status::invalid_handle).message(), "cancel is a Cancel that was moved from");

    group("what was given a Cancel does with it after its end");
    CallOptions kept_on;
    kept_on.max_retries = 0;
    std::optional<Cancel> ending = MUST(Cancel::create());
    kept_on.cancel = *ending;
    auto list = Devbox::list(gone, {}, kept_on);
    ending.reset();
    FAILS(other.get_info(kept_on), Status::connect);
    FAILS(list.next(), Status::connect);
    const Cancel triggered = MUST(Cancel::create());
    kept_on.cancel = triggered;
    MUST(triggered.trigger());
    FAILS(other.get_info(kept_on), Status::cancelled);
}

static void texts() {
    group("parameters refuse what C would take for less");
    const Params params = MUST(Params::create());
    HAS(FAILS(params.set_string("/a", nul), Status::invalid_argument).message(), "The value at /a holds a NUL");
    HAS(FAILS(params.set_string(nul, "x"), Status::invalid_argument).message(), "The pointer holds a NUL");
    HAS(FAILS(params.set_string("/a", no_text), Status::invalid_argument).message(), "The value at /a is at a null pointer");
    FAILS(params.set_string(no_text, "x"), Status::invalid_argument);
    FAILS(params.append_string("/list", nul), Status::invalid_argument);
    for (const auto &refused : {params.set_int(nul, 1), params.set_double(nul, 1), params.set_bool(nul, true), params.set_null(nul),
                                params.set_json(nul, Json(1)), params.append_int(nul, 1), params.append_double(nul, 1),
                                params.append_json(nul, Json(1))})
        FAILS(refused, Status::invalid_argument);
    for (const double number : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        HAS(FAILS(params.set_double("/a", number), Status::invalid_argument).message(), "The value at /a is not a finite number");
        FAILS(params.append_double("/a", number), Status::invalid_argument);
        FAILS(params.set_json("/a", Json(number)), Status::invalid_argument);
    }
    FAILS(params.set_json("/a", Json::from_text("1,\"name\":\"evil\"")), Status::invalid_argument);
    FAILS(params.set_json("/a", Json::from_text(std::string("1\0", 2))), Status::invalid_argument);
    FAILS(params.set_json("/a", Json(no_text)), Status::invalid_argument);
    SAME(MUST(params.to_json_text()), "{}");
    const Value nothing;
    FAILS(nothing.get_string(nul), Status::no_such_field);
    CHECK(nothing.kind(nul) == Kind::none);

    group("JSON text is one value, wherever it is put");
    const auto told = [](const DevboxCreateParams &of) { return std::string(FAILS(Params::from(of), Status::invalid_argument).message()); };
    for (const char *text : {"1,\"name\":\"evil\"", "1}", "", "tru", "1 2", "[1", "\"a", "NaN", "{\"a\":1,}"}) {
        DevboxCreateParams create;
        create.extra["own"] = Json::from_text(text);
        HAS(told(create), "/own is not one JSON value");
        create.extra["own"] = Json::array({1, Json::from_text(text)});
        HAS(told(create), "/own is not one JSON value");
        create.extra["own"] = Json::object({{"deep", Json::array({Json::from_text(text)})}});
        HAS(told(create), "/own is not one JSON value");
    }
    DevboxCreateParams create;
    create.extra["own"] = Json::from_text(" {\"a\":[1,2.5,null,true,\"t\"]} ");
    HAS(MUST(MUST(Params::from(create)).to_json_text()), "{\"own\":{\"a\":[1,2.5,null,true,\"t\"]}}");
    create.extra["own"] = std::nan("");
    HAS(told(create), "/own is not a finite number");
    create.extra.clear();
    create.launch_parameters.emplace().extra["depth"] = HUGE_VAL;
    HAS(told(create), "/launch_parameters/depth is not a finite number");

    group("the same through a call: nothing is sent");
    const Client client = test_client("http://127.0.0.1:1");
    FAILS(Devbox::create(client, create), Status::invalid_argument);
    CallOptions options;
    options.extra_body["own"] = Json::from_text("1,\"name\":\"evil\"");
    FAILS(Devbox::create(client, {}, options), Status::invalid_argument);
    options.extra_body.clear();
    options.extra_query["own"] = std::nan("");
    FAILS(Devbox::create(client, {}, options), Status::invalid_argument);
}

static void times() {
    group("limits of time are rounded up, and mean what they say");
    CHECK_INT((*TimeLimit(1ns)).count(), 1);
    CHECK_INT((*TimeLimit(1500us)).count(), 2);
    CHECK_INT((*TimeLimit(-1500us)).count(), -1);
    CHECK_INT((*TimeLimit(std::chrono::duration<double>(0.25))).count(), 250);
    CHECK_INT((*TimeLimit((std::chrono::hours::max)())).count(), (std::numeric_limits<std::int64_t>::max)());
    CHECK_INT((*TimeLimit(std::chrono::duration<double>(HUGE_VAL))).count(), (std::numeric_limits<std::int64_t>::max)());
    CHECK(!TimeLimit() && !TimeLimit(std::nullopt) && TimeLimit(0s));

    const Client client = test_client("http://127.0.0.1:1");
    const Devbox devbox = MUST(Devbox::attach(client, "dbx_1"));
    for (const auto over : {0ms, -1ms, -3600000ms}) {
        CallOptions options;
        options.deadline = over;
        const Error error = FAILS(devbox.get_info(options), Status::deadline);
        CHECK_INT(error.attempts(), 0);
        CHECK(error.side_effect() == SideEffect::none);
        FAILS(devbox.exec("true", {}, options), Status::deadline);
        FAILS(Devbox::create(client, {}, options), Status::deadline);
        for (auto &item : Devbox::list(client, {}, options))
            FAILS(item, Status::deadline);
    }
    const auto refused = [&](auto set) {
        CallOptions options;
        set(options);
        return std::string(FAILS(devbox.get_info(options), Status::invalid_argument).message());
    };
    HAS(refused([](CallOptions &options) { options.timeout = 0ms; }), "timeout is 0 ms");
    HAS(refused([](CallOptions &options) { options.timeout = -1s; }), "timeout is -1000 ms");
    HAS(refused([](CallOptions &options) { options.poll_timeout = -1ms; }), "poll_timeout is -1 ms");
    HAS(refused([](CallOptions &options) { options.poll_interval = -1ms; }), "poll_interval is -1 ms");
    HAS(refused([](CallOptions &options) { options.deadline = std::chrono::duration<double>(std::nan("")); }), "deadline is not a number");
    Config config = test_config("http://127.0.0.1:1");
    config.timeout = 0s;
    FAILS(Client::create(config), Status::invalid_argument);
    config.timeout = 1ns;
    config.connect_timeout = -1s;
    FAILS(Client::create(config), Status::invalid_argument);

    group("a number that is set is no default");
    const auto exec = [&](auto set) {
        ExecOptions how;
        set(how);
        return std::string(FAILS(devbox.exec("true", how), Status::invalid_argument).message());
    };
    HAS(exec([](ExecOptions &how) { how.timeout = 0s; }), "timeout is 0 ms");
    HAS(exec([](ExecOptions &how) { how.max_output_bytes = 0; }), "max_output_bytes is 0");
    HAS(exec([](ExecOptions &how) { how.max_output_bytes = -1; }), "max_output_bytes is -1");
    TreeOptions tree;
    tree.max_entries = 0;
    FAILS(devbox.download_dir("/a", "/nowhere/a", tree), Status::invalid_argument);
    tree.max_entries = -1;
    tree.max_bytes = -2;
    FAILS(devbox.download_dir("/a", "/nowhere/a", tree), Status::invalid_argument);
    FAILS(devbox.set_shutdown_on_free(-1ms), Status::invalid_argument);
    config = test_config("http://127.0.0.1:1");
    for (const std::int64_t bytes : {0, -1}) {
        config.max_answer_bytes = bytes;
        HAS(FAILS(Client::create(config), Status::invalid_argument).message(), "max_answer_bytes is ");
    }
}

static void texts_of_members() {
    group("a text at a null pointer is none, an empty one is");
    const Client client = test_client("http://127.0.0.1:1");
    ObjectCreateParams create;
    create.name = "a";
    create.content_type = no_text;
    HAS(FAILS(Params::from(create), Status::invalid_argument).message(), "/content_type is a text at a null pointer");
    FAILS(Object::create(client, create), Status::invalid_argument);
    create.content_type = ObjectContentType::text;
    MUST(Params::from(create));
    create.extra["own/of ~mine"] = no_text;
    HAS(FAILS(Params::from(create), Status::invalid_argument).message(), "/own~1of ~0mine is a text at a null pointer");
    create.extra.clear();
    create.name = "\xff";
    FAILS(Params::from(create), Status::invalid_argument);
    const std::string_view empty;
    const Params params = MUST(Params::create());
    MUST(params.set_string("/a", empty));
    SAME(MUST(params.to_json_text()), "{\"a\":\"\"}");
    FAILS(Params::from_json(empty), Status::invalid_argument);
    FAILS(Devbox::attach(client, empty), Status::invalid_argument);
    const Devbox devbox = MUST(Devbox::attach(client, "dbx_1"));
    CallOptions once;
    once.max_retries = 0;
    FAILS(devbox.write_file("a", empty, once), Status::connect);
    FAILS(devbox.upload_file("a", Source::memory(empty), once), Status::connect);
    FAILS(devbox.upload_file("a", Source::memory({}), once), Status::connect);
    FAILS(devbox.write_file("a", {}, once), Status::connect);
    FAILS(Object::upload_from_bytes(client, "a", {}, {}, once), Status::connect);
    FAILS(Object::upload_from_bytes(client, "a", empty, {}, once), Status::connect);
    FAILS(devbox.exec(empty), Status::invalid_argument);

    group("a variable's name is not cut at a =");
    ExecOptions how;
    how.environment = {{"A=B", "c"}};
    HAS(FAILS(devbox.exec("true", how), Status::invalid_argument).message(), "\"A=B\"");
    how.environment = {{"", "c"}};
    FAILS(devbox.exec("true", how), Status::invalid_argument);
    how.environment = {{"A", "b=c"}};
    FAILS(devbox.exec("true", how, once), Status::connect);
}

static void functions_and_streams() {
    group("an empty function is none");
    const std::function<void(std::string_view)> empty;
    CHECK(!OnOutput(empty) && !OnOutput(std::function<bool(std::string_view)>()) && !OnOutput(nullptr) && !OnOutput());
    CHECK(!OnOutput(static_cast<void (*)(std::string_view)>(nullptr)));
    CHECK(OnOutput([](std::string_view) {}) && OnOutput(std::function<void(std::string_view)>([](std::string_view) {})));
    static bool called = false;
    struct Plain {
        static void function(std::string_view) { called = true; }
    };
    const OnOutput plain = Plain::function;
    CHECK(plain && plain("text") && called);

    group("a stream that cannot be read or written is an error, and no empty file");
    const Client client = test_client("http://127.0.0.1:1");
    const Devbox devbox = MUST(Devbox::attach(client, "dbx_1"));
    std::ifstream missing("/nowhere/at/all");
    HAS(FAILS(devbox.upload_file("f", Source::stream(missing)), Status::local_io).message(), "not open");
    FAILS(devbox.upload_file("f", Source::stream(missing, 0)), Status::local_io);
    FAILS(Object::upload_from_source(client, "f", Source::stream(missing)), Status::local_io);
    std::istringstream ended("text");
    ended.seekg(0, std::ios::end);
    ended.get();
    FAILS(devbox.upload_file("f", Source::stream(ended)), Status::local_io);
    std::istringstream at_end("line");
    std::string line;
    std::getline(at_end, line);
    CHECK(at_end.eof() && !at_end.fail());
    HAS(FAILS(devbox.upload_file("f", Source::stream(at_end)), Status::local_io).message(), "read to its end");
    FAILS(Object::upload_from_source(client, "f", Source::stream(at_end)), Status::local_io);
    std::stringstream both("line");
    std::getline(both, line);
    FAILS(devbox.download_file("f", Sink::stream(both)), Status::local_io);
    std::ofstream closed("/nowhere/at/all");
    FAILS(devbox.download_file("f", Sink::stream(closed)), Status::local_io);
    FAILS(devbox.upload_file("f", Source::function(nullptr)), Status::invalid_argument);
    FAILS(devbox.download_file("f", Sink::function(nullptr)), Status::invalid_argument);
}

int main() {
    begin("test_meaning");
    results();
    texts();
    texts_of_members();
    times();
    functions_and_streams();
    CHECK_INT(live_handles(), 0);
    return finish();
}
