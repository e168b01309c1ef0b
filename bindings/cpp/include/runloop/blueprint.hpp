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

/// A line of a build's log, borrowed until the function that gets it returns.
struct BuildLogLine {
    /// When.
    std::chrono::system_clock::time_point timestamp;
    /// How grave.
    std::string_view level;
    /// What.
    std::string_view message;
};

/// Gets each line of a build's log as it appears.
using BuildLog = Callback<const BuildLogLine &>;

class Blueprint;

/// A walk through blueprints.
using BlueprintList =
    List<Blueprint, BlueprintView, runloop_blueprint, runloop_blueprint_cursor, runloop_blueprint_cursor_free, runloop_blueprint_cursor_next>;

/// A blueprint: a built image from which devboxes are made. The object is its identifier; its end leaves the
/// blueprint where it is. Thread-safe.
class Blueprint : public detail::Noun<runloop_blueprint, runloop_blueprint_free> {
public:
    using Noun::Noun;

    /// Creates a blueprint and waits until it is built, for 30 min at most where poll_timeout does not say.
    /// `log` is given each line of the build's log as it appears.
    ///
    /// A build that fails is Status::build_failed; the message carries the last lines of its log, and the
    /// blueprint stays, so that its whole log can be read (Error::resource_id() names it). Where the call
    /// fails otherwise, or is cancelled, it is deleted behind it, unless CallOptions::keep_on_failure is set.
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

    /// A blueprint by its identifier, without asking whether there is one.
    static Result<Blueprint> from_id(const Client &client, std::string_view id) {
        return named<Blueprint>("id", id, client, runloop_blueprint_from_id);
    }

    /// What would be built, as a Dockerfile. Nothing is built.
    static Result<BlueprintPreviewView> preview(const Client &client, const BlueprintCreateParams &params, const CallOptions &options = {}) {
        detail::Call call(options);
        const runloop_params *body = call.params(params);
        runloop_value *preview = nullptr;
        if (call.ready())
            call.did(runloop_blueprint_preview(client.raw(), body, call.options(), &preview, call.error()));
        return call.view<BlueprintPreviewView>(preview);
    }

    /// Begins a walk through the blueprints.
    static BlueprintList list(const Client &client, const BlueprintListParams &filters = {}, const CallOptions &options = {});

    /// Begins a walk through the blueprints that are everybody's.
    static BlueprintList list_public(const Client &client, const BlueprintListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, `bpt_…`, borrowed from the blueprint.
    std::string_view id() const noexcept { return detail::borrowed(runloop_blueprint_id(raw())); }

    /// Waits until the blueprint is built, for 30 min at most where poll_timeout does not say. A build that
    /// fails is Status::build_failed. `log` is given each line of the build's log, from the first.
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

    /// Deletes the blueprint. Devboxes made of it are not concerned.
    Result<void> delete_(const CallOptions &options = {}) const { return done(options, runloop_blueprint_delete); }

    /// Creates a devbox from the blueprint and waits until it runs; in all else as Devbox::create().
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
