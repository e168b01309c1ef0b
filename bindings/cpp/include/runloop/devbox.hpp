// Devboxes: create and shut down, commands, files, tunnels and SSH.

#ifndef RUNLOOP_DEVBOX_HPP
#define RUNLOOP_DEVBOX_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <runloop/execution.hpp>
#include <runloop/list.hpp>
#include <runloop/noun.hpp>
#include <runloop/transfer.hpp>
#include <runloop/tree_options.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class Devbox;
class Snapshot;

/// A list of devboxes.
using DevboxList = List<Devbox, DevboxView, runloop_devbox, runloop_devbox_cursor, runloop_devbox_cursor_free, runloop_devbox_cursor_next>;

/// A devbox: an isolated Linux machine at the service. The object holds its identifier. The destructor leaves the devbox running,
/// unless set_shutdown_on_free() was called. Thread-safe.
class Devbox : public detail::Noun<runloop_devbox, runloop_devbox_free> {
public:
    using Noun::Noun;

    /// Creates a devbox and waits until it runs, for 120 s unless poll_timeout is set.
    ///
    /// Nothing is left behind: if the call fails after the devbox was created, or is cancelled, the devbox is shut down in the
    /// background, unless CallOptions::keep_on_failure is set.
    static Result<Devbox> create(const Client &client, const DevboxCreateParams &params = {}, const CallOptions &options = {}) {
        return made<Devbox>(params, options, [&](auto... rest) { return runloop_devbox_create(client.raw(), rest...); });
    }

    /// Creates a devbox from a blueprint. Otherwise it is like create().
    static Result<Devbox> create_from_blueprint_id(const Client &client, std::string_view blueprint_id,
                                                   const DevboxCreateParams &params = {}, const CallOptions &options = {}) {
        return made<Devbox>("blueprint_id", blueprint_id, params, options, [&](const char *id, auto... rest) {
            return runloop_devbox_create_from_blueprint_id(client.raw(), id, rest...);
        });
    }

    /// Creates a devbox from the newest blueprint of a name. Otherwise it is like create().
    static Result<Devbox> create_from_blueprint_name(const Client &client, std::string_view blueprint_name,
                                                     const DevboxCreateParams &params = {}, const CallOptions &options = {}) {
        return made<Devbox>("blueprint_name", blueprint_name, params, options, [&](const char *name, auto... rest) {
            return runloop_devbox_create_from_blueprint_name(client.raw(), name, rest...);
        });
    }

    /// Creates a devbox from a disk snapshot. Otherwise it is like create().
    static Result<Devbox> create_from_snapshot(const Client &client, std::string_view snapshot_id, const DevboxCreateParams &params = {},
                                               const CallOptions &options = {}) {
        return made<Devbox>("snapshot_id", snapshot_id, params, options, [&](const char *id, auto... rest) {
            return runloop_devbox_create_from_snapshot(client.raw(), id, rest...);
        });
    }

    /// Creates a devbox and returns as soon as it has an identifier. Call await_running() before running commands in it.
    static Result<Devbox> create_async(const Client &client, const DevboxCreateParams &params = {}, const CallOptions &options = {}) {
        return made<Devbox>(params, options, [&](auto... rest) { return runloop_devbox_create_async(client.raw(), rest...); });
    }

    /// An existing devbox, after waiting until it runs.
    static Result<Devbox> from_id(const Client &client, std::string_view id, const CallOptions &options = {}) {
        detail::Call call(options);
        const char *c_id = call.text("id", id);
        runloop_devbox *devbox = nullptr;
        if (call.ready())
            call.did(runloop_devbox_from_id(client.raw(), c_id, call.options(), &devbox, call.error()));
        return call.give<Devbox>(devbox);
    }

    /// A devbox by its identifier, without checking that it exists.
    static Result<Devbox> attach(const Client &client, std::string_view id) {
        return named<Devbox>("id", id, client, runloop_devbox_attach);
    }

    /// Lists the devboxes.
    static DevboxList list(const Client &client, const DevboxListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, `dbx_…`, borrowed from the devbox.
    std::string_view id() const noexcept { return detail::borrowed(runloop_devbox_id(raw())); }

    /// Returns the current state of the devbox.
    Result<DevboxView> get_info(const CallOptions &options = {}) const { return viewed<DevboxView>(options, runloop_devbox_get_info); }

    /// Waits until the devbox runs, for 120 s unless poll_timeout is set. If it fails or is shut down instead, returns
    /// Status::devbox_failed. A suspended devbox is waited for.
    Result<DevboxView> await_running(const CallOptions &options = {}) const {
        return viewed<DevboxView>(options, runloop_devbox_await_running);
    }

    /// Resets the devbox's keep-alive timer.
    Result<void> keep_alive(const CallOptions &options = {}) const { return done(options, runloop_devbox_keep_alive); }

    /// Shuts the devbox down: everything running in it is killed, and its disk is deleted.
    Result<DevboxView> shutdown(const CallOptions &options = {}) const { return viewed<DevboxView>(options, runloop_devbox_shutdown); }

    /// Sets whether the destructor shuts the devbox down: with a `timeout` above 0 it does, and waits that long. Default: 0, the
    /// devbox keeps running. A failure is only logged; to handle it call shutdown(), after which the destructor sends nothing.
    Result<void> set_shutdown_on_free(std::chrono::milliseconds timeout) const {
        detail::Call call;
        call.did(runloop_devbox_set_shutdown_on_free(raw(), timeout.count(), call.error()));
        return call.done();
    }

    /// The destructor leaves the devbox running again.
    Result<void> let_go() const { return set_shutdown_on_free(std::chrono::milliseconds(0)); }

    /// Changes the devbox's name or metadata.
    Result<DevboxView> update(const DevboxUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<DevboxView>(params, options, runloop_devbox_update);
    }

    /// What the devbox has used so far.
    Result<DevboxResourceUsageView> usage(const CallOptions &options = {}) const {
        return viewed<DevboxResourceUsageView>(options, runloop_devbox_usage);
    }

    /// Returns the devbox's logs so far. Logs reach the service with a delay; a command's output is in its result.
    Result<DevboxLogsListView> logs(const DevboxLogsParams &filters = {}, const CallOptions &options = {}) const {
        return viewed<DevboxLogsListView>(filters, options, runloop_devbox_logs);
    }

    /// Suspends the devbox: ends its processes, keeps its disk, and waits until that is done.
    Result<DevboxView> suspend(const CallOptions &options = {}) const { return viewed<DevboxView>(options, runloop_devbox_suspend); }

    /// Waits until the devbox is suspended. Any other end (failure, shutdown) is Status::devbox_failed.
    Result<DevboxView> await_suspended(const CallOptions &options = {}) const {
        return viewed<DevboxView>(options, runloop_devbox_await_suspended);
    }

    /// Resumes a suspended devbox and waits until it runs.
    Result<DevboxView> resume(const CallOptions &options = {}) const { return viewed<DevboxView>(options, runloop_devbox_resume); }

    /// Resumes a suspended devbox without waiting until it runs.
    Result<DevboxView> resume_async(const CallOptions &options = {}) const {
        return viewed<DevboxView>(options, runloop_devbox_resume_async);
    }

    /// Runs a command in a fresh login shell and waits for its end. A non-zero exit code is a result, not an error.
    ///
    /// Output callbacks get the output as it is produced, every byte once, on this thread, and never after the call has
    /// returned. The call owns the command: if the call is cancelled, exceeds its deadline, or is stopped by an output
    /// callback, the command's process group is killed (see Kill).
    Result<ExecResult> exec(std::string_view command, const ExecOptions &exec = {}, const CallOptions &options = {}) const {
        detail::Call call(options);
        detail::OutputFunctions functions(exec);
        const detail::ExecCall how(call, exec, functions);
        const char *c_command = call.text("command", command);
        runloop_exec_result *result = nullptr;
        if (call.ready())
            call.did(runloop_devbox_exec(raw(), c_command, how.raw(), call.options(), &result, call.error()));
        return call.give<ExecResult>(result);
    }

    /// Starts a command in a fresh login shell and returns. Output callbacks are called by Execution::result(), on the thread
    /// that calls it; an ExecOptions::timeout is enforced while that waits.
    Result<Execution> exec_async(std::string_view command, const ExecOptions &exec = {}, const CallOptions &options = {}) const {
        detail::Call call(options);
        auto functions = std::make_shared<detail::OutputFunctions>(exec);
        const detail::ExecCall how(call, exec, *functions);
        const char *c_command = call.text("command", command);
        runloop_execution *execution = nullptr;
        if (call.ready())
            call.did(runloop_devbox_exec_async(raw(), c_command, how.raw(), call.options(), &execution, call.error()));
        Result<Execution> given = call.give<Execution>(execution);
        if (given)
            *given = Execution(given->release(), std::move(functions));
        return given;
    }

    /// An execution by its identifier, without checking that it exists.
    Result<Execution> attach_execution(std::string_view id) const {
        return named<Execution>("id", id, *this, runloop_execution_attach);
    }

    /// Reads a text file of the devbox. For large or binary files use download_file(). `path` is absolute, or relative to the
    /// user's home directory.
    Result<std::string> read_file(std::string_view path, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        runloop_bytes *contents = nullptr;
        if (call.ready())
            call.did(runloop_devbox_read_file(raw(), c_path, call.options(), &contents, call.error()));
        return call.bytes(contents);
    }

    /// Writes a file of the devbox, creating or replacing it.
    Result<void> write_file(std::string_view path, std::string_view contents, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        if (call.ready())
            call.did(runloop_devbox_write_file(raw(), c_path, contents.data(), contents.size(), call.options(), call.error()));
        return call.done();
    }

#if RUNLOOP_SPAN
    /// The same, of bytes.
    Result<void> write_file(std::string_view path, std::span<const std::byte> contents, const CallOptions &options = {}) const {
        return write_file(path, std::string_view(reinterpret_cast<const char *>(contents.data()), contents.size()), options);
    }
    /// The same, of no bytes: `{}`.
    Result<void> write_file(std::string_view path, std::initializer_list<detail::Nothing>, const CallOptions &options = {}) const {
        return write_file(path, std::string_view(), options);
    }
#endif

    /// Uploads a file of any size into the devbox, in constant memory. `path` is its path there.
    Result<void> upload_file(std::string_view path, const Source &source, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        const runloop_source from = source.to_c(call);
        if (call.ready())
            call.did(runloop_devbox_upload_file(raw(), c_path, &from, call.options(), call.error()));
        return call.done();
    }

    /// Downloads a file of any size from the devbox, in constant memory.
    Result<void> download_file(std::string_view path, const Sink &sink, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        const runloop_sink into = sink.to_c(call);
        if (call.ready())
            call.did(runloop_devbox_download_file(raw(), c_path, &into, call.options(), nullptr, call.error()));
        return call.done();
    }

    /// Downloads a file from the devbox into memory.
    Result<std::string> download_file(std::string_view path, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        runloop_bytes *contents = nullptr;
        if (call.ready())
            call.did(runloop_devbox_download_file(raw(), c_path, nullptr, call.options(), &contents, call.error()));
        return call.bytes(contents);
    }

    /// Uploads a local directory, with everything below it, into a directory of the devbox, which is created if necessary. Files
    /// that are there already stay or are replaced. Permissions, times, symbolic and hard links are kept; the files belong to the
    /// devbox's user.
    Result<void> upload_dir(std::string_view local_path, std::string_view remote_path, const TreeOptions &tree = {},
                            const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *local = call.text("local_path", local_path);
        const char *remote = call.text("remote_path", remote_path);
        const detail::TreeCall how(call, tree);
        if (call.ready())
            call.did(runloop_devbox_upload_dir(raw(), local, remote, how.raw(), call.options(), call.error()));
        return call.done();
    }

    /// Downloads a directory of the devbox, with everything below it. A local directory that does not exist appears when the
    /// download is complete; in an existing one files are added and replaced. Nothing is written outside of it.
    Result<void> download_dir(std::string_view remote_path, std::string_view local_path, const TreeOptions &tree = {},
                              const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *remote = call.text("remote_path", remote_path);
        const char *local = call.text("local_path", local_path);
        const detail::TreeCall how(call, tree);
        if (call.ready())
            call.did(runloop_devbox_download_dir(raw(), remote, local, how.raw(), call.options(), call.error()));
        return call.done();
    }

    /// Creates an SSH key for the devbox. The private key is only in the answer: in no message and no log.
    Result<DevboxSshKeyView> create_ssh_key(const CallOptions &options = {}) const {
        return viewed<DevboxSshKeyView>(options, runloop_devbox_create_ssh_key);
    }

    /// Opens the devbox's tunnel, through which its ports are reached.
    Result<TunnelView> enable_tunnel(const DevboxEnableTunnelParams &params = {}, const CallOptions &options = {}) const {
        return viewed<TunnelView>(params, options, runloop_devbox_enable_tunnel);
    }

    /// Closes the devbox's tunnel.
    Result<void> remove_tunnel(const CallOptions &options = {}) const { return done(options, runloop_devbox_remove_tunnel); }

    /// Returns the devbox's tunnel, or nothing if it has none.
    Result<std::optional<TunnelView>> get_tunnel(const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_value *tunnel = nullptr;
        if (call.ready())
            call.did(runloop_devbox_get_tunnel(raw(), call.options(), &tunnel, call.error()));
        Result<std::optional<Value>> given = call.give_optional<Value>(tunnel);
        if (!given)
            return std::move(given.error());
        return *given ? std::optional<TunnelView>((*given)->as<TunnelView>()) : std::optional<TunnelView>();
    }

    /// Returns the URL of a port through the devbox's tunnel, or nothing if the devbox has no tunnel.
    Result<std::optional<std::string>> get_tunnel_url(int port, const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_bytes *url = nullptr;
        if (call.ready())
            call.did(runloop_devbox_get_tunnel_url(raw(), port, call.options(), &url, call.error()));
        Result<std::string> text = call.bytes(url);
        if (!text)
            return std::move(text.error());
        return text->empty() ? std::optional<std::string>() : std::optional<std::string>(std::move(*text));
    }

    /// Opens a tunnel to a terminal in the devbox.
    Result<PtyTunnelView> create_pty_tunnel(const CallOptions &options = {}) const {
        return viewed<PtyTunnelView>(options, runloop_devbox_create_pty_tunnel);
    }

    /// Creates a token with which the devbox's programs reach an API through a gateway.
    Result<GatewayTokenView> create_gateway_token(const DevboxCreateGatewayTokenParams &params, const CallOptions &options = {}) const {
        return viewed<GatewayTokenView>(params, options, runloop_devbox_create_gateway_token);
    }

    /// Creates a token with which the devbox's programs reach an MCP server through a gateway.
    Result<McpTokenView> create_mcp_token(const DevboxCreateMcpTokenParams &params, const CallOptions &options = {}) const {
        return viewed<McpTokenView>(params, options, runloop_devbox_create_mcp_token);
    }

    /// Takes a snapshot of the devbox's disk and waits until it is complete, for 10 min unless poll_timeout is set. Nothing is
    /// left behind, as in create().
    Result<Snapshot> snapshot_disk(const DevboxSnapshotDiskParams &params = {}, const CallOptions &options = {}) const;

    /// Starts a snapshot and returns as soon as it has an identifier. Wait with Snapshot::await_completed().
    Result<Snapshot> snapshot_disk_async(const DevboxSnapshotDiskParams &params = {}, const CallOptions &options = {}) const;
};

inline DevboxList Devbox::list(const Client &client, const DevboxListParams &filters, const CallOptions &options) {
    return detail::walk<DevboxList, runloop_devbox_cursor, runloop_devbox_cursor_free>(
        [&](auto... rest) { return runloop_devbox_list(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
