// Results, errors, structs to JSON and back, against a server whose answers are scripted.

#include "script_server.h"
#include "test.hpp"

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <type_traits>
#include <vector>

using namespace runloop;

static void results() {
    group("a result is asked, opened, and passed on");
    static_assert(!std::is_copy_constructible_v<Devbox> && std::is_nothrow_move_constructible_v<Devbox>);
#if RUNLOOP_EXPECTED
    static_assert(std::is_base_of_v<std::expected<int, Error>, Result<int>>);
#endif
    Result<int> good = 7;
    CHECK(good && good.has_value());
    CHECK_INT(good.value() + *good, 14);
    const Result<int> bad = Error(Status::conflict, "It is taken.");
    CHECK(!bad);
    FAILS(bad, Status::conflict);
    CHECK_INT(bad.value_or(3), 3);
    CHECK_INT(MUST(good.transform([](int number) { return number * 2; })), 14);
    FAILS(bad.transform([](int number) { return number * 2; }), Status::conflict);
    CHECK_INT(MUST(good.and_then([](int number) -> Result<long> { return number + 1L; })), 8);
    CHECK_INT(MUST(Result<int>(bad).or_else([](const Error &) -> Result<int> { return 9; })), 9);
    MUST(Result<void>());
    FAILS(Result<void>(bad.error()).and_then([] { return Result<int>(1); }), Status::conflict);
    std::ostringstream said;
    said << bad.error();
    SAME(said.str(), "RUNLOOP_CONFLICT: It is taken.");
#if RUNLOOP_EXCEPTIONS
    THROWS(bad.value(), Status::conflict);
    THROWS(Result<void>(bad.error()).value(), Status::conflict);
#endif
}

static void results_move() {
    group("a result is copied as its value is, moved, and becomes another");
    static_assert(!std::is_copy_constructible_v<Result<Devbox>> && !std::is_copy_assignable_v<Result<Devbox>>);
    static_assert(std::is_nothrow_move_constructible_v<Result<Devbox>> && std::is_nothrow_move_assignable_v<Result<Devbox>>);
    static_assert(std::is_copy_constructible_v<Result<DevboxView>> && std::is_copy_assignable_v<Result<DevboxView>>);
    const std::string text = "a text that is too long to be kept in a string itself";
    Result<std::string> value = text;
    Result<std::string> error = Error(Status::conflict, "taken");
    Result<std::string> copy = value;
    copy = error;
    FAILS(copy, Status::conflict);
    copy = value;
    SAME(MUST(copy), text);
    copy = std::move(error);
    SAME(FAILS(copy, Status::conflict).message(), "taken");
    std::swap(copy, value);
    SAME(MUST(copy), text);
    FAILS(value, Status::conflict);
    std::vector<Result<std::string>> several;
    for (int at = 0; at < 9; ++at)
        several.push_back(at % 2 == 0 ? copy : value);
    for (std::size_t at = 0; at < several.size(); ++at)
        CHECK(several[at].has_value() == (at % 2 == 0));
    const std::vector<Result<std::string>> others = several;
    SAME(MUST(others[8]), text);
    FAILS(others[7], Status::conflict);
}

static void structs() {
    group("structs become JSON");
    DevboxCreateParams params;
    SAME(to_json(params), "{}");
    params.name = "a \"b\"\n\x01\xc3\xa9";
    params.metadata = {{"k/1", "v"}};
    params.launch_parameters.emplace().keep_alive_time_seconds = std::numeric_limits<std::int64_t>::max();
    params.launch_parameters->custom_cpu_cores = 0.5;
    params.launch_parameters->architecture = LaunchParametersArchitecture::arm64;
    FileMount mount;
    mount.target = "/f";
    mount.content = "c";
    params.mounts = {mount};
    params.extra["new"] = Json::array({1, -2.5, true, nullptr, "x", Json::object({{"y", 1}})});
    params.extra["entrypoint"] = nullptr;
    // The library's own reader is the judge of it.
    const Params read = MUST(Params::from(params));
    HAS(MUST(read.to_json_text()), "\"k/1\":\"v\"");
    const std::string text = to_json(params);
    HAS(text, "\"name\":\"a \\\"b\\\"\\n\\u0001\xc3\xa9\"");
    HAS(text, "\"keep_alive_time_seconds\":9223372036854775807");
    HAS(text, "\"custom_cpu_cores\":0.5");
    HAS(text, "\"architecture\":\"arm64\"");
    HAS(text, "\"mounts\":[{\"content\":\"c\",\"target\":\"/f\",\"type\":\"file_mount\"}]");
    HAS(text, "\"new\":[1,-2.5,true,null,\"x\",{\"y\":1}]");
    HAS(text, "\"entrypoint\":null");
}

static void params() {
    group("parameters are built place by place");
    const Params made = MUST(Params::create());
    MUST(made.set_string("/a/b", "text"));
    MUST(made.set_int("/a/i", 1));
    MUST(made.set_double("/a/d", 1.5));
    MUST(made.set_bool("/a/t", true));
    MUST(made.set_null("/a/n"));
    MUST(made.set_json("/a/j", Json::from_text("[1]")));
    MUST(made.append_string("/l", "x"));
    MUST(made.append_int("/l", 2));
    MUST(made.append_double("/l", 2.5));
    MUST(made.append_json("/l", Json(false)));
    const Params copy = MUST(made.clone());
    SAME(MUST(copy.to_json_text()), "{\"a\":{\"b\":\"text\",\"i\":1,\"d\":1.5,\"t\":true,\"n\":null,\"j\":[1]},\"l\":[\"x\",2,2.5,false]}");
    FAILS(made.set_json("/a", Json::from_text("{")), Status::invalid_argument);
    FAILS(Params::from_json("[]"), Status::invalid_argument);
}

static void answers() {
    group("an answer's members are read; what is unknown or odd is in extra");
    script_server *server = script_start();
    const Client client = test_client(script_url(server));
    const Devbox devbox = MUST(Devbox::attach(client, "dbx_1"));
    script_answer(server, 200, "Content-Type: application/json\r\n",
                  "{\"id\":\"dbx_1\",\"status\":\"hibernating\",\"create_time_ms\":\"soon\",\"name\":null,\"capabilities\":[\"unknown\"],"
                  "\"metadata\":{\"a/b~\":\"c\"},\"state_transitions\":[{\"status\":\"running\",\"transition_time_ms\":5}],"
                  "\"launch_parameters\":{\"custom_cpu_cores\":2,\"quantum\":true},\"brand_new\":{\"x\":[1,\"two\"]}}");
    const DevboxView info = MUST(devbox.get_info());
    SAME(info.id, "dbx_1");
    CHECK(info.status == "hibernating" && info.status != DevboxStatus::running);
    CHECK(!info.name);
    SAME(info.metadata.at("a/b~"), "c");
    CHECK(info.state_transitions.at(0).status == DevboxStatus::running);
    SAME(info.state_transitions.at(0).transition_time_ms.value().text(), "5");
    CHECK(info.launch_parameters.custom_cpu_cores == 2.0);
    SAME(info.launch_parameters.extra.at("quantum").text(), "true");
    CHECK_INT(info.extra.size(), 2);
    SAME(info.extra.at("create_time_ms").text(), "\"soon\"");
    const Value &brand_new = info.extra.at("brand_new").value();
    CHECK(brand_new.kind("/x") == Kind::array);
    CHECK_INT(MUST(brand_new.length("/x")), 2);
    CHECK_INT(MUST(brand_new.get_int("/x/0")), 1);
    CHECK(MUST(brand_new.get_double("/x/0")) == 1.0);
    SAME(MUST(brand_new.get_string("/x/1")), "two");
    SAME(MUST(brand_new.key("", 0)), "x");
    SAME(MUST(brand_new.child("/x")).json(), "[1,\"two\"]");
    FAILS(brand_new.get_string("/y"), Status::no_such_field);
    // What came goes out again as it was.
    LaunchParameters again = info.launch_parameters;
    HAS(to_json(again), "\"quantum\":true");

    group("an error tells what the service said");
    script_answer(server, 409, "x-request-id: req_1\r\nContent-Type: application/json\r\n", "{\"code\":\"taken\",\"message\":\"It is taken.\"}");
    CallOptions once;
    once.max_retries = 0;
    const Error error = FAILS(devbox.get_info(once), Status::conflict);
    CHECK_INT(error.http_status(), 409);
    SAME(error.code(), "taken");
    HAS(error.body(), "It is taken.");
    SAME(error.resource_id(), "dbx_1");
    CHECK_INT(error.attempts(), 1);
    CHECK(!error.request_id().empty() && !error.retry_after());
    CHECK(error.side_effect() == SideEffect::none);
    (void)error.cause();
    (void)error.retryable();

    group("options are sent; what cannot be is refused before");
    const int before = script_requests(server);
    CallOptions options;
    options.idempotency_key = "key_1";
    options.extra_headers = {{"X-Extra", "yes"}};
    options.extra_query = {{"q", 1}};
    options.timeout = std::chrono::seconds(5);
    options.deadline = std::chrono::minutes(1);
    script_answer(server, 200, "Content-Type: application/json\r\n", "{\"id\":\"dbx_1\"}");
    const Response response = MUST(client.request("GET", "/v1/devboxes/dbx_1", options));
    CHECK_INT(response.http_status, 200);
    SAME(response.bytes, "{\"id\":\"dbx_1\"}");
    SAME(MUST(response.value.get_string("/id")), "dbx_1");
    SAME(MUST(response.headers.get_string("/content-type")), "application/json");
    const char *request = script_request(server, before);
    CHECK_HAS(request, "GET /v1/devboxes/dbx_1?q=1 ");
    CHECK_HAS(request, "x-extra: yes");
    script_answer(server, 200, "Content-Type: application/json\r\n", "{}");
    MUST(devbox.keep_alive(options));
    CHECK_HAS(script_request(server, before + 1), "x-request-id: key_1");
    using namespace std::string_view_literals;
    HAS(FAILS(devbox.read_file("a\0b"sv), Status::invalid_argument).message(), "path holds a NUL");
    HAS(FAILS(Devbox::attach(client, "a\0b"sv), Status::invalid_argument).message(), "NUL");
    DevboxUpdateParams broken;
    broken.extra["x"] = Json::from_text("{");
    FAILS(devbox.update(broken), Status::invalid_argument);
    CHECK_INT(script_requests(server), before + 2);
    script_stop(server);

    group("an object that was moved from is told apart");
    Devbox one = MUST(Devbox::attach(client, "dbx_2"));
    const Devbox other = std::move(one);
    CHECK(!one && other);
    SAME(other.id(), "dbx_2");
    CHECK(one.id().empty());
    FAILS(one.get_info(), Status::invalid_handle);
}

static void configurations() {
    group("a configuration is what it says, and strict where asked");
    Config config = test_config("http://127.0.0.1:1");
    config.timeout = std::chrono::seconds(1);
    config.connect_timeout = std::chrono::seconds(1);
    config.max_retries = 0;
    config.headers = {{"X-A", "b"}};
    config.query = {{"c", "d"}};
    config.proxy = "";
    config.http_version = HttpVersion::http1;
    config.user_agent = "tests/1";
    config.max_answer_bytes = 64 << 20;
    config.strict_params = true;
    const Client client = MUST(Client::create(config));
    DevboxCreateParams misspelt;
    misspelt.extra["nmae"] = "x";
    HAS(FAILS(Devbox::create(client, misspelt), Status::invalid_argument).message(), "name");
    FAILS(Account::me(client), Status::connect);
    MUST(client.close());
    FAILS(Account::me(client), Status::closed);
    config.ca_file = "/no/such/file.pem";
    HAS(FAILS(Client::create(config), Status::invalid_argument).message(), "/no/such/file.pem");
    config.ca_file.reset();
    config.client_certificate = ClientCertificate{"/no/chain.pem", "/no/key.pem"};
    HAS(FAILS(Client::create(config), Status::invalid_argument).message(), "/no/");
}

/// A bool, an optional one and nothing else.
static void truths() {
    static_assert(std::is_convertible_v<bool, OptionalBool> && std::is_convertible_v<std::optional<bool>, OptionalBool>);
    static_assert(!std::is_convertible_v<const char *, OptionalBool> && !std::is_convertible_v<int, OptionalBool>);
    static_assert(!std::is_constructible_v<OptionalBool, const char (&)[6]> && !std::is_constructible_v<OptionalBool, std::nullptr_t>);
    static_assert(std::is_convertible_v<bool, StrictBool> && std::is_convertible_v<StrictBool, bool>);
    static_assert(!std::is_convertible_v<const char *, StrictBool> && !std::is_convertible_v<int, StrictBool>);
    // What stands for a bool is one.
    using Element = std::vector<bool>::reference;
    static_assert(std::is_convertible_v<Element, StrictBool> && std::is_convertible_v<Element, OptionalBool>);
    static_assert(std::is_convertible_v<std::true_type, StrictBool> && std::is_convertible_v<std::true_type, OptionalBool>);
    static_assert(std::is_convertible_v<std::atomic<bool> &, StrictBool> && std::is_convertible_v<std::atomic<bool> &, OptionalBool>);
    static_assert(std::is_convertible_v<StrictBool, OptionalBool> && !std::is_convertible_v<OptionalBool, StrictBool>);
    // What only tells whether there is something is not.
    static_assert(!std::is_convertible_v<std::optional<int>, StrictBool> && !std::is_convertible_v<std::optional<int>, OptionalBool>);
    static_assert(!std::is_convertible_v<std::unique_ptr<int>, StrictBool> && !std::is_convertible_v<std::function<void()>, OptionalBool>);
    static_assert(!std::is_convertible_v<std::atomic<int> &, StrictBool> && !std::is_convertible_v<double, StrictBool>);
    group("what is true or false is a bool, or absent");
    NetworkPolicyCreateParams given{};
    given.allow_all = false;
    const std::optional<bool> none;
    given.allow_devbox_to_devbox = none;
    HAS(to_json(given), "\"allow_all\":false");
    CHECK_HAS_NOT(to_json(given).c_str(), "devbox_to_devbox");
    CHECK(given.allow_all == false && !given.allow_all.value_or(true));
    given.allow_all = {};
    CHECK(!given.allow_all);
    given.allow_all = true;
    given.allow_all = std::nullopt;
    CHECK(!given.allow_all.has_value());
    const OptionalBool absent, yes = true, no = false;
    const std::optional<bool> empty, set = true;
    CHECK(absent == empty && empty == absent && absent == OptionalBool() && absent == std::nullopt && std::nullopt == absent);
    CHECK(yes == set && set == yes && yes == true && true == yes && yes != no && yes != empty && empty != yes);
    CHECK(absent != no && no != absent && no == false && no != set && set != no && no != std::nullopt && std::nullopt != no);
    CHECK(!(absent == false) && absent != false && false != absent);
    ExecOptions how;
    how.attach_stdin = true;
    CHECK(how.attach_stdin);

    group("what stands for a bool is taken as one");
    std::vector<bool> list{true, false};
    const std::atomic<bool> shared{true};
    how.attach_stdin = list[1];
    CHECK(!how.attach_stdin);
    how.attach_stdin = shared;
    CHECK(how.attach_stdin);
    how.attach_stdin = std::false_type();
    CHECK(!how.attach_stdin);
    given.allow_all = list[0];
    CHECK(given.allow_all == true);
    given.allow_all = how.attach_stdin;
    CHECK(given.allow_all == false);
    given.allow_all = shared;
    CHECK(given.allow_all == true);
    given.allow_all = list[0] ? list[1] : true;
    CHECK(given.allow_all == false);
    given.allow_all = list[0] ? given.allow_all : true;
    CHECK(given.allow_all == false);
}

/// A number, an optional one and nothing else.
static void numbers() {
    static_assert(std::is_convertible_v<int, OptionalInt> && std::is_convertible_v<unsigned char, OptionalInt>);
    static_assert(std::is_convertible_v<std::optional<int>, OptionalInt> && std::is_convertible_v<std::atomic<int> &, OptionalInt>);
    static_assert(!std::is_convertible_v<bool, OptionalInt> && !std::is_convertible_v<std::optional<bool>, OptionalInt>);
    static_assert(!std::is_convertible_v<double, OptionalInt> && !std::is_convertible_v<std::optional<double>, OptionalInt>);
    static_assert(!std::is_convertible_v<char, OptionalInt> && !std::is_convertible_v<const char *, OptionalInt>);
    static_assert(!std::is_convertible_v<StrictBool, OptionalInt> && !std::is_convertible_v<std::true_type, OptionalInt>);
    static_assert(std::is_convertible_v<int, OptionalDouble> && std::is_convertible_v<float, OptionalDouble>);
    static_assert(!std::is_convertible_v<bool, OptionalDouble> && !std::is_convertible_v<std::true_type, OptionalDouble>);
    group("a number is a number, or absent");
    LaunchParameters launch{};
    launch.keep_alive_time_seconds = 60;
    launch.custom_cpu_cores = 2;
    HAS(to_json(launch), "\"keep_alive_time_seconds\":60");
    HAS(to_json(launch), "\"custom_cpu_cores\":2");
    CHECK(launch.keep_alive_time_seconds == 60 && 60L == launch.keep_alive_time_seconds && launch.keep_alive_time_seconds != 61);
    launch.keep_alive_time_seconds = std::numeric_limits<std::uint64_t>::max();
    CHECK(launch.keep_alive_time_seconds == std::numeric_limits<std::int64_t>::max());
    const OptionalInt absent, seven = 7;
    const std::optional<std::int64_t> empty;
    const std::optional<int> other = 7;
    CHECK(absent == empty && empty == absent && absent == OptionalInt() && absent == std::nullopt && absent != seven && seven == other);
    launch.keep_alive_time_seconds = std::nullopt;
    CHECK(!launch.keep_alive_time_seconds && launch.keep_alive_time_seconds.value_or(5) == 5);
    launch.keep_alive_time_seconds = other;
    CHECK(launch.keep_alive_time_seconds == 7);
    CallOptions options;
    options.max_retries = std::int64_t{1} << 40;
    CHECK(detail::Call(options).options()->max_retries == std::numeric_limits<std::int32_t>::max());
}

int main() {
    begin("test_values");
    SAME(version(), RUNLOOP_VERSION);
    results();
    results_move();
    structs();
    params();
    answers();
    configurations();
    truths();
    numbers();
    CHECK_INT(live_handles(), 0);
    return finish();
}
