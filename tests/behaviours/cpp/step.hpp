// The step at hand: its arguments, and the answer that is being made.

#ifndef STEP_HPP
#define STEP_HPP

#include <runloop.hpp>

#include <any>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "json.h"

/// What a function of a step throws, where the step says so.
struct Own {};

/// Text of the C reader of JSON.
using Found = std::unique_ptr<char, decltype(&std::free)>;

/// What is at a JSON Pointer in a text: of a string its text, of anything else its JSON.
std::optional<std::string> json_place(const std::string &json, const std::string &pointer);
/// What is at a JSON Pointer in a text, as it stands.
runloop::Json json_value(const std::string &json, const std::string &pointer);
/// The keys of an object.
std::vector<std::string> json_keys(const std::string &json, const std::string &pointer);

/// Handles that steps leave for later ones, by their names.
using Handles = std::map<std::string, std::any>;

class Step {
public:
    Step(std::string json, Handles &kept) : json_(std::move(json)), kept_(kept) {}
    Step(const Step &) = delete;
    ~Step();

    // Arguments, each named by a JSON Pointer.

    /// Whether there is such an argument.
    bool given(const std::string &pointer) { return place(pointer).has_value(); }
    /// A text; empty where there is none.
    std::string text(const std::string &pointer) { return place(pointer).value_or(""); }
    /// A whole number.
    std::int64_t number(const std::string &pointer, std::int64_t otherwise = 0);
    /// A time in milliseconds; left open where there is none, or 0.
    runloop::TimeLimit time(const std::string &pointer) {
        const std::int64_t time = number(pointer);
        return time == 0 ? runloop::TimeLimit() : runloop::TimeLimit(std::chrono::milliseconds(time));
    }
    /// true or false.
    bool truth(const std::string &pointer) { return place(pointer) == "true"; }
    /// Whether the argument is this text, or a list that holds it.
    bool says(const std::string &pointer, std::string_view word);
    /// Bytes, written in hex.
    std::string bytes(const std::string &pointer);
    /// A list of texts.
    std::vector<std::string> texts(const std::string &pointer);
    /// A list of JSON values.
    std::vector<runloop::Json> items(const std::string &pointer);
    /// An object of JSON values.
    std::map<std::string, runloop::Json> members(const std::string &pointer);
    /// A struct of the binding; what it has no member for, and null, go into `extra`.
    template <class Params>
    Params params(const std::string &pointer = "/params");
    /// What is at a pointer.
    std::optional<std::string> place(const std::string &pointer);

    // How the call is made.

    /// The step's call options.
    runloop::CallOptions options();
    /// For the step's functions of a kind: cancels the call, throws, or gives false to stop it, as the step says.
    bool called(std::string_view kind);
    /// Does what calls, and notes what comes out of it that a function of the step has thrown.
    template <class Function>
    void calling(Function function);

    // The answer.

    void put_json(const std::string &key, std::string_view json);
    void put(const std::string &key, std::string_view text) { put_json(key, runloop::Json(text).text()); }
    void put(const std::string &key, std::int64_t number) { put_json(key, std::to_string(number)); }
    void put_bytes(const std::string &key, std::string_view data);
    /// Whether a result is a success; notes its error.
    template <class T>
    bool did(const runloop::Result<T> &result);
    /// Notes what a call answered.
    template <class View>
    void view(const runloop::Result<View> &result) {
        if (did(result))
            put_json("value", runloop::to_json(*result));
    }
    /// Notes bytes.
    void output(const std::string &key, const runloop::Result<std::string> &result) {
        if (did(result))
            put_bytes(key, *result);
    }
    /// The answer, which also says what argument nobody has read.
    std::string answer();

    // Handles.

    /// The name of the handle that the step is about.
    std::string name_of(const std::string &kind);
    /// The handle; NULL, and the answer says so, where there is none.
    template <class Noun>
    const std::shared_ptr<Noun> find(const std::string &kind);
    /// Whether the handle is of this type.
    template <class Noun>
    bool holds(const std::string &kind) {
        const auto found = kept_.find(name_of(kind));
        return found != kept_.end() && std::any_cast<std::shared_ptr<Noun>>(&found->second) != nullptr;
    }
    /// Keeps what a call gave.
    template <class Noun>
    void keep(const std::string &kind, runloop::Result<Noun> made);
    template <class Noun>
    void keep_named(const std::string &kind, runloop::Result<Noun> made) {
        if (made)
            put("id", made->id());
        keep(kind, std::move(made));
    }
    /// Lets a handle go.
    void drop(const std::string &kind);

private:
    void put_error(const runloop::Error &error);
    void put_unread(const std::string &within);

    std::string json_;
    Handles &kept_;
    std::set<std::string> read_;
    std::string answer_;
    std::optional<runloop::Cancel> cancel_;
    std::thread waiting_;
    std::optional<std::int64_t> told_;
};

/// An operation does one step.
using Operations = std::map<std::string, std::function<void(Step &)>>;

extern const Operations client_operations, devbox_operations, command_operations, file_operations, object_operations, disk_operations,
    record_operations, config_operations;

/// An operation on a handle.
template <class Noun, class Function>
std::function<void(Step &)> on(const std::string &kind, Function function) {
    return [kind, function](Step &step) {
        if (const std::shared_ptr<Noun> handle = step.find<Noun>(kind))
            function(step, *handle);
    };
}

template <class Function>
auto of_client(Function function) {
    return on<runloop::Client>("client", function);
}
template <class Function>
auto of_devbox(Function function) {
    return on<runloop::Devbox>("devbox", function);
}
template <class Function>
auto of_execution(Function function) {
    return on<runloop::Execution>("execution", function);
}
template <class Function>
auto of_result(Function function) {
    return on<runloop::ExecResult>("exec_result", function);
}
template <class Function>
auto of_object(Function function) {
    return on<runloop::Object>("object", function);
}
template <class Function>
auto of_snapshot(Function function) {
    return on<runloop::Snapshot>("snapshot", function);
}
template <class Function>
auto of_blueprint(Function function) {
    return on<runloop::Blueprint>("blueprint", function);
}
template <class Function>
auto of_secret(Function function) {
    return on<runloop::Secret>("secret", function);
}
template <class Function>
auto of_axon(Function function) {
    return on<runloop::Axon>("axon", function);
}

/// Walks through a list, as far as the step's take says; `json` is what is noted of an item.
template <class List, class Json>
void walk(Step &step, List list, Json json) {
    const std::int64_t take = step.number("/take", -1);
    std::string values = "[";
    std::int64_t count = 0;
    if (take != 0) {
        for (auto &item : list) {
            if (!step.did(item))
                break;
            values += (count++ == 0 ? "" : ",") + json(*item);
            if (count == take)
                break;
        }
    }
    step.put_json("values", values + "]");
    step.put("count", count);
}
template <class List>
void walk(Step &step, List list) {
    walk(step, std::move(list), [](const auto &item) { return runloop::to_json(item.info); });
}

template <class T>
bool Step::did(const runloop::Result<T> &result) {
    if (!result)
        put_error(result.error());
    return result.has_value();
}

template <class Function>
void Step::calling(Function function) {
    try {
        function();
    } catch (const Own &) {
        put_json("thrown", "true");
    }
}

template <class Noun>
const std::shared_ptr<Noun> Step::find(const std::string &kind) {
    const auto found = kept_.find(name_of(kind));
    if (found == kept_.end()) {
        put("missing", name_of(kind));
        return nullptr;
    }
    return std::any_cast<std::shared_ptr<Noun>>(found->second);
}

template <class Noun>
void Step::keep(const std::string &kind, runloop::Result<Noun> made) {
    if (did(made))
        kept_[given("/as") ? text("/as") : kind] = std::make_shared<Noun>(std::move(*made));
}

#include "fill.hpp"

template <class Params>
Params Step::params(const std::string &pointer) {
    Params filled{};
    if (const std::optional<std::string> json = place(pointer))
        fill(*json, filled);
    return filled;
}

#endif
