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

/// Told what is left out of a directory, by its path relative to the directory, and why.
using OnSkipped = std::function<void(std::string_view path, std::string_view reason)>;

/// How a directory is packed or unpacked; what is not set is the default.
struct TreeOptions {
    /// What is left out when a directory is packed: patterns by the rules of .dockerignore. The last one that
    /// speaks of a path decides; `!` begins an exception. A call that unpacks a directory takes none.
    std::vector<std::string> ignore{};
    /// A file of such patterns, which come before those of `ignore`, for packing too.
    std::string ignore_file{};
    /// Told what is left out and why: sockets and devices, links that lead outside. With it, a file that
    /// cannot be read is left out too; without it, that ends the call with Status::local_io. What it throws
    /// ends the call with the next bytes.
    OnSkipped on_skipped{};
    /// So many files, directories and links may be unpacked; -1: any number. Default: 1,000,000.
    std::optional<std::int64_t> max_entries{};
    /// So many bytes, of all files, may be unpacked; -1: any number. Default: 64 GiB.
    std::optional<std::int64_t> max_bytes{};
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
