// Snapshots and blueprints.

#include "step.hpp"

using namespace runloop;

/// A function for the lines of a build's log, where the step wants one; they are noted at the end.
class StepLog {
public:
    explicit StepLog(Step &step) : step_(step), noted_(step.truth("/log")) {
        if (!noted_ && !step.says("/stop", "log") && !step.says("/cancel", "log"))
            return;
        log_ = [this](const BuildLogLine &line) {
            if (line.timestamp.time_since_epoch().count() > 0 && !line.level.empty())
                lines_.emplace_back(line.message);
            return step_.called("log");
        };
    }
    StepLog(const StepLog &) = delete;
    ~StepLog() {
        if (noted_)
            step_.put_json("log", Json::array({lines_.begin(), lines_.end()}).text());
    }

    const BuildLog &get() const { return log_; }

private:
    Step &step_;
    bool noted_;
    BuildLog log_;
    std::vector<std::string> lines_;
};

const Operations disk_operations = {
    {"devbox_snapshot_disk", of_devbox([](Step &step, const Devbox &devbox) {
         step.keep_named("snapshot", devbox.snapshot_disk(step.params<DevboxSnapshotDiskParams>(), step.options()));
     })},
    {"devbox_snapshot_disk_async", of_devbox([](Step &step, const Devbox &devbox) {
         step.keep_named("snapshot", devbox.snapshot_disk_async(step.params<DevboxSnapshotDiskParams>(), step.options()));
     })},
    {"snapshot_from_id",
     of_client([](Step &step, const Client &client) { step.keep_named("snapshot", Snapshot::from_id(client, step.text("/id"))); })},
    {"snapshot_get_info", of_snapshot([](Step &step, const Snapshot &snapshot) { step.view(snapshot.get_info(step.options())); })},
    {"snapshot_await_completed",
     of_snapshot([](Step &step, const Snapshot &snapshot) { step.view(snapshot.await_completed(step.options())); })},
    {"snapshot_update", of_snapshot([](Step &step, const Snapshot &snapshot) {
         step.view(snapshot.update(step.params<SnapshotUpdateParams>(), step.options()));
     })},
    {"snapshot_delete", of_snapshot([](Step &step, const Snapshot &snapshot) { step.did(snapshot.delete_(step.options())); })},
    {"snapshot_create_devbox", of_snapshot([](Step &step, const Snapshot &snapshot) {
         step.keep_named("devbox", snapshot.create_devbox(step.params<DevboxCreateParams>(), step.options()));
     })},
    {"snapshot_list", of_client([](Step &step, const Client &client) {
         walk(step, Snapshot::list(client, step.params<SnapshotListParams>(), step.options()));
     })},
    {"blueprint_create", of_client([](Step &step, const Client &client) {
         const StepLog log(step);
         step.keep_named("blueprint", Blueprint::create(client, step.params<BlueprintCreateParams>(), log.get(), step.options()));
     })},
    {"blueprint_create_async", of_client([](Step &step, const Client &client) {
         step.keep_named("blueprint", Blueprint::create_async(client, step.params<BlueprintCreateParams>(), step.options()));
     })},
    {"blueprint_await_build_complete", of_blueprint([](Step &step, const Blueprint &blueprint) {
         const StepLog log(step);
         step.view(blueprint.await_build_complete(log.get(), step.options()));
     })},
    {"blueprint_from_id",
     of_client([](Step &step, const Client &client) { step.keep_named("blueprint", Blueprint::from_id(client, step.text("/id"))); })},
    {"blueprint_get_info",
     of_blueprint([](Step &step, const Blueprint &blueprint) { step.view(blueprint.get_info(step.options())); })},
    {"blueprint_logs", of_blueprint([](Step &step, const Blueprint &blueprint) { step.view(blueprint.logs(step.options())); })},
    {"blueprint_preview", of_client([](Step &step, const Client &client) {
         step.view(Blueprint::preview(client, step.params<BlueprintCreateParams>(), step.options()));
     })},
    {"blueprint_delete", of_blueprint([](Step &step, const Blueprint &blueprint) { step.did(blueprint.delete_(step.options())); })},
    {"blueprint_create_devbox", of_blueprint([](Step &step, const Blueprint &blueprint) {
         step.keep_named("devbox", blueprint.create_devbox(step.params<DevboxCreateParams>(), step.options()));
     })},
    {"blueprint_list", of_client([](Step &step, const Client &client) {
         walk(step, Blueprint::list(client, step.params<BlueprintListParams>(), step.options()));
     })},
    {"blueprint_list_public", of_client([](Step &step, const Client &client) {
         walk(step, Blueprint::list_public(client, step.params<BlueprintListParams>(), step.options()));
     })},
};
