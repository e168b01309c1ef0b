// How a command is run.

#ifndef RUNLOOP_EXEC_OPTIONS_HPP
#define RUNLOOP_EXEC_OPTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <runloop/call.hpp>
#include <runloop/strict.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Gets one output of a command as it comes. The bytes are borrowed until the function returns.
using OnOutput = Callback<std::string_view>;
/// Gets both outputs as they come, with the stream that each piece is of.
using OnEitherOutput = Callback<Stream, std::string_view>;

/// Writes both outputs of a command to streams: `exec.on_output = runloop::to(std::cout, std::cerr)`. If a stream fails, the call
/// is stopped. The streams must live as long as the call.
inline auto to(std::ostream &out, std::ostream &err) {
    return [&out, &err](Stream stream, std::string_view data) { return to(stream == Stream::err ? err : out)(data); };
}

/// The options of a command. Members that are not set have their defaults.
struct ExecOptions {
    /// Where the command runs. Default: the user's home directory.
    std::string working_directory{};
    /// Variables added to the devbox's own. Those that the shell sets itself (PPID, RANDOM, SHELLOPTS …) are
    /// Status::invalid_argument.
    std::map<std::string, std::string> environment{};
    /// The user that the command runs as. Default: the devbox's user.
    std::string user{};
    /// Limit for the run time of the command. When it is exceeded, its process group is killed (see Kill), and the output so far
    /// is returned. Above 0. Default: no limit.
    TimeLimit timeout{};
    /// The result keeps only the last max_output_bytes of each output; the output callbacks get all of it. Above 0. Default: all
    /// of it.
    OptionalInt max_output_bytes{};
    /// Gets standard output as it comes.
    OnOutput on_stdout{};
    /// Gets standard error as it comes.
    OnOutput on_stderr{};
    /// Gets both as they come.
    OnEitherOutput on_output{};
    /// Whether Execution::send_stdin() can be used. Only for Devbox::exec_async().
    StrictBool attach_stdin = false;
};

namespace detail {

/// The functions that get output; where they are is where the library calls them.
struct OutputFunctions {
    explicit OutputFunctions(const ExecOptions &options)
        : on_stdout(options.on_stdout), on_stderr(options.on_stderr), on_output(options.on_output) {}

    OnOutput on_stdout;
    OnOutput on_stderr;
    OnEitherOutput on_output;
};

/// The options as C wants them, for one call.
class ExecCall {
public:
    ExecCall(Call &call, const ExecOptions &options, OutputFunctions &functions) {
        options_.working_directory = call.optional_text("working_directory", options.working_directory);
        options_.user = call.optional_text("user", options.user);
        if (!options.environment.empty()) {
            for (const auto &[name, value] : options.environment) {
                // To C, the name would end there.
                if (name.find('=') != std::string::npos)
                    call.fail(Error(Status::invalid_argument, "environment has a variable \"" + name + "\". No name holds a \"=\". Correct it."));
                environment_.push_back(call.text("environment", name + '=' + value));
            }
            environment_.push_back(nullptr);
            options_.environment = environment_.data();
        }
        options_.timeout_ms = call.limit("timeout", options.timeout, 1);
        options_.max_output_bytes = call.number("max_output_bytes", options.max_output_bytes);
        options_.attach_stdin = options.attach_stdin ? 1 : 0;
        options_.on_stdout = options.on_stdout ? get_stdout : nullptr;
        options_.on_stderr = options.on_stderr ? get_stderr : nullptr;
        options_.on_output = options.on_output ? get_output : nullptr;
        options_.user_data = &functions;
    }

    const runloop_exec_options *raw() const noexcept { return &options_; }

private:
    static std::int32_t get_stdout(void *user_data, std::int32_t, const char *data, std::size_t length) {
        return guarded(1, [&] { return static_cast<OutputFunctions *>(user_data)->on_stdout({data, length}) ? 0 : 1; });
    }
    static std::int32_t get_stderr(void *user_data, std::int32_t, const char *data, std::size_t length) {
        return guarded(1, [&] { return static_cast<OutputFunctions *>(user_data)->on_stderr({data, length}) ? 0 : 1; });
    }
    static std::int32_t get_output(void *user_data, std::int32_t stream, const char *data, std::size_t length) {
        return guarded(1, [&] {
            return static_cast<OutputFunctions *>(user_data)->on_output(static_cast<Stream>(stream), {data, length}) ? 0 : 1;
        });
    }

    runloop_exec_options options_ = RUNLOOP_EXEC_OPTIONS_INIT;
    std::vector<const char *> environment_;
};

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
