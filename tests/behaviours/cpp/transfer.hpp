// Where the bytes of a step's transfer come from and go to, and how its directory is packed.

#ifndef TRANSFER_HPP
#define TRANSFER_HPP

#include <algorithm>

#include "step.hpp"

/// The step's source, which must live as long as the call.
class StepSource {
public:
    explicit StepSource(Step &step) : data_(step.bytes("/data")), source_(made(step)) {}

    const runloop::Source &get() const { return source_; }

private:
    runloop::Source made(Step &step) {
        if (step.given("/local_path"))
            return runloop::Source::file(step.text("/local_path"));
        if (!step.says("/from", "function"))
            return runloop::Source::memory(data_);
        return runloop::Source::function([this, &step](char *buffer, std::size_t capacity) -> std::optional<std::size_t> {
            if (!step.called("read"))
                return std::nullopt;
            const std::size_t count = std::min({capacity, data_.size() - at_, std::size_t{1000}});
            data_.copy(buffer, count, at_);
            at_ += count;
            return count;
        });
    }

    std::string data_;
    std::size_t at_ = 0;
    runloop::Source source_;
};

/// Runs a download into a file or a function, and notes what the latter was given.
template <class Download>
void into_sink(Step &step, Download download) {
    step.given("/to");
    if (step.given("/local_path")) {
        step.did(download(runloop::Sink::file(step.text("/local_path"))));
        return;
    }
    std::string seen;
    step.calling([&] {
        step.did(download(runloop::Sink::function([&](std::string_view data) {
            seen += data;
            return step.called("write");
        })));
    });
    if (!seen.empty())
        step.put_bytes("contents", seen);
}

/// The step's tree options; what was left out is noted at the end.
class StepTree {
public:
    explicit StepTree(Step &step) : step_(step) {
        options_.ignore = step.texts("/tree/ignore");
        options_.ignore_file = step.text("/tree/ignore_file");
        if (step.given("/tree/max_entries"))
            options_.max_entries = step.number("/tree/max_entries");
        if (step.given("/tree/max_bytes"))
            options_.max_bytes = step.number("/tree/max_bytes");
        if (step.truth("/tree/skipped"))
            options_.on_skipped = [this](std::string_view path, std::string_view) { skipped_.emplace_back(path); };
    }
    StepTree(const StepTree &) = delete;
    ~StepTree() {
        if (options_.on_skipped)
            step_.put_json("skipped", runloop::Json::array({skipped_.begin(), skipped_.end()}).text());
    }

    const runloop::TreeOptions &options() const { return options_; }

private:
    Step &step_;
    runloop::TreeOptions options_;
    std::vector<std::string> skipped_;
};

#endif
