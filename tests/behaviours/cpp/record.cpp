// Secrets and axons.

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

static void event_stream_next(Step &step, EventStream<AxonEventView> &stream) {
    const auto event = stream.next(step.options());
    step.put("ended", event && !*event ? 1 : 0);
    if (step.did(event) && *event)
        step.put_json("value", to_json(**event));
}

const Operations record_operations = {
    {"secret_create", of_client([](Step &step, const Client &client) {
         step.keep_named("secret", Secret::create(client, step.text("/name"), step.text("/value"), step.options()));
     })},
    {"secret_from_name",
     of_client([](Step &step, const Client &client) { step.keep_named("secret", Secret::from_name(client, step.text("/name"))); })},
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
    {"axon_publish", of_axon([](Step &step, const Axon &axon) {
         step.view(axon.publish(step.params<AxonPublishParams>(), step.options()));
     })},
    {"axon_delete", of_axon([](Step &step, const Axon &axon) { step.did(axon.delete_(step.options())); })},
    {"axon_sql_query", of_axon(axon_sql_query)},
    {"axon_subscribe", of_axon(axon_subscribe)},
    {"event_stream_next", on<EventStream<AxonEventView>>("event_stream", event_stream_next)},
};
