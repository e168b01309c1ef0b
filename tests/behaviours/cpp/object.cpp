// Storage objects.

#include "transfer.hpp"

using namespace runloop;

/// What makes an object.
template <class Function>
static auto makes(Function function) {
    return of_client([function](Step &step, const Client &client) { step.keep_named("object", function(step, client)); });
}

static ObjectUploadParams upload_params(Step &step) {
    return step.params<ObjectUploadParams>();
}

static ObjectDownloadParams download_params(Step &step) {
    return step.params<ObjectDownloadParams>();
}

const Operations object_operations = {
    {"object_create", makes([](Step &step, const Client &client) {
         return Object::create(client, step.params<ObjectCreateParams>(), step.options());
     })},
    {"object_from_id", makes([](Step &step, const Client &client) { return Object::from_id(client, step.text("/id")); })},
    {"object_upload_from_file", makes([](Step &step, const Client &client) {
         return Object::upload_from_file(client, step.text("/local_path"), upload_params(step), step.options());
     })},
    {"object_upload_from_dir", makes([](Step &step, const Client &client) {
         const StepTree tree(step);
         return Object::upload_from_dir(client, step.text("/local_path"), tree.options(), upload_params(step), step.options());
     })},
    {"object_upload_from_text", makes([](Step &step, const Client &client) {
         return Object::upload_from_text(client, step.text("/name"), step.text("/text"), upload_params(step), step.options());
     })},
    {"object_upload_from_bytes", makes([](Step &step, const Client &client) {
         return Object::upload_from_bytes(client, step.text("/name"), step.bytes("/data"), upload_params(step), step.options());
     })},
    {"object_upload_from_source", makes([](Step &step, const Client &client) {
         return Object::upload_from_source(client, step.text("/name"), StepSource(step).get(), upload_params(step), step.options());
     })},
    {"object_upload_content", of_object([](Step &step, const Object &object) {
         step.did(object.upload_content(StepSource(step).get(), step.options()));
     })},
    {"object_complete", of_object([](Step &step, const Object &object) { step.view(object.complete(step.options())); })},
    {"object_refresh", of_object([](Step &step, const Object &object) { step.view(object.refresh(step.options())); })},
    {"object_delete", of_object([](Step &step, const Object &object) { step.did(object.delete_(step.options())); })},
    {"object_get_download_url", of_object([](Step &step, const Object &object) {
         step.view(object.get_download_url(download_params(step), step.options()));
     })},
    {"object_download_as_bytes", of_object([](Step &step, const Object &object) {
         step.output("contents", object.download_as_bytes(download_params(step), step.options()));
     })},
    {"object_download_as_text", of_object([](Step &step, const Object &object) {
         step.output("contents", object.download_as_text(download_params(step), step.options()));
     })},
    {"object_download_to_file", of_object([](Step &step, const Object &object) {
         step.did(object.download_to_file(step.text("/local_path"), download_params(step), step.options()));
     })},
    {"object_download_to_dir", of_object([](Step &step, const Object &object) {
         const StepTree tree(step);
         step.did(object.download_to_dir(step.text("/local_path"), tree.options(), download_params(step), step.options()));
     })},
    {"object_download_to_sink", of_object([](Step &step, const Object &object) {
         into_sink(step, [&](const Sink &sink) { return object.download_to_sink(sink, download_params(step), step.options()); });
     })},
    {"object_list", of_client([](Step &step, const Client &client) {
         walk(step, Object::list(client, step.params<ObjectListParams>(), step.options()));
     })},
    {"object_list_public", of_client([](Step &step, const Client &client) {
         walk(step, Object::list_public(client, step.params<ObjectListParams>(), step.options()));
     })},
};
