// Mistakes that compilers find: refused.sh compiles this file once for each CASE, which has to fail with the words in
// its comment, and once without any, which has to succeed.

#include <runloop.hpp>

#include <string>

runloop::Result<runloop::Devbox> attached(const runloop::Client &client) {
#if CASE == 1  // could not convert|no viable conversion
    return nullptr;
#endif
    return runloop::Devbox::attach(client, "dbx_1");
}

void use(const runloop::Client &client, const runloop::Params &params) {
    const runloop::Devbox devbox = attached(client).value();
#if CASE == 2  // no matching function
    const runloop::Result<bool> done(devbox.keep_alive());
#elif CASE == 3  // ignoring return value|nodiscard
    devbox.shutdown();
#elif CASE == 4  // deleted
    params.set_bool("/a", "false").value();
#elif CASE == 5  // deleted
    params.set_int("/a", 1.5).value();
#elif CASE == 6  // deleted
    params.set_string("/a", nullptr).value();
#elif CASE == 7  // deleted
    const runloop::Json letter('a');
#elif CASE == 8  // deleted
    runloop::CallOptions options;
    options.cancel = runloop::Cancel::create().value();
#elif CASE == 9  // without a cast|static assertion|could not convert|no viable conversion|convertible
    const runloop::Devbox other = attached(client).value_or(nullptr);
#elif CASE == 10  // gives nothing, or a bool
    runloop::ExecOptions how;
    how.on_stdout = [](std::string_view) { return std::string(); };
#elif CASE == 11  // deleted
    const runloop::Error error(nullptr);
#elif CASE == 12  // convert|no viable conversion
    const bool ended = devbox.shutdown();
#elif CASE == 13  // deleted
    const runloop::Devbox copy = devbox;
#elif CASE == 14  // gives nothing, or a bool
    runloop::ExecOptions how;
    how.on_stdout = [](std::string_view) { return 0; };
#elif CASE == 15  // deleted
    const runloop::ObjectContentType type(nullptr);
#elif CASE == 16  // deleted
    runloop::NetworkPolicyCreateParams given;
    given.allow_all = "false";
#elif CASE == 17  // deleted
    runloop::NetworkPolicyCreateParams given;
    given.allow_all = 0;
#elif CASE == 18  // deleted
    runloop::NetworkPolicyCreateParams given;
    given.allow_all = nullptr;
#elif CASE == 19  // deleted
    runloop::ExecOptions how;
    how.attach_stdin = "false";
#elif CASE == 20  // deleted
    runloop::CallOptions options;
    options.keep_on_failure = 1;
#elif CASE == 21  // deleted
    runloop::Config config;
    config.strict_params = "no";
#elif CASE == 22  // deleted
    runloop::CallOptions options;
    options.max_retries = true;
#elif CASE == 23  // deleted
    runloop::CallOptions options;
    options.max_retries = 1.5;
#elif CASE == 24  // deleted
    runloop::LaunchParameters launch;
    launch.keep_alive_time_seconds = false;
#elif CASE == 25  // deleted
    runloop::LaunchParameters launch;
    launch.custom_cpu_cores = "2";
#elif CASE == 26  // deleted
    runloop::TreeOptions tree;
    tree.max_bytes = 1e9;
#elif CASE == 27  // deleted
    runloop::NetworkPolicyCreateParams given;
    given.allow_all = std::optional<int>(1);
#endif
    params.set_string("/id", std::string(devbox.id())).value();
}
