/* What the programs of this folder share: the servers that run.sh has started, asked and told by their controls. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include "harness.h"

/* A file of certificates.sh's; valid until this is called four times more. */
const char *certificate(const char *name);
/* A port that run.sh names in the environment. */
int port(const char *name);
/* A client of https://127.0.0.1:PORT that trusts the authority. */
runloop_client *client_at(int at);
/* Its configuration, to be changed and freed by the caller. */
runloop_config *config_at(int at);
runloop_client *client_of(runloop_config *config);
runloop_devbox *devbox_of(runloop_client *client);

/* Has the HTTP/2 server begin anew: see h2_server.py. */
void server_set(const char *json);
void server_release(void);
/* What it has counted. */
int server_seen(const char *what);

/* Gets a devbox's description; the status. */
int32_t get_info(const runloop_devbox *devbox);
/* Sends a keep-alive, which is a POST, to be sent again only where that is harmless. */
int32_t post(const runloop_client *client);

/* Runs a function on so many threads, with its number, and waits for all. */
void at_once(int count, void (*run)(int number));
/* Begins them; the wait is at_once_end's. */
void at_once_begin(int count, void (*run)(int number));
void at_once_end(void);

#endif
