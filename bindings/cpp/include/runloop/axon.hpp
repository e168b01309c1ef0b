// Axons: event logs with a database.

#ifndef RUNLOOP_AXON_HPP
#define RUNLOOP_AXON_HPP

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <runloop/event_stream.hpp>
#include <runloop/list.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class Axon;

/// A list of axons.
using AxonList = List<Axon, AxonView, runloop_axon, runloop_axon_cursor, runloop_axon_cursor_free, runloop_axon_cursor_next>;

/// A list of an axon's events so far, fetched page by page.
class AxonEventList : public Pull<AxonEventList, AxonEventView> {
public:
    /// The cursor.
    using Cursor = detail::Handle<runloop_axon_event_cursor, runloop_axon_event_cursor_free>;

    /// Takes a cursor, or the error of making one.
    AxonEventList(Result<Cursor> cursor, CallOptions options) : cursor_(std::move(cursor)), options_(std::move(options)) {}

    /// Returns the next event, or nothing at the end. After an error the same page is requested again.
    Result<std::optional<AxonEventView>> next() {
        if (!cursor_)
            return cursor_.error();
        detail::Call call(options_);
        runloop_value *event = nullptr;
        if (call.ready())
            call.did(runloop_axon_event_cursor_next(cursor_->raw(), call.options(), &event, call.error()));
        Result<std::optional<Value>> given = call.give_optional<Value>(event);
        if (!given)
            return std::move(given.error());
        return *given ? std::optional<AxonEventView>((*given)->as<AxonEventView>()) : std::optional<AxonEventView>();
    }

private:
    Result<Cursor> cursor_;
    CallOptions options_;
};

/// An axon. The object holds its identifier; the destructor leaves the axon in place. Thread-safe.
class Axon : public detail::Noun<runloop_axon, runloop_axon_free> {
public:
    using Noun::Noun;

    /// Creates an axon.
    static Result<Axon> create(const Client &client, const AxonCreateParams &params = {}, const CallOptions &options = {}) {
        return made<Axon>(params, options, [&](auto... rest) { return runloop_axon_create(client.raw(), rest...); });
    }

    /// An axon by its identifier, without checking that it exists.
    static Result<Axon> from_id(const Client &client, std::string_view id) {
        return named<Axon>("id", id, client, runloop_axon_from_id);
    }

    /// Lists the axons.
    static AxonList list(const Client &client, const AxonListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, borrowed from the axon.
    std::string_view id() const noexcept { return detail::borrowed(runloop_axon_id(raw())); }

    /// The axon as the API shows it now.
    Result<AxonView> get_info(const CallOptions &options = {}) const { return viewed<AxonView>(options, runloop_axon_get_info); }

    /// Changes the members that are set; the others keep their values.
    Result<AxonView> update(const AxonUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<AxonView>(params, options, runloop_axon_update);
    }

    /// Deletes the axon.
    Result<void> delete_(const CallOptions &options = {}) const {
        return done(options, [](const runloop_axon *axon, const runloop_call_options *opts, runloop_error **error) {
            return runloop_axon_delete(axon, opts, nullptr, error);
        });
    }

    /// Publishes an event. If the answer is lost, the event is not published again; the error then has SideEffect::unknown.
    Result<PublishResultView> publish(const AxonPublishParams &params, const CallOptions &options = {}) const {
        return viewed<PublishResultView>(params, options, runloop_axon_publish);
    }

    /// Follows the events: those whose sequence is above `after_sequence`, or all, then new ones. The timeout and the extra
    /// headers apply to the stream's requests; pass a deadline and a cancel token to each EventStream::next() instead. Nothing
    /// is sent yet.
    Result<EventStream<AxonEventView>> subscribe(OptionalInt after_sequence = std::nullopt,
                                                 const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_event_stream *stream = nullptr;
        if (call.ready())
            call.did(runloop_axon_subscribe(raw(), after_sequence.value_or(-1), call.options(), &stream, call.error()));
        return call.give<EventStream<AxonEventView>>(stream);
    }

    /// Lists the events so far. To follow new events, use subscribe().
    AxonEventList events(const AxonEventListParams &filters = {}, const CallOptions &options = {}) const {
        return detail::walk<AxonEventList, runloop_axon_event_cursor, runloop_axon_event_cursor_free>(
            [this](auto... rest) { return runloop_axon_events(raw(), rest...); }, filters, options);
    }

    /// Runs one statement in the axon's database, with a value for each `?`. If the answer is lost, the statement is not run
    /// again; the error then has SideEffect::unknown.
    Result<SqlQueryResultView> sql_query(const AxonSqlQueryParams &params, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *sql = call.text("sql", params.sql);
        const runloop_params *body = call.params(params);
        runloop_value *result = nullptr;
        if (call.ready())
            call.did(runloop_axon_sql_query(raw(), sql, body, call.options(), &result, call.error()));
        return call.view<SqlQueryResultView>(result);
    }

    /// Runs several statements in the axon's database, all of them or none.
    Result<SqlBatchResultView> sql_batch(const AxonSqlBatchParams &params, const CallOptions &options = {}) const {
        return viewed<SqlBatchResultView>(params, options, runloop_axon_sql_batch);
    }
};

inline AxonList Axon::list(const Client &client, const AxonListParams &filters, const CallOptions &options) {
    return detail::walk<AxonList, runloop_axon_cursor, runloop_axon_cursor_free>(
        [&](auto... rest) { return runloop_axon_list(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
