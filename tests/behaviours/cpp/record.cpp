// Secrets, axons, and events as they come.

#include "step.hpp"

using namespace runloop;

static void axon_sql_query(Step &step, const Axon &axon) {
    AxonSqlQueryParams query;
    query.sql = step.text("/sql");
    if (step.given("/values"))
        query.params.emplace(step.items("/values"));
    step.view(axon.sql_query(query, step.options()));
}

static void axon_subscribe(Step &step, const Axon &axon) {
    std::optional<std::int64_t> after;
    if (step.given("/after_sequence"))
        after = step.number("/after_sequence");
    step.keep("event_stream", axon.subscribe(after, step.options()));
}

template <class Event>
static void next_event(Step &step, EventStream<Event> &stream) {
    const auto event = stream.next(step.options());
    step.put("ended", event && !*event ? 1 : 0);
    if (step.did(event) && *event)
        step.put_json("value", to_json(**event));
}

static void event_stream_next(Step &step) {
    if (step.holds<EventStream<DevboxEvictionEventView>>("event_stream"))
        next_event(step, *step.find<EventStream<DevboxEvictionEventView>>("event_stream"));
    else if (const auto stream = step.find<EventStream<AxonEventView>>("event_stream"))
        next_event(step, *stream);
}

static void axon_events(Step &step, const Axon &axon) {
    walk(step, axon.events(step.params<AxonEventListParams>(), step.options()), [](const AxonEventView &event) { return to_json(event); });
}

const Operations record_operations = {
    {"secret_create", of_client([](Step &step, const Client &client) {
         step.keep_named("secret", Secret::create(client, step.text("/name"), step.text("/value"), step.options()));
     })},
    {"secret_from_name",
     of_client([](Step &step, const Client &client) { step.keep_named("secret", Secret::from_name(client, step.text("/name"))); })},
    {"secret_from_id",
     of_client([](Step &step, const Client &client) { step.keep_named("secret", Secret::from_id(client, step.text("/id"))); })},
    {"secret_get_info", of_secret([](Step &step, const Secret &secret) { step.view(secret.get_info(step.options())); })},
    {"secret_update",
     of_secret([](Step &step, const Secret &secret) { step.view(secret.update(step.text("/value"), step.options())); })},
    {"secret_delete", of_secret([](Step &step, const Secret &secret) { step.did(secret.delete_(step.options())); })},
    {"secret_list", of_client([](Step &step, const Client &client) {
         walk(step, Secret::list(client, step.params<SecretListParams>(), step.options()));
     })},
    {"axon_create", of_client([](Step &step, const Client &client) {
         step.keep_named("axon", Axon::create(client, step.params<AxonCreateParams>(), step.options()));
     })},
    {"axon_from_id",
     of_client([](Step &step, const Client &client) { step.keep_named("axon", Axon::from_id(client, step.text("/id"))); })},
    {"axon_list", of_client([](Step &step, const Client &client) {
         walk(step, Axon::list(client, step.params<AxonListParams>(), step.options()));
     })},
    {"axon_get_info", of_axon([](Step &step, const Axon &axon) { step.view(axon.get_info(step.options())); })},
    {"axon_update", of_axon([](Step &step, const Axon &axon) {
         step.view(axon.update(step.params<AxonUpdateParams>(), step.options()));
     })},
    {"axon_publish", of_axon([](Step &step, const Axon &axon) {
         step.view(axon.publish(step.params<AxonPublishParams>(), step.options()));
     })},
    {"axon_delete", of_axon([](Step &step, const Axon &axon) { step.did(axon.delete_(step.options())); })},
    {"axon_events", of_axon(axon_events)},
    {"axon_sql_query", of_axon(axon_sql_query)},
    {"axon_sql_batch", of_axon([](Step &step, const Axon &axon) {
         step.view(axon.sql_batch(step.params<AxonSqlBatchParams>(), step.options()));
     })},
    {"axon_subscribe", of_axon(axon_subscribe)},
    {"eviction_watch", of_client([](Step &step, const Client &client) {
         step.keep("event_stream", Eviction::watch(client, step.options()));
     })},
    {"event_stream_next", event_stream_next},
    {"event_stream_free", [](Step &step) { step.drop("event_stream"); }},
};
