// How a directory is packed or unpacked.

#ifndef RUNLOOP_TREE_OPTIONS_HPP
#define RUNLOOP_TREE_OPTIONS_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runloop/call.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Called for what is skipped of a directory, with its path relative to the directory and the reason.
using OnSkipped = std::function<void(std::string_view path, std::string_view reason)>;

/// The options of packing or unpacking a directory. Members that are not set have their defaults.
struct TreeOptions {
    /// What is skipped when a directory is packed: patterns by the rules of .dockerignore. The last one that matches a path
    /// decides; `!` makes an exception. Not for calls that unpack a directory.
    std::vector<std::string> ignore{};
    /// A file of such patterns, which come before those of `ignore`.
    std::string ignore_file{};
    /// Called for what is skipped, with the reason: sockets and devices, links that lead outside. With it, a file that cannot be
    /// read is skipped too; without it, such a file ends the call with Status::local_io. If it throws, the call ends with the
    /// next bytes.
    OnSkipped on_skipped{};
    /// The most files, directories and links to unpack; -1 for no limit. Default: 1,000,000.
    OptionalInt max_entries{};
    /// The most bytes to unpack, of all files together; -1 for no limit. Default: 64 GiB.
    OptionalInt max_bytes{};
};

namespace detail {

/// The options as C wants them, for one call.
class TreeCall {
public:
    TreeCall(Call &call, const TreeOptions &options) {
        if (!options.ignore.empty()) {
            for (const std::string &pattern : options.ignore)
                ignore_.push_back(call.text("ignore", pattern));
            ignore_.push_back(nullptr);
            options_.ignore = ignore_.data();
        }
        options_.ignore_file = call.optional_text("ignore_file", options.ignore_file);
        options_.max_entries = call.number("max_entries", options.max_entries, true);
        options_.max_bytes = call.number("max_bytes", options.max_bytes, true);
        if (!options.on_skipped)
            return;
        options_.user_data = const_cast<TreeOptions *>(&options);
        options_.on_skipped = [](void *user_data, const char *path, const char *reason) {
            guarded(false, [&] {
                static_cast<const TreeOptions *>(user_data)->on_skipped(path, reason);
                return true;
            });
        };
        call.watch();
    }

    const runloop_tree_options *raw() const noexcept { return &options_; }

private:
    runloop_tree_options options_ = RUNLOOP_TREE_OPTIONS_INIT;
    std::vector<const char *> ignore_;
};

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
