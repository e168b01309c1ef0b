// Snapshots of devboxes' disks.

#ifndef RUNLOOP_SNAPSHOT_HPP
#define RUNLOOP_SNAPSHOT_HPP

#include <string_view>

#include <runloop/devbox.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class Snapshot;

/// A list of disk snapshots.
using SnapshotList =
    List<Snapshot, DevboxSnapshotView, runloop_snapshot, runloop_snapshot_cursor, runloop_snapshot_cursor_free, runloop_snapshot_cursor_next>;

/// A snapshot of a devbox's disk. The object holds its identifier; the destructor leaves the snapshot in place. Thread-safe.
/// Taken by Devbox::snapshot_disk().
class Snapshot : public detail::Noun<runloop_snapshot, runloop_snapshot_free> {
public:
    using Noun::Noun;

    /// A snapshot by its identifier, without checking that it exists.
    static Result<Snapshot> from_id(const Client &client, std::string_view id) {
        return named<Snapshot>("id", id, client, runloop_snapshot_from_id);
    }

    /// Lists the disk snapshots.
    static SnapshotList list(const Client &client, const SnapshotListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, `snp_…`, borrowed from the snapshot.
    std::string_view id() const noexcept { return detail::borrowed(runloop_snapshot_id(raw())); }

    /// The snapshot's status and contents.
    Result<DevboxSnapshotAsyncStatusView> get_info(const CallOptions &options = {}) const {
        return viewed<DevboxSnapshotAsyncStatusView>(options, runloop_snapshot_get_info);
    }

    /// Changes the snapshot's name, metadata or commit message.
    Result<DevboxSnapshotView> update(const SnapshotUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<DevboxSnapshotView>(params, options, runloop_snapshot_update);
    }

    /// Deletes the snapshot. Devboxes already created from it are not affected.
    Result<void> delete_(const CallOptions &options = {}) const { return done(options, runloop_snapshot_delete); }

    /// Waits until the snapshot is complete, for 10 min unless poll_timeout is set. Any other end (error, deleted) is
    /// Status::snapshot_failed, with the service's reason.
    Result<DevboxSnapshotAsyncStatusView> await_completed(const CallOptions &options = {}) const {
        return viewed<DevboxSnapshotAsyncStatusView>(options, runloop_snapshot_await_completed);
    }

    /// Creates a devbox from the snapshot and waits until it runs. Otherwise it is like Devbox::create().
    Result<Devbox> create_devbox(const DevboxCreateParams &params = {}, const CallOptions &options = {}) const {
        return made<Devbox>(params, options, [this](auto... rest) { return runloop_snapshot_create_devbox(raw(), rest...); });
    }
};

inline SnapshotList Snapshot::list(const Client &client, const SnapshotListParams &filters, const CallOptions &options) {
    return detail::walk<SnapshotList, runloop_snapshot_cursor, runloop_snapshot_cursor_free>(
        [&](auto... rest) { return runloop_snapshot_list(client.raw(), rest...); }, filters, options);
}

inline Result<Snapshot> Devbox::snapshot_disk(const DevboxSnapshotDiskParams &params, const CallOptions &options) const {
    return made<Snapshot>(params, options, [this](auto... rest) { return runloop_devbox_snapshot_disk(raw(), rest...); });
}

inline Result<Snapshot> Devbox::snapshot_disk_async(const DevboxSnapshotDiskParams &params, const CallOptions &options) const {
    return made<Snapshot>(params, options, [this](auto... rest) { return runloop_devbox_snapshot_disk_async(raw(), rest...); });
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
