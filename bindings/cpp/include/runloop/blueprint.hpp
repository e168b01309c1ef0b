// Blueprints: images from which devboxes are made.

#ifndef RUNLOOP_BLUEPRINT_HPP
#define RUNLOOP_BLUEPRINT_HPP

#include <chrono>
#include <cstdint>
#include <string_view>

#include <runloop/devbox.hpp>
#include <runloop/library.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A line of a build's log, borrowed until the callback returns.
struct BuildLogLine {
    /// The time.
    std::chrono::system_clock::time_point timestamp;
    /// The level.
    std::string_view level;
    /// The message.
    std::string_view message;
};

/// Gets each line of a build's log as it appears.
using BuildLog = Callback<const BuildLogLine &>;

class Blueprint;

/// A list of blueprints.
using BlueprintList =
    List<Blueprint, BlueprintView, runloop_blueprint, runloop_blueprint_cursor, runloop_blueprint_cursor_free, runloop_blueprint_cursor_next>;

/// A blueprint: a built image from which devboxes are made. The object holds its identifier; the destructor leaves the blueprint
/// in place. Thread-safe.
class Blueprint : public detail::Noun<runloop_blueprint, runloop_blueprint_free> {
public:
    using Noun::Noun;

    /// Creates a blueprint and waits until it is built, for 30 min unless poll_timeout is set. `log` is called with each line of
    /// the build's log as it appears.
    ///
    /// A build that fails is Status::build_failed; the message carries the last lines of its log, and the blueprint stays, so
    /// that its whole log can be read (Error::resource_id() names it). If the call fails in another way, or is cancelled, the
    /// blueprint is deleted in the background, unless CallOptions::keep_on_failure is set.
    static Result<Blueprint> create(const Client &client, const BlueprintCreateParams &params, const BuildLog &log = {},
                                    const CallOptions &options = {}) {
        return made<Blueprint>(params, options, [&](const runloop_params *body, auto... rest) {
            return runloop_blueprint_create(client.raw(), body, to_c(log), to_c_data(log), rest...);
        });
    }

    /// Creates a blueprint and returns as soon as it has an identifier; wait with await_build_complete().
    static Result<Blueprint> create_async(const Client &client, const BlueprintCreateParams &params, const CallOptions &options = {}) {
        return made<Blueprint>(params, options, [&](auto... rest) { return runloop_blueprint_create_async(client.raw(), rest...); });
    }

    /// A blueprint by its identifier, without checking that it exists.
    static Result<Blueprint> from_id(const Client &client, std::string_view id) {
        return named<Blueprint>("id", id, client, runloop_blueprint_from_id);
    }

    /// Returns the Dockerfile that would be built. Nothing is built.
    static Result<BlueprintPreviewView> preview(const Client &client, const BlueprintCreateParams &params, const CallOptions &options = {}) {
        detail::Call call(options);
        const runloop_params *body = call.params(params);
        runloop_value *preview = nullptr;
        if (call.ready())
            call.did(runloop_blueprint_preview(client.raw(), body, call.options(), &preview, call.error()));
        return call.view<BlueprintPreviewView>(preview);
    }

    /// Lists the blueprints.
    static BlueprintList list(const Client &client, const BlueprintListParams &filters = {}, const CallOptions &options = {});

    /// Lists the public blueprints.
    static BlueprintList list_public(const Client &client, const BlueprintListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, `bpt_…`, borrowed from the blueprint.
    std::string_view id() const noexcept { return detail::borrowed(runloop_blueprint_id(raw())); }

    /// Waits until the blueprint is built, for 30 min unless poll_timeout is set. A build that fails is Status::build_failed.
    /// `log` is called with each line of the build's log, from the first.
    Result<BlueprintView> await_build_complete(const BuildLog &log = {}, const CallOptions &options = {}) const {
        return viewed<BlueprintView>(options, [&](const runloop_blueprint *blueprint, auto... rest) {
            return runloop_blueprint_await_build_complete(blueprint, to_c(log), to_c_data(log), rest...);
        });
    }

    /// The blueprint as the API shows it now.
    Result<BlueprintView> get_info(const CallOptions &options = {}) const {
        return viewed<BlueprintView>(options, runloop_blueprint_get_info);
    }

    /// The log of the build so far.
    Result<BlueprintBuildLogsListView> logs(const CallOptions &options = {}) const {
        return viewed<BlueprintBuildLogsListView>(options, runloop_blueprint_logs);
    }

    /// Deletes the blueprint. Devboxes already created from it are not affected.
    Result<void> delete_(const CallOptions &options = {}) const { return done(options, runloop_blueprint_delete); }

    /// Creates a devbox from the blueprint and waits until it runs. Otherwise it is like Devbox::create().
    Result<Devbox> create_devbox(const DevboxCreateParams &params = {}, const CallOptions &options = {}) const {
        return made<Devbox>(params, options, [this](auto... rest) { return runloop_blueprint_create_devbox(raw(), rest...); });
    }

private:
    static std::int32_t line(void *user_data, std::int64_t timestamp_ms, const char *level, const char *message) {
        return detail::guarded(1, [&] {
            const BuildLogLine line{time_point(timestamp_ms), level, message};
            return (*static_cast<const BuildLog *>(user_data))(line) ? 0 : 1;
        });
    }
    static runloop_build_log_fn to_c(const BuildLog &log) { return log ? line : nullptr; }
    static void *to_c_data(const BuildLog &log) { return const_cast<BuildLog *>(&log); }
};

inline BlueprintList Blueprint::list(const Client &client, const BlueprintListParams &filters, const CallOptions &options) {
    return detail::walk<BlueprintList, runloop_blueprint_cursor, runloop_blueprint_cursor_free>(
        [&](auto... rest) { return runloop_blueprint_list(client.raw(), rest...); }, filters, options);
}

inline BlueprintList Blueprint::list_public(const Client &client, const BlueprintListParams &filters, const CallOptions &options) {
    return detail::walk<BlueprintList, runloop_blueprint_cursor, runloop_blueprint_cursor_free>(
        [&](auto... rest) { return runloop_blueprint_list_public(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
