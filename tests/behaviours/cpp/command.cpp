// Commands: results, output as it comes, output that is pulled.

#include "step.hpp"

using namespace runloop;

static ExecOptions exec_options(Step &step, std::map<std::string, std::string> &watched) {
    ExecOptions exec;
    exec.working_directory = step.text("/exec/working_directory");
    for (const std::string &variable : step.texts("/exec/environment"))
        exec.environment[variable.substr(0, variable.find('='))] = variable.substr(variable.find('=') + 1);
    exec.user = step.text("/exec/user");
    exec.timeout = step.time("/exec/timeout_ms");
    if (step.given("/exec/max_output_bytes"))
        exec.max_output_bytes = step.number("/exec/max_output_bytes");
    exec.attach_stdin = step.truth("/exec/attach_stdin");
    const auto watch = [&](const char *name) {
        std::string &seen = watched[name];
        return [&step, &seen](std::string_view data) {
            seen += data;
            return step.called("output");
        };
    };
    if (step.says("/watch", "stdout"))
        exec.on_stdout = watch("on_stdout");
    if (step.says("/watch", "stderr"))
        exec.on_stderr = watch("on_stderr");
    if (step.says("/watch", "output"))
        exec.on_output = [out = watch("on_output_stdout"), err = watch("on_output_stderr")](Stream stream, std::string_view data) {
            return stream == Stream::err ? err(data) : out(data);
        };
    return exec;
}

static void ended(Step &step, Result<ExecResult> result) {
    if (!result) {
        step.did(result);
        return;
    }
    step.put("exit_code", result->exit_code());
    step.put("outcome", static_cast<std::int64_t>(result->outcome()));
    step.put("success", result->success() ? 1 : 0);
    step.put("execution_id", result->execution_id());
    if (step.says("/read", "stdout"))
        step.output("stdout", result->stdout_text(step.number("/last_n")));
    if (step.says("/read", "stderr"))
        step.output("stderr", result->stderr_text(step.number("/last_n")));
    step.keep("exec_result", std::move(result));
}

static void devbox_exec(Step &step, const Devbox &devbox) {
    std::map<std::string, std::string> watched;
    const ExecOptions exec = exec_options(step, watched);
    std::optional<Result<ExecResult>> result;
    step.calling([&] { result.emplace(devbox.exec(step.text("/command"), exec, step.options())); });
    for (const auto &[name, seen] : watched)
        step.put_bytes(name, seen);
    if (result)
        ended(step, std::move(*result));
}

/// Reads until the end, or until so many bytes have come.
static void output_stream_read(Step &step, OutputStream &stream) {
    const CallOptions options = step.options();
    const auto until = static_cast<std::size_t>(step.number("/until", INT64_MAX));
    std::string out, err;
    bool ended = false;
    while (!ended && out.size() + err.size() < until) {
        const auto piece = stream.next(options);
        if (!step.did(piece))
            break;
        ended = !piece->has_value();
        if (!ended)
            ((*piece)->stream == Stream::err ? err : out) += (*piece)->data;
    }
    step.put("ended", ended ? 1 : 0);
    step.put_bytes("stdout", out);
    step.put_bytes("stderr", err);
}

const Operations command_operations = {
    {"devbox_exec", of_devbox(devbox_exec)},
    {"devbox_exec_async", of_devbox([](Step &step, const Devbox &devbox) {
         std::map<std::string, std::string> watched;
         step.keep_named("execution", devbox.exec_async(step.text("/command"), exec_options(step, watched), step.options()));
     })},
    {"execution_attach", of_devbox([](Step &step, const Devbox &devbox) {
         step.keep_named("execution", devbox.attach_execution(step.text("/id")));
     })},
    {"execution_result",
     of_execution([](Step &step, const Execution &execution) { ended(step, execution.result(step.options())); })},
    {"execution_get_state",
     of_execution([](Step &step, const Execution &execution) { step.view(execution.get_state(step.options())); })},
    {"execution_send_stdin", of_execution([](Step &step, const Execution &execution) {
         step.did(execution.send_stdin(step.text("/text"), step.options()));
     })},
    {"execution_close_stdin",
     of_execution([](Step &step, const Execution &execution) { step.did(execution.close_stdin(step.options())); })},
    {"execution_interrupt",
     of_execution([](Step &step, const Execution &execution) { step.did(execution.interrupt(step.options())); })},
    {"execution_kill", of_execution([](Step &step, const Execution &execution) {
         step.did(execution.kill(step.truth("/process_group") ? Kill::process_group : Kill::command, step.options()));
     })},
    {"execution_stream", of_execution([](Step &step, const Execution &execution) {
         const bool out = step.says("/which", "stdout"), err = step.says("/which", "stderr");
         step.keep("output_stream", execution.stream(out && err ? Stream::both : err ? Stream::err : Stream::out, step.options()));
     })},
    {"output_stream_read", on<OutputStream>("output_stream", output_stream_read)},
    {"exec_result_stdout", of_result([](Step &step, const ExecResult &result) {
         step.output("stdout", result.stdout_text(step.number("/last_n"), step.options()));
     })},
    {"exec_result_stderr", of_result([](Step &step, const ExecResult &result) {
         step.output("stderr", result.stderr_text(step.number("/last_n"), step.options()));
     })},
    {"exec_result_value", of_result([](Step &step, const ExecResult &result) { step.view(result.value()); })},
};
