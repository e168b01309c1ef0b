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

/// A walk through axons.
using AxonList = List<Axon, AxonView, runloop_axon, runloop_axon_cursor, runloop_axon_cursor_free, runloop_axon_cursor_next>;

/// A walk through an axon's events so far, which asks for page after page.
class AxonEventList : public Pull<AxonEventList, AxonEventView> {
public:
    /// The cursor that it walks with.
    using Cursor = detail::Handle<runloop_axon_event_cursor, runloop_axon_event_cursor_free>;

    /// Takes a cursor, or what went wrong instead.
    AxonEventList(Result<Cursor> cursor, CallOptions options) : cursor_(std::move(cursor)), options_(std::move(options)) {}

    /// The next event; nothing at the end. After a failure the same page is asked for again.
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

/// An axon. The object is its identifier; its end leaves the axon where it is. Thread-safe.
class Axon : public detail::Noun<runloop_axon, runloop_axon_free> {
public:
    using Noun::Noun;

    /// Creates an axon.
    static Result<Axon> create(const Client &client, const AxonCreateParams &params = {}, const CallOptions &options = {}) {
        return made<Axon>(params, options, [&](auto... rest) { return runloop_axon_create(client.raw(), rest...); });
    }

    /// An axon by its identifier, without asking whether there is one.
    static Result<Axon> from_id(const Client &client, std::string_view id) {
        return named<Axon>("id", id, client, runloop_axon_from_id);
    }

    /// Begins a walk through the axons.
    static AxonList list(const Client &client, const AxonListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, borrowed from the axon.
    std::string_view id() const noexcept { return detail::borrowed(runloop_axon_id(raw())); }

    /// The axon as the API shows it now.
    Result<AxonView> get_info(const CallOptions &options = {}) const { return viewed<AxonView>(options, runloop_axon_get_info); }

    /// Changes what the parameters name; the rest stays as it is.
    Result<AxonView> update(const AxonUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<AxonView>(params, options, runloop_axon_update);
    }

    /// Deletes the axon.
    Result<void> delete_(const CallOptions &options = {}) const {
        return done(options, [](const runloop_axon *axon, const runloop_call_options *opts, runloop_error **error) {
            return runloop_axon_delete(axon, opts, nullptr, error);
        });
    }

    /// Publishes an event. Where the answer is lost, the event is not published again: the error says that it
    /// may have been.
    Result<PublishResultView> publish(const AxonPublishParams &params, const CallOptions &options = {}) const {
        return viewed<PublishResultView>(params, options, runloop_axon_publish);
    }

    /// Begins to follow the events: those whose sequence is above `after_sequence`, or all, and then those that
    /// come. The timeout and the extra headers are those of the stream's requests; deadline and token are given
    /// to each EventStream::next(). Nothing is sent yet.
    Result<EventStream<AxonEventView>> subscribe(std::optional<std::int64_t> after_sequence = std::nullopt,
                                                 const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_event_stream *stream = nullptr;
        if (call.ready())
            call.did(runloop_axon_subscribe(raw(), after_sequence.value_or(-1), call.options(), &stream, call.error()));
        return call.give<EventStream<AxonEventView>>(stream);
    }

    /// Begins a walk through the events so far. To follow those that come: subscribe().
    AxonEventList events(const AxonEventListParams &filters = {}, const CallOptions &options = {}) const {
        return detail::walk<AxonEventList, runloop_axon_event_cursor, runloop_axon_event_cursor_free>(
            [this](auto... rest) { return runloop_axon_events(raw(), rest...); }, filters, options);
    }

    /// Runs one statement in the axon's database, with a value for each `?`. Where the answer is lost, the
    /// statement is not run again: the error says that it may have been.
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
