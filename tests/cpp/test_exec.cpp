// Commands: results, functions that get output, what they throw, streams, cancelling.

#include "test.hpp"

#include <atomic>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace runloop;
using namespace std::chrono_literals;

static void results(const Devbox &devbox) {
    group("a result says how the command ended");
    const ExecResult result = MUST(devbox.exec("printf 'one\\ntwo\\n'; echo oops >&2; exit 3"));
    CHECK_INT(result.exit_code(), 3);
    CHECK(!result.success() && result.outcome() == Outcome::exited);
    SAME(MUST(result.stdout_text()), "one\ntwo\n");
    SAME(MUST(result.stdout_text(1)), "two\n");
    SAME(MUST(result.stderr_text()), "oops\n");
    SAME(MUST(result.value()).execution_id, result.execution_id());

    ExecOptions how;
    how.working_directory = "/tmp";
    how.environment = {{"COLOUR", "deep red"}};
    SAME(MUST(MUST(devbox.exec("echo \"$PWD $COLOUR\"", how)).stdout_text()), "/tmp deep red\n");
    how.timeout = 300ms;
    CHECK(MUST(devbox.exec("sleep 1000", how)).outcome() == Outcome::timed_out);
}

static void functions(const Devbox &devbox) {
    group("functions get output on this thread");
    const auto here = std::this_thread::get_id();
    std::string out, err, both;
    ExecOptions how;
    how.on_stdout = [&](std::string_view data) {
        CHECK(std::this_thread::get_id() == here);
        out += data;
    };
    how.on_stderr = [&](std::string_view data) { err += data; };
    how.on_output = [&](Stream stream, std::string_view data) {
        both += stream == Stream::err ? "err:" : "out:";
        both += data;
        return true;
    };
    CHECK(MUST(devbox.exec("echo a; echo b >&2", how)).success());
    SAME(out, "a\n");
    SAME(err, "b\n");
    CHECK(both == "out:a\nerr:b\n" || both == "err:b\nout:a\n");

    group("output goes to streams");
    std::ostringstream to_out, to_err;
    ExecOptions to_streams;
    to_streams.on_output = to(to_out, to_err);
    MUST(devbox.exec("echo a; echo b >&2", to_streams));
    SAME(to_out.str(), "a\n");
    SAME(to_err.str(), "b\n");
    std::ostringstream closed;
    closed.setstate(std::ios::badbit);
    ExecOptions to_closed;
    to_closed.on_stdout = to(closed);
    FAILS(devbox.exec("echo a; sleep 1000", to_closed), Status::stopped);

    group("a function that gives false stops the call");
    ExecOptions stopping;
    stopping.on_stdout = [](std::string_view) { return false; };
    FAILS(devbox.exec("echo a; sleep 1000", stopping), Status::stopped);

#if RUNLOOP_EXCEPTIONS
    group("what a function throws stops the call, and comes out of it");
    struct Mine {
        int number;
    };
    ExecOptions throwing;
    throwing.on_output = [](Stream, std::string_view) { throw Mine{42}; };
    int caught = 0;
    try {
        (void)devbox.exec("echo a; sleep 1000", throwing);
    } catch (const Mine &mine) {
        caught = mine.number;
    }
    CHECK_INT(caught, 42);
    // A call within a call: the inner one's exception ends in it, the outer call continues.
    ExecOptions nested;
    std::string inner;
    nested.on_stdout = [&](std::string_view) {
        try {
            (void)devbox.exec("echo a; sleep 1000", throwing);
        } catch (const Mine &) {
            inner = "caught";
        }
    };
    CHECK(MUST(devbox.exec("echo a", nested)).success());
    SAME(inner, "caught");
    // Nothing of it is left for the next call.
    CHECK(MUST(devbox.exec("true")).success());
    THROWS(MUST(Devbox::attach(MUST(Client::create(test_config("http://127.0.0.1:1"))), "dbx_1")).exec("true", {}, {}).value(),
           Status::connect);
#endif
}

static void executions(const Devbox &devbox) {
    group("a command that was started is talked to");
    ExecOptions how;
    how.attach_stdin = true;
    std::string out;
    how.on_stdout = [&](std::string_view data) { out += data; };
    Execution started = MUST(devbox.exec_async("cat; echo end", how));
    Execution cat = std::move(started);
    SAME(cat.devbox_id(), devbox.id());
    SAME(MUST(cat.get_state()).status.str(), ExecutionStatus::running);
    MUST(cat.send_stdin("hello\n"));
    MUST(cat.close_stdin());
    CHECK_INT(MUST(cat.result()).exit_code(), 0);
    SAME(out, "hello\nend\n");
    SAME(MUST(MUST(devbox.attach_execution(cat.id())).result()).execution_id(), cat.id());

    group("output is pulled, or looped over");
    const Execution counting = MUST(devbox.exec_async("echo 1; echo 2 >&2; sleep 0.3; echo 3"));
    OutputStream stream = MUST(counting.stream());
    std::string all;
    for (auto &piece : stream)
        all += MUST(piece).data;
    CHECK_INT(all.size(), 6);
    std::ostringstream to_out, to_err;
    MUST(MUST(counting.stream()).copy_to(to_out, to_err));
    SAME(to_out.str(), "1\n3\n");
    SAME(to_err.str(), "2\n");
    std::ofstream full("/dev/full");
    FAILS(MUST(counting.stream()).copy_to(full, to_err), Status::stopped);
    OutputStream errors = MUST(counting.stream(Stream::err));
    SAME((*MUST(errors.next())).data, "2\n");
    CHECK(!MUST(errors.next()));

    group("a command is interrupted, or killed");
    const Execution trapping = MUST(devbox.exec_async("trap 'exit 130' INT; echo ready; while :; do sleep 0.1; done", how));
    CHECK(MUST(MUST(trapping.stream(Stream::out)).next()).has_value());
    MUST(trapping.interrupt());
    CHECK_INT(MUST(trapping.result()).exit_code(), 130);
    const Execution sleeping = MUST(devbox.exec_async("sleep 1000"));
    MUST(sleeping.kill());
    CHECK(!MUST(sleeping.result()).success());

    group("a released handle still calls the output callbacks");
    std::weak_ptr<std::string> seen;
    runloop_execution *raw = nullptr;
    {
        const auto gathered = std::make_shared<std::string>();
        seen = gathered;
        ExecOptions kept;
        kept.on_stdout = [gathered](std::string_view data) { *gathered += data; };
        raw = MUST(devbox.exec_async("echo given away", kept)).release();
    }
    const auto gathered = seen.lock();
    CHECK(gathered != nullptr);
    runloop_exec_result *ended = nullptr;
    CHECK_INT(runloop_execution_result(raw, nullptr, &ended, nullptr), RUNLOOP_OK);
    runloop_exec_result_free(ended);
    runloop_execution_free(raw);
    SAME(*gathered, "given away\n");

    group("an output function destroys the execution whose output it gets");
    std::optional<Execution> own;
    std::string got;
    ExecOptions destroying;
    // Whatever the function keeps lives until it has returned.
    destroying.on_stdout = [&own, &got, prefix = std::string(100, '.')](std::string_view data) {
        own.reset();
        got += prefix;
        got += data;
    };
    own = MUST(devbox.exec_async("echo own", destroying));
    CHECK_INT(MUST(own->result()).exit_code(), 0);
    SAME(got, std::string(100, '.') + "own\n");
#if RUNLOOP_EXCEPTIONS
    ExecOptions throwing;
    throwing.on_stdout = [](std::string_view) { throw 7; };

    group("what is thrown within a C call of the program's own comes out of no other call");
    raw = MUST(devbox.exec_async("echo a", throwing)).release();
    CHECK_INT(runloop_execution_result(raw, nullptr, &ended, nullptr), RUNLOOP_STOPPED);
    runloop_execution_free(raw);
    own = MUST(devbox.exec_async("echo own", destroying));
    CHECK_INT(MUST(own->result()).exit_code(), 0);

    const Execution printing = MUST(devbox.exec_async("echo a", throwing));
    int caught = 0;
    try {
        (void)printing.result();
    } catch (int number) {
        caught = number;
    }
    CHECK_INT(caught, 7);
#endif
}

static void cancelling(const Devbox &devbox) {
    group("a token ends a call from another thread");
    const Cancel cancel = MUST(Cancel::create());
    CallOptions options;
    options.cancel = cancel;
    std::thread other;
    ExecOptions how;
    how.on_stdout = [&](std::string_view) { other = std::thread([&] { MUST(cancel.trigger()); }); };
    FAILS(devbox.exec("echo begun; sleep 1000", how, options), Status::cancelled);
    other.join();
    FAILS(devbox.get_info(options), Status::cancelled);

#if RUNLOOP_STOP_TOKEN
    group("a std::stop_token does too");
    std::stop_source source;
    CallOptions stoppable;
    stoppable.cancel = source.get_token();
    MUST(devbox.get_info(stoppable));
    how.on_stdout = [&](std::string_view) { other = std::thread([&] { source.request_stop(); }); };
    FAILS(devbox.exec("echo begun; sleep 1000", how, stoppable), Status::cancelled);
    other.join();
    FAILS(devbox.get_info(stoppable), Status::cancelled);
#endif

    group("a deadline is kept to");
    CallOptions hurried;
    hurried.deadline = 200ms;
    FAILS(devbox.exec("sleep 1000", {}, hurried), Status::deadline);
}

static void logging(const Devbox &devbox) {
    group("the library tells what it does");
    static std::mutex mutex;
    static std::string told;
    MUST(log_set(
        [](LogLevel level, std::string_view line) {
            const std::lock_guard<std::mutex> lock(mutex);
            told += level == LogLevel::debug ? "debug: " : "other: ";
            told += line;
            told += '\n';
        },
        LogLevel::debug));
    MUST(devbox.get_info());
    MUST(log_set(nullptr, LogLevel::off));
    const std::lock_guard<std::mutex> lock(mutex);
    HAS(told, "debug: ");
    CHECK_HAS_NOT(told.c_str(), TOKEN);

#if RUNLOOP_EXCEPTIONS
    group("what a function throws comes out of its call, whatever the log's function does meanwhile");
    static std::atomic<int> called;
    MUST(log_set(
        [&devbox](LogLevel, std::string_view) {
            ++called;
            (void)devbox.get_info();
            throw 8;
        },
        LogLevel::debug));
    ExecOptions throwing;
    throwing.on_stdout = [&devbox](std::string_view) {
        (void)devbox.get_info();
        throw 7;
    };
    int caught = 0;
    try {
        (void)devbox.exec("echo a; sleep 1000", throwing);
    } catch (int number) {
        caught = number;
    }
    MUST(log_set(nullptr, LogLevel::off));
    CHECK_INT(caught, 7);
    CHECK(called > 0);
#endif
}

int main() {
    begin("test_exec");
    emulator_start(nullptr);
    {
        const Client client = test_client();
        const Devbox devbox = MUST(Devbox::create(client));
        results(devbox);
        functions(devbox);
        executions(devbox);
        cancelling(devbox);
        logging(devbox);
        MUST(devbox.shutdown());
    }
    return finish();
}
