#include "step.hpp"

#include <cstdlib>
#include <iostream>

std::optional<std::string> json_place(const std::string &json, const std::string &pointer) {
    const Found found(json_at(json.c_str(), pointer.c_str()), std::free);
    return found ? std::optional<std::string>(found.get()) : std::nullopt;
}

std::vector<std::string> json_keys(const std::string &json, const std::string &pointer) {
    std::vector<std::string> keys;
    for (int at = 0;; ++at) {
        const Found key(json_key(json.c_str(), pointer.c_str(), at), std::free);
        if (!key)
            return keys;
        keys.emplace_back(key.get());
    }
}

runloop::Json json_value(const std::string &json, const std::string &pointer) {
    const Found found(json_raw(json.c_str(), pointer.c_str()), std::free);
    return runloop::Json::from_text(found.get());
}

runloop::Json Filler::member_json(const std::string &name) {
    return json_value(json_, place_of(name));
}

Step::~Step() {
    if (waiting_.joinable())
        waiting_.join();
}

std::optional<std::string> Step::place(const std::string &pointer) {
    read_.insert(pointer);
    return json_place(json_, pointer);
}

std::int64_t Step::number(const std::string &pointer, std::int64_t otherwise) {
    const std::optional<std::string> found = place(pointer);
    return found ? std::stoll(*found) : otherwise;
}

bool Step::says(const std::string &pointer, std::string_view word) {
    for (const std::string &said : texts(pointer))
        if (said == word)
            return true;
    return place(pointer) == word;
}

std::string Step::bytes(const std::string &pointer) {
    const std::string hex = text(pointer);
    std::string data;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        data += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
    return data;
}

std::vector<std::string> Step::texts(const std::string &pointer) {
    read_.insert(pointer);
    std::vector<std::string> list;
    const int count = json_count(json_.c_str(), pointer.c_str());
    for (int at = 0; at < count; ++at)
        list.push_back(json_place(json_, pointer + '/' + std::to_string(at)).value());
    return list;
}

std::vector<runloop::Json> Step::items(const std::string &pointer) {
    std::vector<runloop::Json> found;
    const int count = static_cast<int>(texts(pointer).size());
    for (int at = 0; at < count; ++at)
        found.push_back(json_value(json_, pointer + '/' + std::to_string(at)));
    return found;
}

std::map<std::string, runloop::Json> Step::members(const std::string &pointer) {
    read_.insert(pointer);
    std::map<std::string, runloop::Json> found;
    for (const std::string &name : json_keys(json_, pointer))
        found[name] = json_value(json_, pointer + '/' + name);
    return found;
}

runloop::CallOptions Step::options() {
    runloop::CallOptions options;
    options.timeout = time("/options/timeout_ms");
    options.deadline = time("/options/deadline_ms");
    options.poll_timeout = time("/options/poll_timeout_ms");
    options.poll_interval = time("/options/poll_interval_ms");
    if (given("/options/max_retries"))
        options.max_retries = static_cast<int>(number("/options/max_retries"));
    options.keep_on_failure = truth("/options/keep_on_failure");
    options.idempotency_key = text("/options/idempotency_key");
    options.extra_headers = params<std::map<std::string, std::string>>("/options/extra_headers");
    options.extra_query = members("/options/extra_query");
    options.extra_body = members("/options/extra_body");
    if (truth("/options/progress") || says("/stop", "progress") || says("/cancel", "progress")) {
        options.progress = [this](std::int64_t done, std::int64_t) {
            told_ = done;
            return called("progress");
        };
    }
    if (!given("/cancel"))
        return options;
    cancel_.emplace(runloop::Cancel::create().value());
    if (says("/cancel", "start"))
        cancel_->trigger().value();
    const auto closing = says("/cancel", "closed") ? find<runloop::Client>("client") : nullptr;
    if (closing || says("/cancel", "told")) {
        waiting_ = std::thread([this, closing] {
            std::string word;
            if (!std::getline(std::cin, word) || word != "cancel")
                return;
            if (closing)
                closing->close().value();
            else
                cancel_->trigger().value();
        });
    }
    options.cancel = runloop::Cancellation(*cancel_);
    return options;
}

bool Step::called(std::string_view kind) {
    if (says("/cancel", kind))
        cancel_->trigger().value();
    if (!says("/stop", kind))
        return true;
    if (truth("/by_throwing"))
        throw Own();
    return false;
}

void Step::put_json(const std::string &key, std::string_view json) {
    answer_ += (answer_.empty() || answer_.back() == '{' ? "\"" : ",\"") + key + "\":";
    answer_ += json;
}

void Step::put_bytes(const std::string &key, std::string_view data) {
    static const char digits[] = "0123456789abcdef";
    std::string hex;
    for (const char byte : data) {
        hex += digits[static_cast<unsigned char>(byte) >> 4];
        hex += digits[static_cast<unsigned char>(byte) & 15];
    }
    put_json(key, "{\"hex\":\"" + hex + "\"}");
}

void Step::put_error(const runloop::Error &error) {
    const auto put_optional = [this](const char *key, std::string_view text) {
        if (!text.empty())
            put(key, text);
    };
    put_json("error", "{");
    put("status", name(error.status()));
    put("message", error.message());
    put("http_status", error.http_status());
    put_optional("code", error.code());
    put_optional("request_id", error.request_id());
    put("retry_after_ms", error.retry_after() ? error.retry_after()->count() : -1);
    put("retryable", static_cast<std::int64_t>(error.retryable()));
    put("attempts", error.attempts());
    put_optional("resource_id", error.resource_id());
    put("side_effect", static_cast<std::int64_t>(error.side_effect()));
    if (!error.body().empty())
        put_bytes("body", error.body());
    put_optional("cause", error.cause());
    answer_ += '}';
}

void Step::put_unread(const std::string &within) {
    static const std::set<std::string> groups = {"/options", "/exec", "/tree", "/config"};
    for (const std::string &key : json_keys(json_, within)) {
        const std::string pointer = within + '/' + key;
        if (within.empty() && groups.count(pointer) != 0)
            put_unread(pointer);
        else if (read_.count(pointer) == 0)
            put("unread", pointer);
    }
}

std::string Step::answer() {
    if (told_)
        put("progress", *told_);
    read_.insert({"/do", "/as", "/on", "/by_throwing"});
    if (answer_.find("\"unknown\":") == std::string::npos && answer_.find("\"missing\":") == std::string::npos)
        put_unread("");
    return '{' + answer_ + '}';
}

std::string Step::name_of(const std::string &kind) {
    // What everything is made from is not what the step is about.
    const std::string pointer = kind == "client" ? "/client" : "/on";
    return given(pointer) ? text(pointer) : kind;
}

void Step::drop(const std::string &kind) {
    if (kept_.erase(name_of(kind)) == 0)
        put("missing", name_of(kind));
}
