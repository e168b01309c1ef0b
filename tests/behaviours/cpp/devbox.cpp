// Devboxes: their creation and their end.

#include "step.hpp"

using namespace runloop;

/// A devbox that goes at the end of a part of the program, in the language's own way.
static void devbox_scope(Step &step, const Client &client) {
    const Result<Devbox> devbox = Devbox::create(client, step.params<DevboxCreateParams>(), step.options());
    if (!step.did(devbox))
        return;
    step.put("id", devbox->id());
    step.did(devbox->set_shutdown_on_free(std::chrono::seconds(30)));
}

const Operations devbox_operations = {
    {"devbox_create", of_client([](Step &step, const Client &client) {
         step.keep_named("devbox", Devbox::create(client, step.params<DevboxCreateParams>(), step.options()));
     })},
    {"devbox_create_async", of_client([](Step &step, const Client &client) {
         step.keep_named("devbox", Devbox::create_async(client, step.params<DevboxCreateParams>(), step.options()));
     })},
    {"devbox_create_from_blueprint_id", of_client([](Step &step, const Client &client) {
         step.keep_named("devbox", Devbox::create_from_blueprint_id(client, step.text("/id"), step.params<DevboxCreateParams>(),
                                                                    step.options()));
     })},
    {"devbox_create_from_blueprint_name", of_client([](Step &step, const Client &client) {
         step.keep_named("devbox", Devbox::create_from_blueprint_name(client, step.text("/name"), step.params<DevboxCreateParams>(),
                                                                      step.options()));
     })},
    {"devbox_create_from_snapshot", of_client([](Step &step, const Client &client) {
         step.keep_named("devbox", Devbox::create_from_snapshot(client, step.text("/id"), step.params<DevboxCreateParams>(),
                                                                step.options()));
     })},
    {"devbox_from_id", of_client([](Step &step, const Client &client) {
         step.keep_named("devbox", Devbox::from_id(client, step.text("/id"), step.options()));
     })},
    {"devbox_attach",
     of_client([](Step &step, const Client &client) { step.keep_named("devbox", Devbox::attach(client, step.text("/id"))); })},
    {"devbox_list", of_client([](Step &step, const Client &client) {
         walk(step, Devbox::list(client, step.params<DevboxListParams>(), step.options()));
     })},
    {"devbox_get_info", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.get_info(step.options())); })},
    {"devbox_update", of_devbox([](Step &step, const Devbox &devbox) {
         step.view(devbox.update(step.params<DevboxUpdateParams>(), step.options()));
     })},
    {"devbox_await_running", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.await_running(step.options())); })},
    {"devbox_await_suspended",
     of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.await_suspended(step.options())); })},
    {"devbox_suspend", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.suspend(step.options())); })},
    {"devbox_resume", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.resume(step.options())); })},
    {"devbox_resume_async", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.resume_async(step.options())); })},
    {"devbox_usage", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.usage(step.options())); })},
    {"devbox_logs",
     of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.logs(step.params<DevboxLogsParams>(), step.options())); })},
    {"devbox_create_ssh_key", of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.create_ssh_key(step.options())); })},
    {"devbox_create_pty_tunnel",
     of_devbox([](Step &step, const Devbox &devbox) { step.view(devbox.create_pty_tunnel(step.options())); })},
    {"devbox_create_gateway_token", of_devbox([](Step &step, const Devbox &devbox) {
         step.view(devbox.create_gateway_token(step.params<DevboxCreateGatewayTokenParams>(), step.options()));
     })},
    {"devbox_create_mcp_token", of_devbox([](Step &step, const Devbox &devbox) {
         step.view(devbox.create_mcp_token(step.params<DevboxCreateMcpTokenParams>(), step.options()));
     })},
    {"devbox_enable_tunnel", of_devbox([](Step &step, const Devbox &devbox) {
         step.view(devbox.enable_tunnel(step.params<DevboxEnableTunnelParams>(), step.options()));
     })},
    {"devbox_remove_tunnel", of_devbox([](Step &step, const Devbox &devbox) { step.did(devbox.remove_tunnel(step.options())); })},
    {"devbox_get_tunnel", of_devbox([](Step &step, const Devbox &devbox) {
         const auto tunnel = devbox.get_tunnel(step.options());
         if (step.did(tunnel) && *tunnel)
             step.put_json("value", to_json(**tunnel));
     })},
    {"devbox_get_tunnel_url", of_devbox([](Step &step, const Devbox &devbox) {
         const auto url = devbox.get_tunnel_url(static_cast<int>(step.number("/port")), step.options());
         if (step.did(url) && *url)
             step.put_bytes("url", **url);
     })},
    {"devbox_keep_alive", of_devbox([](Step &step, const Devbox &devbox) { step.did(devbox.keep_alive(step.options())); })},
    {"devbox_shutdown", of_devbox([](Step &step, const Devbox &devbox) { step.did(devbox.shutdown(step.options())); })},
    {"devbox_set_shutdown_on_free", of_devbox([](Step &step, const Devbox &devbox) {
         step.did(devbox.set_shutdown_on_free(*step.time("/timeout_ms")));
     })},
    {"devbox_free", [](Step &step) { step.drop("devbox"); }},
    {"devbox_scope", of_client(devbox_scope)},
};
