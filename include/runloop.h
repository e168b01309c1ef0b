/* runloop.h: the Runloop SDK for C, and for every language that can call C.
 *
 * Creates devboxes (isolated Linux machines at the service), runs commands in them, transfers files, and covers the rest of
 * the Runloop API. Link with -lrunloop. runloop_params.h adds typed setters for request bodies.
 *
 * Generated from the library's source by `make header`; edit the source, not this file.
 *
 *
 * QUICK START
 *
 *     #include <runloop.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         runloop_client *client = NULL;
 *         runloop_devbox *devbox = NULL;
 *         runloop_exec_result *result = NULL;
 *         runloop_bytes *output = NULL;
 *         runloop_error *error = NULL;
 *
 *         // The API key is read from the environment variable RUNLOOP_API_KEY.
 *         int failed = runloop_client_new(NULL, &client, &error)
 *                   || runloop_devbox_create(client, NULL, NULL, &devbox, &error)
 *                   || runloop_devbox_exec(devbox, "uname -a", NULL, NULL, &result, &error)
 *                   || runloop_exec_result_stdout(result, 0, NULL, &output, &error);
 *         if (failed)
 *             fprintf(stderr, "%s\n", runloop_error_message(error));
 *         else
 *             printf("exit code %d: %s", (int)runloop_exec_result_exit_code(result), runloop_bytes_data(output));
 *
 *         if (devbox != NULL)
 *             runloop_devbox_shutdown(devbox, NULL, NULL, NULL);
 *         runloop_error_free(error);
 *         runloop_bytes_free(output);
 *         runloop_exec_result_free(result);
 *         runloop_devbox_free(devbox);
 *         runloop_client_free(client);
 *         return failed;
 *     }
 *
 *
 * CONTENTS
 *
 *   Library             versions, the ABI check, logging
 *   Errors              every status, and what an error object contains
 *   Configuration       API key, base URL, timeouts, proxy, TLS
 *   Client              where every program starts
 *   Call options        timeouts, deadlines, retries and cancellation of a single call
 *   Devboxes            create, find, suspend, resume and shut down
 *   Commands            run a command, or start it and wait, kill, send input
 *   Output streams      read the output of a command piece by piece
 *   Files               read, write, upload and download files of a devbox
 *   Directories         upload and download whole directories
 *   Tunnels and SSH     reach the ports of a devbox; SSH keys, gateway tokens
 *   Blueprints          build images from which devboxes are created
 *   Snapshots           save the disk of a devbox
 *   Storage objects     upload files and directories to the service's storage, and download them
 *   Axons               channels of events, each with an SQL database
 *   Event streams       follow the events of an axon, or evictions
 *   Secrets             named values that devboxes receive
 *   Network policies    which hosts devboxes may reach
 *   Gateway configs     APIs that devboxes call through a gateway
 *   MCP configs         MCP servers that devboxes call through a gateway
 *   Account             the account, and its API keys
 *   Request parameters  build the JSON object that a request sends
 *   Response values     read the JSON that the API returns
 *   Bytes               file contents and output, as the library returns them
 *   Raw requests        send a request for which this header has no function
 *
 *
 * RULES for every function; a function's description states its exceptions
 *
 * Errors. Functions that can fail return an int32_t status: RUNLOOP_OK (0), or the reason for the failure. Their last
 *   argument receives an error object, which the caller frees with runloop_error_free(), or NULL on success. It may be NULL
 *   if you need the status only. A non-zero exit code of a command is not an error.
 *   Output arguments are set to NULL or 0 before anything else happens, and keep that value if the call fails.
 * Statuses. "Statuses:" lists what a function can return. Any function may also return RUNLOOP_INVALID_ARGUMENT,
 *   RUNLOOP_INVALID_HANDLE, RUNLOOP_FORKED, RUNLOOP_INTERNAL_PANIC and RUNLOOP_OUT_OF_MEMORY.
 *   "Those of any request" are RUNLOOP_CONNECT, RUNLOOP_TLS, RUNLOOP_TIMEOUT, RUNLOOP_DEADLINE, RUNLOOP_CANCELLED,
 *   RUNLOOP_CLOSED, RUNLOOP_BROKEN, RUNLOOP_PROTOCOL, and the statuses from 200 to 299, which stand for HTTP errors.
 *   The numbers are never changed and never reused. Handle a number that you do not know by its range: 1-99 wrong use,
 *   100-199 transport, 200-299 HTTP error, 300-399 a failure at the service, 900 and above a failure of the library.
 * Ownership. Objects are opaque handles. A handle that a function stores through a `**` argument belongs to the caller, who
 *   frees it with the _free function of its type. Handles may be freed in any order: each keeps alive what it needs. All
 *   _free functions accept NULL. A handle that is NULL, freed or of another type is detected: RUNLOOP_INVALID_HANDLE.
 *   Freeing a handle stops nothing at the service, except after runloop_devbox_set_shutdown_on_free(). It does not block,
 *   unless no other handle of its client, or created from it, is left: see runloop_client_free().
 *   The description of a borrowed string begins with "Borrowed". It lives as long as the object that it is borrowed from,
 *   and must not be freed.
 * Arguments. They are copied, or used only during the call. `opts`, `exec` and `tree` may be NULL, for the defaults. Any other
 *   argument may be NULL only if the description says so.
 *   Strings are UTF-8 and end with a NUL. When a length is passed, no terminating NUL is required; (NULL, 0) means empty.
 * Requests. `params` is the body of a request, or the filters of a list: a JSON object, built with the functions of "Request
 *   parameters" or with the setters in runloop_params.h, which are named after the function:
 *   runloop_devbox_create_params_set_name() for runloop_devbox_create(). Descriptions give the JSON Pointers of the
 *   usual members; the API may accept more. "Endpoint:" names the requests that a function sends.
 * Times are in milliseconds (`_ms`); 0 selects the default.
 * Blocking. A function that blocks, blocks only the calling thread. "Blocks for one request" means until the response has
 *   arrived, retries included. `deadline_ms` in the call options limits the whole call. A runloop_cancel in the call
 *   options, triggered from another thread, ends it promptly, whatever it is waiting for.
 * Threads. "Any thread" means that any thread may call the function at any time, and that several threads may use the same
 *   handle at once. Functions may be called until the process has ended, even in atexit functions and in destructors of
 *   static objects. A call needs 64 KiB of stack, plus what your thread-local variables and callbacks use.
 * Callbacks receive the `user_data` that was passed with them. They run on the thread that made the call, during the call,
 *   and never after it. They may call into the library. They must return: ending the thread (pthread_exit), longjmp or an
 *   exception out of a callback ends the process. The log function is the only callback that also runs on threads of the
 *   library.
 * Structs begin with struct_size and may grow at their end. Initialize them with their _INIT macros.
 *
 *
 * PROCESSES: for programs that handle signals, fork, or end without returning from main
 *
 * Threads of the library. One does input and output in the background. Others exist while names are resolved, log lines are
 *   delivered, or a failed download is removed, and, while a call packs a directory, one for each core plus one. All have
 *   all signals blocked. If one cannot be started, the work is done without it where possible; otherwise the call fails.
 *   The library installs no signal handlers, raises no SIGPIPE or SIGXFSZ, prints nothing, does not change the environment,
 *   and never ends the process, except as stated here.
 * Input and output. If only one thread is in a call, that thread does the library's input and output itself. If several
 *   are, the background thread does it for all of them. If the thread that does it is held up (by a slow signal handler, or
 *   by a low priority) while no other thread is in a call, calls that other threads begin meanwhile are held up too, until
 *   it continues. Their deadlines and cancellations still take effect in time. A signal handler must therefore return. If
 *   it leaves the call with siglongjmp(), what the call holds is leaked; if the thread was doing input and output, calls of
 *   other threads then end only by their deadlines and cancellations, for the rest of the process.
 * Descriptors. If a program closes descriptors that it did not open itself (closefrom), the calls in progress break, and at
 *   most one further call; after that, the library works again. If descriptors 0 to 2 are closed, no connection or file of
 *   the library takes their numbers.
 * Ending threads. A thread that is cancelled (pthread_cancel) finishes its call first. A thread whose cancellation is
 *   asynchronous gets RUNLOOP_WRONG_STATE from functions that return a status. If the main thread ends with pthread_exit,
 *   the library's thread keeps the process alive and takes no signals: let main wait for the other threads, and then return
 *   or call exit.
 * Forks. A child can use the library, whatever its parent was doing with it. Handles that were created before the fork belong
 *   to the parent: in the child, calls with them return RUNLOOP_FORKED, and their _free functions do nothing. The child
 *   inherits the log function. If a callback forks and also returns in the child, the call returns RUNLOOP_FORKED in the
 *   child at once, and continues in the parent. A child keeps its copies of the parent's connections open until it ends or
 *   calls exec.
 * Out of memory. RUNLOOP_OUT_OF_MEMORY is returned if there is no memory for a large response. If there is none for a small
 *   allocation, the process is aborted.
 */

#ifndef RUNLOOP_H
#define RUNLOOP_H

#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/* All handle types; each is described with its functions. */
typedef struct runloop_error runloop_error;
typedef struct runloop_config runloop_config;
typedef struct runloop_client runloop_client;
typedef struct runloop_cancel runloop_cancel;
typedef struct runloop_devbox runloop_devbox;
typedef struct runloop_devbox_cursor runloop_devbox_cursor;
typedef struct runloop_exec_result runloop_exec_result;
typedef struct runloop_execution runloop_execution;
typedef struct runloop_output_stream runloop_output_stream;
typedef struct runloop_blueprint runloop_blueprint;
typedef struct runloop_blueprint_cursor runloop_blueprint_cursor;
typedef struct runloop_snapshot runloop_snapshot;
typedef struct runloop_snapshot_cursor runloop_snapshot_cursor;
typedef struct runloop_object runloop_object;
typedef struct runloop_object_cursor runloop_object_cursor;
typedef struct runloop_axon runloop_axon;
typedef struct runloop_axon_cursor runloop_axon_cursor;
typedef struct runloop_axon_event_cursor runloop_axon_event_cursor;
typedef struct runloop_event_stream runloop_event_stream;
typedef struct runloop_secret runloop_secret;
typedef struct runloop_secret_cursor runloop_secret_cursor;
typedef struct runloop_network_policy runloop_network_policy;
typedef struct runloop_network_policy_cursor runloop_network_policy_cursor;
typedef struct runloop_gateway_config runloop_gateway_config;
typedef struct runloop_gateway_config_cursor runloop_gateway_config_cursor;
typedef struct runloop_mcp_config runloop_mcp_config;
typedef struct runloop_mcp_config_cursor runloop_mcp_config_cursor;
typedef struct runloop_params runloop_params;
typedef struct runloop_value runloop_value;
typedef struct runloop_bytes runloop_bytes;

/* ---------------------------------------------------------------------
 * Library
 * --------------------------------------------------------------------- */

/// The version of this header.
#define RUNLOOP_VERSION "0.1.0"
/// The parts of the version.
#define RUNLOOP_VERSION_MAJOR 0
#define RUNLOOP_VERSION_MINOR 1
#define RUNLOOP_VERSION_PATCH 0
/// The version as one number, for comparisons in the preprocessor: 10203 for 1.2.3.
#define RUNLOOP_VERSION_NUMBER (RUNLOOP_VERSION_MAJOR * 10000 + RUNLOOP_VERSION_MINOR * 100 + RUNLOOP_VERSION_PATCH)
/// The number of the ABI that this header describes; see runloop_abi_check().
#define RUNLOOP_ABI 0

/// Nothing is logged.
#define RUNLOOP_LOG_OFF 0
/// Bugs in the library.
#define RUNLOOP_LOG_ERROR 1
/// Failed attempts that are retried, failed clean-ups, and files that were skipped.
#define RUNLOOP_LOG_WARN 2
/// Requests that failed for good, and clean-ups that were made.
#define RUNLOOP_LOG_INFO 3
/// Every request.
#define RUNLOOP_LOG_DEBUG 4

/// Callback: receives one log line, without a line feed and without secrets, which is valid until the
/// callback returns. `level` is one of RUNLOOP_LOG_….
///
/// This is the only callback that may run on ANY thread, and on several at once: it must be thread-safe.
/// The lines of a call are delivered on the calling thread before the call returns, while the library holds
/// no lock. If the call takes longer than a moment, and for background work, they are delivered on a thread
/// of the library. A slow callback delays only the calls whose lines it receives.
///
/// It may call any function of the library; those calls are not logged.
typedef void (*runloop_log_fn)(void *user_data, int32_t level, const char *message);

/// Returns the version of the library that is loaded, such as `0.1.0`, as a static string.
///
/// Any thread; never blocks; may be called before anything else, and after a fork.
const char *runloop_version(void);

/// Checks that a program compiled against this header works with the library that is loaded. A program
/// compiled against an older header does. Call it as
/// `runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), &error)`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_ABI_MISMATCH.
int32_t runloop_abi_check(int32_t abi,
                          size_t call_options_size,
                          size_t exec_options_size,
                          runloop_error **error);

/// Sets the log callback of the process and its level, one of RUNLOOP_LOG_…; a level includes those with
/// smaller numbers. NULL turns logging off, which is the default.
///
/// `user_data` is passed to the callback and must stay valid until the callback has been replaced. Waits,
/// for 10 s at most, until the previous callback has returned in all other threads, so that it no longer
/// runs afterwards: hold no lock that it needs. Does not block when called from the log callback itself.
/// Any thread.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_log_set(runloop_log_fn log,
                        void *user_data,
                        int32_t level,
                        runloop_error **error);

/// Returns the number of handles that have not been freed, for finding leaks: handles of one kind, or of
/// all kinds if `kind` is NULL. A kind is the name of a type without `runloop_`: "client", "exec_result" ….
/// It is 0 at the end of a program that has freed all its handles.
///
/// Any thread; never blocks.
size_t runloop_live_handles(const char *kind);

/* ---------------------------------------------------------------------
 * Errors
 * --------------------------------------------------------------------- */

/// Success.
#define RUNLOOP_OK 0
/// An argument is invalid: NULL, not valid UTF-8, or out of range. Correct it.
#define RUNLOOP_INVALID_ARGUMENT 1
/// A handle is NULL, freed, or of another type.
#define RUNLOOP_INVALID_HANDLE 2
/// The object is in a state that does not allow the operation.
#define RUNLOOP_WRONG_STATE 3
/// The handle was created before this process was forked, or the process was forked during the call.
/// Create clients in the child.
#define RUNLOOP_FORKED 4
/// The header and the library do not match. Compile against the installed header.
#define RUNLOOP_ABI_MISMATCH 5
/// There is no API key. Set RUNLOOP_API_KEY or call runloop_config_set_bearer_token().
#define RUNLOOP_MISSING_CREDENTIALS 6
/// A callback ended the call.
#define RUNLOOP_STOPPED 7
/// A local file or descriptor could not be read or written.
#define RUNLOOP_LOCAL_IO 8
/// There is no value, or a value of another kind, at a JSON Pointer.
#define RUNLOOP_NO_SUCH_FIELD 9

/// No connection to the server: refused, unreachable, or its name cannot be resolved.
#define RUNLOOP_CONNECT 100
/// No secure connection to the server: a certificate was not accepted.
#define RUNLOOP_TLS 101
/// HTTP 408, or an attempt took longer than timeout_ms.
#define RUNLOOP_TIMEOUT 102
/// The call took longer than deadline_ms.
#define RUNLOOP_DEADLINE 103
/// The call's cancel token was triggered.
#define RUNLOOP_CANCELLED 104
/// The client was closed.
#define RUNLOOP_CLOSED 105
/// The connection broke before the response was complete.
#define RUNLOOP_BROKEN 106
/// The response does not conform to the API, or is larger than runloop_config_set_max_answer_bytes()
/// allows.
#define RUNLOOP_PROTOCOL 107

/// HTTP 400: the service rejected the parameters.
#define RUNLOOP_BAD_REQUEST 200
/// HTTP 401: the API key is not valid.
#define RUNLOOP_AUTHENTICATION 201
/// HTTP 403: the API key does not permit this.
#define RUNLOOP_PERMISSION 202
/// HTTP 404: the resource does not exist.
#define RUNLOOP_NOT_FOUND 203
/// HTTP 409: the request conflicts with an existing resource.
#define RUNLOOP_CONFLICT 204
/// HTTP 422: the service understood the parameters but cannot act on them.
#define RUNLOOP_UNPROCESSABLE 205
/// HTTP 429: too many requests; see runloop_error_retry_after_ms().
#define RUNLOOP_RATE_LIMITED 206
/// HTTP 5xx: the service failed.
#define RUNLOOP_SERVER 207
/// Any other HTTP error.
#define RUNLOOP_API 208

/// The devbox is not running: it failed or was shut down.
#define RUNLOOP_DEVBOX_FAILED 300
/// The build of a blueprint failed.
#define RUNLOOP_BUILD_FAILED 301
/// A snapshot failed.
#define RUNLOOP_SNAPSHOT_FAILED 302
/// What was waited for did not happen within poll_timeout_ms.
#define RUNLOOP_WAIT_TIMED_OUT 303
/// An archive is damaged, has an entry outside its target directory, or exceeds the limits.
#define RUNLOOP_BAD_ARCHIVE 304
/// A directory of the devbox could not be read or written; runloop_error_body() holds the devbox's
/// error message.
#define RUNLOOP_REMOTE_IO 305

/// A bug in the library. The process continues, but the handles that were passed to the call can only
/// be freed.
#define RUNLOOP_INTERNAL_PANIC 900
/// There is not enough memory for a large response. If there is none for a small allocation, the
/// process is aborted.
#define RUNLOOP_OUT_OF_MEMORY 901
/// Something failed inside the library.
#define RUNLOOP_INTERNAL 902

/// Making the same call again would fail in the same way.
#define RUNLOOP_RETRYABLE_NO 0
/// Making the same call again may succeed.
#define RUNLOOP_RETRYABLE_YES 1
/// It is not known whether making the same call again may succeed, or whether it is safe.
#define RUNLOOP_RETRYABLE_UNKNOWN 2

/// The failed call changed nothing at the service.
#define RUNLOOP_SIDE_EFFECT_NONE 0
/// The failed call changed something: see runloop_error_resource_id().
#define RUNLOOP_SIDE_EFFECT_HAPPENED 1
/// It is not known whether the failed call changed something.
#define RUNLOOP_SIDE_EFFECT_UNKNOWN 2

/// An error: why a call failed, what to do about it, and what it left behind. Immutable; several threads
/// may read it. Free it with runloop_error_free().
struct runloop_error;

/// Returns the name of a status, such as `RUNLOOP_NOT_FOUND`, as a static string; `RUNLOOP_?` for a number
/// that this library does not know.
///
/// Any thread; never blocks; may be called after a fork.
const char *runloop_status_name(int32_t status);

/// Returns the status of the failed call; 0 if `error` is NULL or freed.
///
/// Any thread; never blocks.
int32_t runloop_error_status(const runloop_error *error);

/// Borrowed from `error`: what failed, why, and what to do next, in English, without secrets. Never NULL;
/// empty if `error` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_error_message(const runloop_error *error);

/// Returns the HTTP status of the response; 0 if there was no response.
///
/// Any thread; never blocks.
int32_t runloop_error_http_status(const runloop_error *error);

/// Borrowed from `error`: the service's own error code; NULL if the response has none.
///
/// Any thread; never blocks.
const char *runloop_error_code(const runloop_error *error);

/// Borrowed from `error`: the identifier by which the service's operators can find the request; NULL if
/// there is none.
///
/// Any thread; never blocks.
const char *runloop_error_request_id(const runloop_error *error);

/// Returns how long the service asks to wait before another attempt, in milliseconds; -1 if it does not
/// say. The library itself waits for 60 s at most; if the service asks for more, the call fails.
///
/// Any thread; never blocks.
int64_t runloop_error_retry_after_ms(const runloop_error *error);

/// Returns whether the same call may succeed, and does no harm, if it is made again: one of
/// RUNLOOP_RETRYABLE_…. It is RUNLOOP_RETRYABLE_UNKNOWN if the cause may be temporary, but the call may
/// already have had its effect and would have it twice, or if its runloop_source or runloop_sink is no
/// longer in the state in which it was before the call.
///
/// Any thread; never blocks.
int32_t runloop_error_retryable(const runloop_error *error);

/// Returns how often the request was attempted; 0 if the call failed before the first attempt.
///
/// Any thread; never blocks.
int32_t runloop_error_attempts(const runloop_error *error);

/// Borrowed from `error`: the identifier of the devbox, execution or other resource that the call was
/// about, or that it left behind; NULL if none is known.
///
/// Any thread; never blocks.
const char *runloop_error_resource_id(const runloop_error *error);

/// Returns whether the failed call changed something at the service: one of RUNLOOP_SIDE_EFFECT_….
///
/// Any thread; never blocks.
int32_t runloop_error_side_effect(const runloop_error *error);

/// Borrowed from `error`: the body of the response, at most 64 KiB of it, or the last state that a wait
/// received; NULL if there is none. `length` receives its length in bytes, and may be NULL.
///
/// Any thread; never blocks.
const char *runloop_error_body(const runloop_error *error,
                               size_t *length);

/// Borrowed from `error`: the underlying causes, the innermost last; NULL if none is known.
///
/// Any thread; never blocks.
const char *runloop_error_cause(const runloop_error *error);

/// Frees the error and all strings borrowed from it.
///
/// Any thread; never blocks.
void runloop_error_free(runloop_error *error);

/* ---------------------------------------------------------------------
 * Configuration
 * --------------------------------------------------------------------- */

/// HTTP/2 if the server offers it over TLS, otherwise HTTP/1.1.
#define RUNLOOP_HTTP_AUTO 0
/// HTTP/1.1 only.
#define RUNLOOP_HTTP_1 1
/// HTTP/2 only, even without TLS.
#define RUNLOOP_HTTP_2 2

/// The configuration of a client. Settings that are not set are taken from the environment if the
/// description says so, otherwise from the defaults. Nothing is checked before runloop_client_new().
/// Thread-safe. Free it with runloop_config_free(), before or after the clients created from it.
struct runloop_config;

/// Creates an empty configuration.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_config_new(runloop_config **config, runloop_error **error);

/// Sets the API key. Default: the environment variable RUNLOOP_API_KEY. The key appears in no message and
/// no log.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_bearer_token(const runloop_config *config,
                                        const char *token,
                                        runloop_error **error);

/// Sets the URL of the API. Default: the environment variable RUNLOOP_BASE_URL, otherwise
/// `https://api.runloop.ai`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_base_url(const runloop_config *config,
                                    const char *url,
                                    runloop_error **error);

/// Sets the limit for each attempt, in milliseconds. 0 selects the default: 30 s for most calls; for the
/// others, and for attempts whose response the service holds back by design, see `timeout_ms` of
/// runloop_call_options.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_timeout_ms(const runloop_config *config,
                                      int64_t timeout_ms,
                                      runloop_error **error);

/// Sets the limit for connecting to the server, in milliseconds; 0 selects the default, 5 s. It starts when
/// the look-up of the server's name starts.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_connect_timeout_ms(const runloop_config *config,
                                              int64_t connect_timeout_ms,
                                              runloop_error **error);

/// Sets how often a request may be retried; 0 selects the default, 5; -1 means never.
///
/// An attempt is retried if it did not reach the server, or if the service refused it temporarily (HTTP
/// 429, or `x-should-retry: true`). If repeating the request is harmless, it is also retried if the
/// connection broke, the attempt timed out, or the response was 408, 409 or 5xx. All clients of the process
/// share a budget of retries for each server. A number that is set here also limits the retries while the
/// server cannot be reached; by default, a server that has answered before is retried until the call's
/// deadline, or for 120 s if there is none.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_max_retries(const runloop_config *config,
                                       int32_t max_retries,
                                       runloop_error **error);

/// Adds a header to every request. It replaces one of the same name in the environment variable
/// RUNLOOP_CUSTOM_HEADERS (`Name: value`, one per line). Its value appears in no message and no log.
/// runloop_client_new() refuses headers that the library sets for the connection itself (`Host`,
/// `Content-Length`, `Transfer-Encoding`, `Connection` and the like).
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_add_header(const runloop_config *config,
                                  const char *name,
                                  const char *value,
                                  runloop_error **error);

/// Adds a query parameter to every request. Its value appears in no message and no log, except that a value
/// shorter than 8 bytes may appear if its name is not that of a credential.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_add_query(const runloop_config *config,
                                 const char *name,
                                 const char *value,
                                 runloop_error **error);

/// Sets the proxy (http, https, socks4, socks4a, socks5 or socks5h), such as
/// `http://user:password@host:3128` or `socks5://host:1080`; an empty string means none. Default: the
/// environment variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in upper or lower case, which are
/// read when the client is created. runloop_client_new() returns RUNLOOP_INVALID_ARGUMENT for a proxy that
/// cannot be used.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_proxy(const runloop_config *config,
                                 const char *url,
                                 runloop_error **error);

/// Sets a PEM file of trusted CA certificates; no others are trusted then. It is read once, by
/// runloop_client_new(), which refuses a pipe, such as a shell's <(...), with RUNLOOP_INVALID_ARGUMENT.
///
/// Default: the file that the environment variable SSL_CERT_FILE names and the directories, separated by
/// colons, that SSL_CERT_DIR names; if neither is set, the system's certificates; if the system has none,
/// Mozilla's, which are part of the library. The variables are read when the client is created: a path that
/// does not exist is ignored, and one without a certificate is RUNLOOP_INVALID_ARGUMENT.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_ca_file(const runloop_config *config,
                                   const char *path,
                                   runloop_error **error);

/// Sets the client certificate: PEM files of the certificate chain and of the private key. They are read
/// once, by runloop_client_new(), which refuses pipes with RUNLOOP_INVALID_ARGUMENT.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_client_certificate(const runloop_config *config,
                                              const char *chain_path,
                                              const char *key_path,
                                              runloop_error **error);

/// Sets the version of HTTP: one of RUNLOOP_HTTP_….
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_http_version(const runloop_config *config,
                                        int32_t version,
                                        runloop_error **error);

/// Sets the name of the program, which precedes the library's in User-Agent.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_user_agent(const runloop_config *config,
                                      const char *user_agent,
                                      runloop_error **error);

/// Sets whether requests are validated against the API schema before they are sent: 0 for no, which is the
/// default, otherwise yes.
///
/// Requests with unknown parameters or filters, values of the wrong type, or missing required parameters
/// then fail with RUNLOOP_INVALID_ARGUMENT; the message names the parameter, and the one that was probably
/// meant. The schema is as old as the library: leave this off to use newer parts of the API.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_strict_params(const runloop_config *config,
                                         int32_t strict,
                                         runloop_error **error);

/// Sets whether requests that create resources are left unmarked: 0, the default, marks them.
///
/// The creates that clean up after a failure (runloop_devbox_create(), runloop_devbox_snapshot_disk(),
/// runloop_blueprint_create() and the uploads of objects) put `librunloop_create_id` into the metadata of
/// their request. If the response with the identifier is lost, the library finds the new resource by that
/// mark, and shuts it down or deletes it. The mark is removed from everything that the library returns;
/// other programs of the account see it. Without the mark, a resource whose identifier was lost is left
/// behind.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_unmarked_creates(const runloop_config *config,
                                            int32_t unmarked,
                                            runloop_error **error);

/// Sets the maximum size of a response that is read as a whole, in bytes; 0 selects the default, 256 MiB. A
/// larger one fails with RUNLOOP_PROTOCOL, and the rest of it is not read. The maximum size of an event of
/// a stream is one sixteenth of this.
///
/// This limits how much memory a server can make the library use: a response takes up to three times its
/// size while it is read. It also applies to downloads into memory and to runloop_devbox_read_file(), but
/// not to downloads to paths, descriptors and callbacks, which are not held in memory.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_max_answer_bytes(const runloop_config *config,
                                            int64_t max_answer_bytes,
                                            runloop_error **error);

/// Frees the configuration. Clients already created from it are not affected.
///
/// Any thread; never blocks.
void runloop_config_free(runloop_config *config);

/* ---------------------------------------------------------------------
 * Client
 * --------------------------------------------------------------------- */

/// A client: one server and one API key. All other handles are created from a client and may outlive it.
/// Thread-safe: any number of threads can make calls at once. Clients of the same server share their
/// connections, so further clients are cheap. Free it with runloop_client_free().
struct runloop_client;

/// Creates a client. `config` may be NULL: the environment variables RUNLOOP_API_KEY, RUNLOOP_BASE_URL and
/// RUNLOOP_CUSTOM_HEADERS are used then.
///
/// Sends nothing. The first client of a process starts the library's thread. Reads the files that the
/// configuration names and, for https, the system's certificates, but does not wait for the network. Any
/// thread.
///
/// Statuses: RUNLOOP_MISSING_CREDENTIALS, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE,
/// RUNLOOP_LOCAL_IO (no further file can be opened), RUNLOOP_INTERNAL.
int32_t runloop_client_new(const runloop_config *config,
                           runloop_client **client,
                           runloop_error **error);

/// Closes the client: all calls with it, or with anything created from it, end with RUNLOOP_CLOSED, and so
/// do later ones. Devboxes keep running.
///
/// Waits, for 10 s at most, until the calls that wait for the service have ended and what they had begun
/// has been cleaned up (see runloop_devbox_create()). A call whose callback closes the client is not waited
/// for. What could not be cleaned up is logged. Any thread.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_client_close(const runloop_client *client,
                             runloop_error **error);

/// Frees the client. Handles created from it remain usable. The library's threads end when the last handle
/// of the last client is freed.
///
/// Any thread. If this frees the last handle of the client, it waits, for 10 s at most, until what
/// cancelled calls had begun has been cleaned up; otherwise it never blocks.
void runloop_client_free(runloop_client *client);

/* ---------------------------------------------------------------------
 * Call options
 * --------------------------------------------------------------------- */

/// Callback: reports the progress of a transfer, in bytes. `total` is -1 if the length is not known. Return
/// 0 to continue; any other value ends the call with RUNLOOP_STOPPED.
typedef int32_t (*runloop_progress_fn)(void *user_data, int64_t done, int64_t total);

/// Options of a single call. Zero and NULL select the defaults; initialize with
/// `runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;`. Everything that it points to is used only
/// during the call.
typedef struct runloop_call_options {
    /// sizeof(runloop_call_options); set by RUNLOOP_CALL_OPTIONS_INIT.
    size_t struct_size;
    /// Limit for each attempt, in milliseconds. For a transfer, the idle timeout: the longest it may make
    /// no progress. Default: the client's, otherwise 30 s, except 45 s for runloop_devbox_create(), 60 s
    /// for the content of objects, and 600 s for files and directories of a devbox. If the service holds a
    /// response back by design, the attempt gets at least 7 s more than that, even if this limit is
    /// shorter: 9 s for runloop_devbox_exec(), 37 s for runloop_devbox_create(), up to 32 s for each poll
    /// of a wait. `deadline_ms` limits those too.
    int64_t timeout_ms;
    /// Limit for the whole call, including all attempts, pauses and waits, in milliseconds. Default: none.
    int64_t deadline_ms;
    /// How long a call waits for something to happen before it fails with RUNLOOP_WAIT_TIMED_OUT, in
    /// milliseconds. Default: 120 s for a devbox, 10 min for a snapshot, 30 min for a blueprint, no limit
    /// for a command. A command that runs longer is killed if runloop_devbox_exec() waits for it, with or
    /// without output callbacks, and continues if runloop_execution_result() does.
    int64_t poll_timeout_ms;
    /// Pause between two polls of a wait whose server answers at once instead of holding the request, in
    /// milliseconds. Default: 100 ms, growing to 2 s.
    int64_t poll_interval_ms;
    /// How often the request may be retried, also while the server cannot be reached; -1 for never.
    /// Default: the client's, otherwise 5. If neither is set, a server that has answered before but cannot
    /// be reached is retried until the deadline, or for 120 s if there is none (5 s if this machine has no
    /// descriptor or memory for a connection).
    int32_t max_retries;
    /// Not 0: keeps the resource that a failed or cancelled create has created, instead of shutting it down
    /// or deleting it.
    int32_t keep_on_failure;
    /// Sent as x-request-id with every attempt. Default: a new one for each call.
    const char *idempotency_key;
    /// Additional headers for all requests of the call: an object of strings. They replace headers of the
    /// same name.
    const runloop_params *extra_headers;
    /// Additional query parameters for the first request of the call. They replace parameters of the same
    /// name. Further requests of the call, such as waits, output streams and the kill after a command's
    /// timeout, do not carry them. The clean-up after a failed call does, because it must pass the same
    /// gateways. To add them to every request, use runloop_config_add_query().
    const runloop_params *extra_query;
    /// Additional members for the body of the first request of the call. They replace members of the same
    /// name. If the call uploads a file, they are fields of its form: strings, numbers and booleans.
    const runloop_params *extra_body;
    /// Ends the call when triggered.
    const runloop_cancel *cancel;
    /// Receives the progress of a transfer.
    runloop_progress_fn progress;
    /// Passed to `progress`.
    void *progress_data;
} runloop_call_options;

/// Initializes a runloop_call_options with the defaults.
#define RUNLOOP_CALL_OPTIONS_INIT \
    { sizeof(runloop_call_options), 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/// A cancel token. Any number of calls can share one, in their call options; triggering it from another
/// thread ends them all. Thread-safe. Free it with runloop_cancel_free().
struct runloop_cancel;

/// Creates a cancel token.
///
/// Any thread; never blocks.
int32_t runloop_cancel_new(runloop_cancel **cancel, runloop_error **error);

/// Ends all calls that use the token, now or later, with RUNLOOP_CANCELLED. A token stays triggered;
/// triggering it again has no effect.
///
/// Any thread; never blocks. Must not be called in a signal handler: let a thread wait for the signal
/// (sigwait) and trigger the token.
///
/// Statuses: RUNLOOP_INVALID_HANDLE.
int32_t runloop_cancel_trigger(const runloop_cancel *cancel,
                               runloop_error **error);

/// Frees the token. Calls that use it continue.
///
/// Any thread; never blocks.
void runloop_cancel_free(runloop_cancel *cancel);

/* ---------------------------------------------------------------------
 * Devboxes
 * --------------------------------------------------------------------- */

/// A devbox: an isolated Linux machine at the service. The handle holds its identifier. Freeing the handle
/// leaves the devbox running, except after runloop_devbox_set_shutdown_on_free(). Thread-safe. Free it with
/// runloop_devbox_free().
struct runloop_devbox;

/// A position in a list of devboxes; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_devbox_cursor_free().
struct runloop_devbox_cursor;

/// Creates a devbox and waits until it is running.
///
/// `params`: the request body, or NULL: `/name`, `/metadata`, `/environment_variables`,
/// `/launch_parameters`, `/mounts` and others. The service shuts the devbox down after one hour, unless
/// `/launch_parameters/keep_alive_time_seconds` says otherwise.
///
/// Leaves nothing behind: if the call fails or is cancelled after the devbox was created, the devbox is
/// shut down in the background, unless `keep_on_failure` is set in `opts`. So that a devbox whose
/// identifier was lost can be found, the request carries a mark in its metadata: see
/// runloop_config_set_unmarked_creates().
///
/// Blocks until the devbox is running, for `poll_timeout_ms` at most (default: 120 s). Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_create(const runloop_client *client,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_devbox **devbox,
                              runloop_error **error);

/// Creates a devbox from a blueprint and waits until it is running. Otherwise like runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_id`.
///
/// Statuses: those of runloop_devbox_create().
int32_t runloop_devbox_create_from_blueprint_id(const runloop_client *client,
                                                const char *blueprint_id,
                                                const runloop_params *params,
                                                const runloop_call_options *opts,
                                                runloop_devbox **devbox,
                                                runloop_error **error);

/// Creates a devbox from the newest blueprint with the given name and waits until it is running. Otherwise
/// like runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_name`.
///
/// Statuses: those of runloop_devbox_create().
int32_t runloop_devbox_create_from_blueprint_name(const runloop_client *client,
                                                  const char *blueprint_name,
                                                  const runloop_params *params,
                                                  const runloop_call_options *opts,
                                                  runloop_devbox **devbox,
                                                  runloop_error **error);

/// Creates a devbox from a disk snapshot and waits until it is running. Otherwise like
/// runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `snapshot_id`.
///
/// Statuses: those of runloop_devbox_create().
int32_t runloop_devbox_create_from_snapshot(const runloop_client *client,
                                            const char *snapshot_id,
                                            const runloop_params *params,
                                            const runloop_call_options *opts,
                                            runloop_devbox **devbox,
                                            runloop_error **error);

/// Creates a devbox and returns as soon as it has an identifier. Call runloop_devbox_await_running() before
/// you run commands in it. `params` are those of runloop_devbox_create().
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes.
///
/// Statuses: those of any request.
int32_t runloop_devbox_create_async(const runloop_client *client,
                                    const runloop_params *params,
                                    const runloop_call_options *opts,
                                    runloop_devbox **devbox,
                                    runloop_error **error);

/// Creates a handle for an existing devbox, after waiting until it is running.
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of runloop_devbox_await_running().
int32_t runloop_devbox_from_id(const runloop_client *client,
                               const char *id,
                               const runloop_call_options *opts,
                               runloop_devbox **devbox,
                               runloop_error **error);

/// Creates a handle for a devbox by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_devbox_attach(const runloop_client *client,
                              const char *id,
                              runloop_devbox **devbox,
                              runloop_error **error);

/// Waits until the devbox is running. If it fails or is shut down instead, returns RUNLOOP_DEVBOX_FAILED. A
/// suspended devbox is waited for, since another program may resume it; otherwise the wait times out.
///
/// `info` receives the devbox, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s). Any
/// thread.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (runloop_error_body()
/// holds the last state that was received).
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
int32_t runloop_devbox_await_running(const runloop_devbox *devbox,
                                     const runloop_call_options *opts,
                                     runloop_value **info,
                                     runloop_error **error);

/// Shuts the devbox down: everything running in it is killed, and its disk is deleted. The handle must
/// still be freed.
///
/// `info` receives the devbox, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/shutdown.
///
/// Statuses: those of any request.
int32_t runloop_devbox_shutdown(const runloop_devbox *devbox,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Sets whether freeing this handle shuts the devbox down. If `timeout_ms` is above 0, it does, and
/// runloop_devbox_free() may block for that time. If it is 0, the default, it does not. Other handles of
/// the same devbox are not affected.
///
/// The shutdown is a single request with few retries. runloop_devbox_free() cannot report whether it
/// succeeded; a failure is only logged (RUNLOOP_LOG_WARN). To learn the outcome, call
/// runloop_devbox_shutdown(); freeing the handle then sends nothing. The shutdown also happens if the
/// client has been closed, but never in a forked child.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_devbox_set_shutdown_on_free(const runloop_devbox *devbox,
                                            int64_t timeout_ms,
                                            runloop_error **error);

/// Resets the devbox's keep-alive timer. When the timer expires, the service shuts the devbox down: after
/// one hour, or after `/launch_parameters/keep_alive_time_seconds`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/keep_alive.
///
/// Statuses: those of any request.
int32_t runloop_devbox_keep_alive(const runloop_devbox *devbox,
                                  const runloop_call_options *opts,
                                  runloop_error **error);

/// Suspends the devbox and waits until it is suspended: its processes are killed, and its disk is kept.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s).
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/suspend, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_suspend(const runloop_devbox *devbox,
                               const runloop_call_options *opts,
                               runloop_value **info,
                               runloop_error **error);

/// Waits until the devbox is suspended. If it fails or is shut down instead, returns RUNLOOP_DEVBOX_FAILED.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s).
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (runloop_error_body()
/// holds the last state that was received).
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
int32_t runloop_devbox_await_suspended(const runloop_devbox *devbox,
                                       const runloop_call_options *opts,
                                       runloop_value **info,
                                       runloop_error **error);

/// Resumes a suspended devbox and waits until it is running.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s).
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_resume(const runloop_devbox *devbox,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Resumes a suspended devbox without waiting until it is running. Its state may still be suspended for a
/// moment.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume.
///
/// Statuses: those of any request.
int32_t runloop_devbox_resume_async(const runloop_devbox *devbox,
                                    const runloop_call_options *opts,
                                    runloop_value **info,
                                    runloop_error **error);

/// Changes the devbox's `/name` or `/metadata`.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}.
///
/// Statuses: those of any request.
int32_t runloop_devbox_update(const runloop_devbox *devbox,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Borrowed from `devbox`: its identifier, `dbx_…`. NULL if `devbox` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_devbox_id(const runloop_devbox *devbox);

/// Retrieves the current state of the devbox.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}.
///
/// Statuses: those of any request.
int32_t runloop_devbox_get_info(const runloop_devbox *devbox,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Retrieves the devbox's resource usage so far: `/vcpu_seconds`, `/memory_gb_seconds` ….
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}/usage.
///
/// Statuses: those of any request.
int32_t runloop_devbox_usage(const runloop_devbox *devbox,
                             const runloop_call_options *opts,
                             runloop_value **usage,
                             runloop_error **error);

/// Retrieves the devbox's logs so far: `/logs/0/message` …. Logs reach the service with a delay. To read
/// the output of a command, use its result.
///
/// `params`: filters, or NULL: `/execution_id`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}/logs.
///
/// Statuses: those of any request.
int32_t runloop_devbox_logs(const runloop_devbox *devbox,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_value **logs,
                            runloop_error **error);

/// Lists devboxes. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/status`, `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_devbox_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_devbox_cursor **cursor,
                            runloop_error **error);

/// Retrieves the next devbox of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `devbox` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/devboxes.
///
/// Statuses: those of any request.
int32_t runloop_devbox_cursor_next(const runloop_devbox_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_devbox **devbox,
                                   runloop_value **info,
                                   runloop_error **error);

/// Frees the handle. The devbox keeps running until runloop_devbox_shutdown() is called, unless
/// runloop_devbox_set_shutdown_on_free() has been called.
///
/// Any thread. Blocks only for that shutdown, and as the last handle of its client: see
/// runloop_client_free().
void runloop_devbox_free(runloop_devbox *devbox);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_devbox_cursor_free(runloop_devbox_cursor *cursor);

/* ---------------------------------------------------------------------
 * Commands
 * --------------------------------------------------------------------- */

/// The service did not report how the command ended.
#define RUNLOOP_OUTCOME_UNKNOWN 0
/// The command exited; see its exit code.
#define RUNLOOP_OUTCOME_EXITED 1
/// The command was ended by a signal: its exit code is 128 plus the number of the signal, as in a
/// shell.
#define RUNLOOP_OUTCOME_SIGNALLED 2
/// The command was killed because it exceeded its timeout_ms.
#define RUNLOOP_OUTCOME_TIMED_OUT 3
/// The command has ended, but a part of its output is not available, or may be missing.
#define RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE 4

/// Standard output. RUNLOOP_STDOUT | RUNLOOP_STDERR means both.
#define RUNLOOP_STDOUT 1
/// Standard error.
#define RUNLOOP_STDERR 2

/// Callback: receives output of a command as it is produced. `stream` is RUNLOOP_STDOUT or RUNLOOP_STDERR.
/// `data` holds `length` bytes without a terminating NUL and is valid until the callback returns. Return 0
/// to continue; any other value ends the call with RUNLOOP_STOPPED.
typedef int32_t (*runloop_output_fn)(void *user_data,
                                     int32_t stream,
                                     const char *data,
                                     size_t length);

/// Options for running a command. Zero and NULL select the defaults; initialize with
/// `runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;`. Everything that it points to is used only
/// during the call, except for the output callbacks of runloop_devbox_exec_async(): see there.
typedef struct runloop_exec_options {
    /// sizeof(runloop_exec_options); set by RUNLOOP_EXEC_OPTIONS_INIT.
    size_t struct_size;
    /// Working directory of the command. Default: the user's home directory.
    const char *working_directory;
    /// Environment variables in addition to the devbox's own: strings of the form NAME=value, followed by a
    /// NULL pointer. Any valid name can be set, except variables that the shell controls (PPID, RANDOM,
    /// SHELLOPTS …), which are RUNLOOP_INVALID_ARGUMENT. If the devbox's profile makes one of the variables
    /// read-only, the command is not run and the exit code is 125. Values of four bytes or more are removed
    /// from error messages.
    const char *const *environment;
    /// User that runs the command. Default: the devbox's user.
    const char *user;
    /// Limit for the run time of the command, in milliseconds. When it is exceeded, the command's process
    /// group is killed (see runloop_execution_kill()), and the output so far is returned. If the command
    /// has not ended 10 s later, the call fails with RUNLOOP_WAIT_TIMED_OUT. Default: no limit.
    int64_t timeout_ms;
    /// Keeps only the last N bytes of each output stream in the result; the output callbacks receive all of
    /// it. Default: everything is kept.
    int64_t max_output_bytes;
    /// Receives standard output as it is produced.
    runloop_output_fn on_stdout;
    /// Receives standard error as it is produced.
    runloop_output_fn on_stderr;
    /// Receives both as they are produced.
    runloop_output_fn on_output;
    /// Passed to the output callbacks.
    void *user_data;
    /// Not 0: lets runloop_execution_send_stdin() send input. Only for runloop_devbox_exec_async().
    int32_t attach_stdin;
    /// Must be 0.
    int32_t reserved;
} runloop_exec_options;

/// Initializes a runloop_exec_options with the defaults.
#define RUNLOOP_EXEC_OPTIONS_INIT \
    { sizeof(runloop_exec_options), NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, 0, 0 }

/// The result of a command: how it ended, and its output. Immutable; several threads may read it. Free it
/// with runloop_exec_result_free().
struct runloop_exec_result;

/// A command that was started in a devbox. Freeing the handle leaves the command running. Thread-safe. Free
/// it with runloop_execution_free().
struct runloop_execution;

/// Runs a command in a new login shell of the devbox and waits until it ends. A command that fails is a
/// result, not an error.
///
/// If `exec` has output callbacks, they receive the output as it is produced, every byte once (but invalid
/// UTF-8 is replaced by U+FFFD), on this thread, and never after the call has returned. Without them, a
/// command that ends quickly takes a single round trip. If one of the two outputs cannot be read, the call
/// does not end: the other output continues, the reason is logged, and if the finished command does not
/// show all of the output, the outcome is RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE.
///
/// The call owns the command: if the call is cancelled, exceeds its deadline or its `poll_timeout_ms`, is
/// stopped by an output callback, or fails otherwise, the command's process group is killed in the
/// background (see runloop_execution_kill()).
///
/// Blocks until the command has ended. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute; with output callbacks, `timeout_ms` or `max_output_bytes`
/// POST /v1/devboxes/{id}/execute_async,
/// GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates, …/stream_stderr_updates,
/// POST …/wait_for_status, …/kill.
///
/// Statuses: those of any request; RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
int32_t runloop_devbox_exec(const runloop_devbox *devbox,
                            const char *command,
                            const runloop_exec_options *exec,
                            const runloop_call_options *opts,
                            runloop_exec_result **result,
                            runloop_error **error);

/// Starts a command in a new login shell of the devbox and returns. The command continues whatever happens
/// to the handle.
///
/// Output callbacks in `exec` are called by runloop_execution_result(), on the thread that calls it;
/// `user_data` must stay valid until then. `timeout_ms` in `exec` is likewise enforced only while
/// runloop_execution_result() waits.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute_async.
///
/// Statuses: those of any request.
int32_t runloop_devbox_exec_async(const runloop_devbox *devbox,
                                  const char *command,
                                  const runloop_exec_options *exec,
                                  const runloop_call_options *opts,
                                  runloop_execution **execution,
                                  runloop_error **error);

/// Returns the command's exit code; -1 if the service does not know it.
///
/// Any thread; never blocks.
int32_t runloop_exec_result_exit_code(const runloop_exec_result *result);

/// Returns how the command ended: one of RUNLOOP_OUTCOME_….
///
/// Any thread; never blocks.
int32_t runloop_exec_result_outcome(const runloop_exec_result *result);

/// Returns 1 if the command ended in time with exit code 0 and all its output is available; otherwise 0.
///
/// Any thread; never blocks.
int32_t runloop_exec_result_success(const runloop_exec_result *result);

/// Returns the command's standard output: the last `last_n` lines, or everything if `last_n` is 0. If
/// `max_output_bytes` was set, only what was kept is returned. Invalid UTF-8 is replaced by U+FFFD: to get
/// binary output, have the command write a file, and download that.
///
/// If the service returned only the last lines, the rest is requested when it is first needed. That needs
/// the devbox: call this before you shut it down. Blocks only for that request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates.
///
/// Statuses: those of any request.
int32_t runloop_exec_result_stdout(const runloop_exec_result *result,
                                   int64_t last_n,
                                   const runloop_call_options *opts,
                                   runloop_bytes **output,
                                   runloop_error **error);

/// Returns the command's standard error. Otherwise like runloop_exec_result_stdout().
///
/// Blocks like runloop_exec_result_stdout(). Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stderr_updates.
///
/// Statuses: those of any request.
int32_t runloop_exec_result_stderr(const runloop_exec_result *result,
                                   int64_t last_n,
                                   const runloop_call_options *opts,
                                   runloop_bytes **output,
                                   runloop_error **error);

/// Borrowed from `result`: the identifier of the execution. NULL if `result` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_exec_result_execution_id(const runloop_exec_result *result);

/// Returns the final state of the execution, as the API returned it.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_exec_result_value(const runloop_exec_result *result,
                                  runloop_value **value,
                                  runloop_error **error);

/// Creates a handle for an execution by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_execution_attach(const runloop_devbox *devbox,
                                 const char *id,
                                 runloop_execution **execution,
                                 runloop_error **error);

/// Borrowed from `execution`: its identifier. NULL if `execution` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_execution_id(const runloop_execution *execution);

/// Borrowed from `execution`: the identifier of its devbox. NULL if `execution` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_execution_devbox_id(const runloop_execution *execution);

/// Retrieves the current state of the execution: `/status` is queued, running or completed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}.
///
/// Statuses: those of any request.
int32_t runloop_execution_get_state(const runloop_execution *execution,
                                    const runloop_call_options *opts,
                                    runloop_value **state,
                                    runloop_error **error);

/// Waits until the command has ended. May be called repeatedly, and by several threads. The call does not
/// own the command: if the call is cancelled, the command continues.
///
/// Calls the output callbacks that were passed to runloop_devbox_exec_async(), with the output from its
/// first byte. Blocks until the command has ended, without a limit unless `deadline_ms` or
/// `poll_timeout_ms` sets one. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
int32_t runloop_execution_result(const runloop_execution *execution,
                                 const runloop_call_options *opts,
                                 runloop_exec_result **result,
                                 runloop_error **error);

/// Kills the command, or, if `process_group` is not 0, its process group: the command and the processes
/// that it has started. Processes that have left the group (setsid, daemons) continue; shutting the devbox
/// down kills them too. Succeeds if the command has already ended.
///
/// Blocks for one request, not until the command has ended. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/kill.
///
/// Statuses: those of any request.
int32_t runloop_execution_kill(const runloop_execution *execution,
                               int32_t process_group,
                               const runloop_call_options *opts,
                               runloop_error **error);

/// Writes text to the stdin of a command that was started with `attach_stdin`. Sends nothing if the text is
/// empty.
///
/// Texts sent through the same handle arrive in the order of the calls; a call that waits for an earlier
/// one obeys its own deadline and cancel token. A call whose outcome is unknown is not retried, because the
/// text could arrive twice. Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the command accepts no input.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in.
int32_t runloop_execution_send_stdin(const runloop_execution *execution,
                                     const char *text,
                                     const runloop_call_options *opts,
                                     runloop_error **error);

/// Closes the stdin of a command that was started with `attach_stdin`: its next read returns end of file.
///
/// Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the command accepts no input.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `EOF`.
int32_t runloop_execution_close_stdin(const runloop_execution *execution,
                                      const runloop_call_options *opts,
                                      runloop_error **error);

/// Interrupts a command that was started with `attach_stdin`, as Ctrl-C does.
///
/// Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the command accepts no input.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `INTERRUPT`.
int32_t runloop_execution_interrupt(const runloop_execution *execution,
                                    const runloop_call_options *opts,
                                    runloop_error **error);

/// Frees the result.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_exec_result_free(runloop_exec_result *result);

/// Frees the handle. The command continues until it ends or runloop_execution_kill() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_execution_free(runloop_execution *execution);

/* ---------------------------------------------------------------------
 * Output streams
 * --------------------------------------------------------------------- */

/// A stream of a command's output, read piece by piece in constant memory: a slow reader applies
/// back-pressure. May be used by one thread at a time. Free it with runloop_output_stream_free().
struct runloop_output_stream;

/// Opens a stream of a command's output, from its first byte. Sends nothing yet.
///
/// `which` is RUNLOOP_STDOUT, RUNLOOP_STDERR, or both combined with `|`. The timeout, the retries and the
/// extra headers in `opts` apply to the requests of the stream; pass a deadline and a cancel token to each
/// runloop_output_stream_next() instead. A request that receives nothing for the timeout, or for 20 s if
/// that is shorter, is sent again, since its connection may have died unnoticed. A stream that stays silent
/// although the command has ended is requested once more, and then given up.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_execution_stream(const runloop_execution *execution,
                                 int32_t which,
                                 const runloop_call_options *opts,
                                 runloop_output_stream **stream,
                                 runloop_error **error);

/// Reads the next piece of output. `data` receives `length` bytes without a terminating NUL, borrowed from
/// `stream` until the next call or until it is freed. `which` receives RUNLOOP_STDOUT or RUNLOOP_STDERR. At
/// the end, returns RUNLOOP_OK with `which` 0 and `data` NULL.
///
/// Every byte is delivered once and in order, even if the connection breaks. Invalid UTF-8, including
/// incomplete characters, is replaced by U+FFFD. A failed call, for instance one that exceeds its deadline,
/// loses nothing: the next call continues. If the stream broke or stayed silent, and it cannot be confirmed
/// afterwards that all output has arrived, the call returns RUNLOOP_BROKEN instead of the end. If one of
/// two outputs fails, the next call continues with the other, and tries the failed one again. Blocks until
/// there is output. One thread at a time.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if another thread is using the stream.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates,
/// …/stream_stderr_updates.
int32_t runloop_output_stream_next(const runloop_output_stream *stream,
                                   const runloop_call_options *opts,
                                   int32_t *which,
                                   const char **data,
                                   size_t *length,
                                   runloop_error **error);

/// Frees the stream and closes it at the service. The command continues.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_output_stream_free(runloop_output_stream *stream);

/* ---------------------------------------------------------------------
 * Files
 * --------------------------------------------------------------------- */

/// Callback: provides the next bytes of an upload. Writes at most `capacity` bytes to `buffer` and returns
/// their number. Return 0 at the end of the data, or -1 to end the call with RUNLOOP_STOPPED.
typedef int64_t (*runloop_read_fn)(void *user_data, char *buffer, size_t capacity);

/// Where the bytes of an upload come from. Initialize with RUNLOOP_SOURCE_INIT and set exactly one of
/// `path`, `data`, `fd` and `read`. Everything that it points to is used only during the call.
///
/// A pipe, socket or terminal is read when it has bytes, which are sent as they arrive. While it has none,
/// the call's deadline, its cancel token and runloop_client_close() can end the call. It may be in blocking
/// or non-blocking mode; its flags are not changed. (If it is in blocking mode, cannot be opened a second
/// time, for instance because it belongs to another user, and is also read by another process, it may be
/// empty when it is read; the call then blocks in that read.) A regular file is sent up to the length that
/// it had when the call began; if it becomes shorter meanwhile, it is sent as it is then. Waits for a disk
/// or a network file system cannot be interrupted.
///
/// If the call fails, a descriptor of a regular file is set back to its previous offset. Bytes that a pipe
/// or `read` has delivered cannot be read again: runloop_error_retryable() then does not return
/// RUNLOOP_RETRYABLE_YES. If you can make `read` start again, you can repeat the call unless it returns
/// RUNLOOP_RETRYABLE_NO.
///
/// Record locks (fcntl with F_SETLK) that the process holds on the file are lost: the system releases them
/// whenever the process closes any descriptor of the file. Locks by F_OFD_SETLK and flock stay.
typedef struct runloop_source {
    /// sizeof(runloop_source); set by RUNLOOP_SOURCE_INIT.
    size_t struct_size;
    /// A local file. A named pipe without a writer is waited for. A path that names a descriptor of this
    /// process, such as /dev/stdin or /dev/fd/3, works like `fd`: reading starts at its current offset.
    const char *path;
    /// `length` bytes of memory. For an empty upload, any pointer except NULL, with a length of 0.
    const void *data;
    /// The length of `data`, which must be set, or the number of bytes that `read` will provide, 0 or less
    /// if unknown; if `read` provides fewer or more, the call fails with RUNLOOP_LOCAL_IO. It must not be
    /// set with `path` and `fd`, which are read to their end. RUNLOOP_SOURCE_INIT sets it to -1.
    int64_t length;
    /// Provides the bytes.
    runloop_read_fn read;
    /// Passed to `read`.
    void *user_data;
    /// An open file descriptor, read from its current offset and not closed; -1 for none, as set by
    /// RUNLOOP_SOURCE_INIT.
    int32_t fd;
    /// Must be 0.
    int32_t reserved;
} runloop_source;

/// Initializes a runloop_source with the defaults.
#define RUNLOOP_SOURCE_INIT \
    { sizeof(runloop_source), NULL, NULL, -1, NULL, NULL, -1, 0 }

/// Callback: receives the next `length` bytes of a download. `data` is valid until the callback returns.
/// Return 0 to continue; any other value ends the call with RUNLOOP_STOPPED.
typedef int32_t (*runloop_write_fn)(void *user_data, const char *data, size_t length);

/// Where the bytes of a download go. Initialize with RUNLOOP_SINK_INIT and set exactly one of `path`, `fd`
/// and `write`.
///
/// A pipe, socket or terminal is written to when it has room. While it has none, the call's deadline, its
/// cancel token and runloop_client_close() can end the call. It may be in blocking or non-blocking mode;
/// its flags are not changed. If its reader is gone, the call ends with RUNLOOP_LOCAL_IO and raises no
/// SIGPIPE.
///
/// If the call fails, a descriptor of a regular file is set back to its previous offset, and the file is no
/// longer than it was; overwritten contents are lost. What a pipe, `write`, or a file opened with O_APPEND
/// has received stays: runloop_error_retryable() then does not return RUNLOOP_RETRYABLE_YES.
typedef struct runloop_sink {
    /// sizeof(runloop_sink); set by RUNLOOP_SINK_INIT.
    size_t struct_size;
    /// A local file. It appears under its name, and replaces an existing file, when it is complete and
    /// written to the disk. The permissions, the access control list and, if possible, the owner of a
    /// replaced file are kept; its other hard links keep the old contents. A file that can be written but
    /// not replaced (something is mounted on it, or nothing can be created next to it) is overwritten once
    /// all bytes have been received. A symbolic link stays; its target is replaced or created. A named pipe
    /// or a device is written to; a pipe, as soon as it has a reader. A path that names a descriptor of
    /// this process, such as /dev/stdout or /dev/fd/3, works like `fd`: writing starts at its current
    /// offset.
    const char *path;
    /// Receives the bytes.
    runloop_write_fn write;
    /// Passed to `write`.
    void *user_data;
    /// An open file descriptor, written from its current offset and not closed; -1 for none, as set by
    /// RUNLOOP_SINK_INIT.
    int32_t fd;
    /// Must be 0.
    int32_t reserved;
} runloop_sink;

/// Initializes a runloop_sink with the defaults.
#define RUNLOOP_SINK_INIT \
    { sizeof(runloop_sink), NULL, NULL, NULL, -1, 0 }

/// Reads a text file of the devbox. For large or binary files, use runloop_devbox_download_file().
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the contents have been
/// received. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/read_file_contents.
///
/// Statuses: those of any request.
int32_t runloop_devbox_read_file(const runloop_devbox *devbox,
                                 const char *path,
                                 const runloop_call_options *opts,
                                 runloop_bytes **contents,
                                 runloop_error **error);

/// Writes `length` bytes from `contents` to a file of the devbox, which is created or replaced. Contents
/// that are not valid UTF-8 are uploaded instead, because the endpoint for text cannot transfer them.
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the service has written the
/// file. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/write_file_contents, or …/upload_file.
///
/// Statuses: those of any request.
int32_t runloop_devbox_write_file(const runloop_devbox *devbox,
                                  const char *path,
                                  const char *contents,
                                  size_t length,
                                  const runloop_call_options *opts,
                                  runloop_error **error);

/// Uploads a file of any size to the devbox, from a file, memory, a descriptor or a callback, in constant
/// memory.
///
/// `path` is the destination in the devbox: absolute, or relative to the user's home directory.
/// `timeout_ms` in `opts` is the idle timeout; `progress` counts the bytes of the whole request body. If
/// the connection breaks, the file is sent again, up to `max_retries` times, which is harmless. This is not
/// possible if a pipe or a callback has provided bytes: the call then fails, the service may have written
/// the file or a part of it, and runloop_error_retryable() does not return RUNLOOP_RETRYABLE_YES. Blocks
/// until the service has the file. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/upload_file.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_devbox_upload_file(const runloop_devbox *devbox,
                                   const char *path,
                                   const runloop_source *source,
                                   const runloop_call_options *opts,
                                   runloop_error **error);

/// Downloads a file of any size from the devbox, to a file, a descriptor or a callback, in constant memory.
/// If `sink` is NULL, downloads into memory: `contents` receives the bytes, and a file that is larger than
/// runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The service does not support downloading a part of a file. If the connection breaks, a file that goes to
/// a path, to memory or to a descriptor of a regular file is downloaded again from its beginning (and
/// `progress` starts again), up to `max_retries` times; for any other descriptor, and for a callback, the
/// call fails with RUNLOOP_BROKEN once it has received bytes. A local file appears under its name when it
/// is complete, and nothing is left of it after a failure.
///
/// `path` is absolute, or relative to the user's home directory. `timeout_ms` in `opts` is the idle
/// timeout. Blocks until the file has been received. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/download_file.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_devbox_download_file(const runloop_devbox *devbox,
                                     const char *path,
                                     const runloop_sink *sink,
                                     const runloop_call_options *opts,
                                     runloop_bytes **contents,
                                     runloop_error **error);

/* ---------------------------------------------------------------------
 * Directories
 * --------------------------------------------------------------------- */

/// Callback: reports an entry of a directory that was skipped, and the reason. `path` is relative to the
/// directory. Both strings are valid until the callback returns.
typedef void (*runloop_skipped_fn)(void *user_data, const char *path, const char *reason);

/// Options for packing and unpacking a directory. Zero and NULL select the defaults; initialize with
/// `runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;`. Everything that it points to is used only
/// during the call.
typedef struct runloop_tree_options {
    /// sizeof(runloop_tree_options); set by RUNLOOP_TREE_OPTIONS_INIT.
    size_t struct_size;
    /// Patterns of entries to skip when packing, with the rules of .dockerignore, followed by a NULL
    /// pointer. The last pattern that matches a path decides; `!` marks an exception. Must not be set for
    /// unpacking; neither must `ignore_file`.
    const char *const *ignore;
    /// A file of such patterns, which precede those of `ignore`.
    const char *ignore_file;
    /// Reports skipped entries, and the reason. Sockets, named pipes, devices and, when unpacking, links
    /// that lead outside are always skipped. If this callback is set, any other entry that fails on its own
    /// is skipped too: one that cannot be read, becomes shorter, or has something in its way. An entry
    /// whose permissions and time cannot be set is reported, but kept. If the callback is not set, an entry
    /// that fails ends the call with an error that names it: RUNLOOP_LOCAL_IO, RUNLOOP_BAD_ARCHIVE, or
    /// RUNLOOP_REMOTE_IO if the devbox's tar reports it. A failure that affects more than the entry (a full
    /// disk, a damaged archive, a path that would leave the directory, a limit) always ends the call.
    runloop_skipped_fn on_skipped;
    /// Passed to `on_skipped`.
    void *user_data;
    /// Maximum number of files, directories and links to unpack; -1 for no limit. Default: 1,000,000.
    int64_t max_entries;
    /// Maximum total size of the files to unpack, in bytes; -1 for no limit. Default: 64 GiB.
    int64_t max_bytes;
} runloop_tree_options;

/// Initializes a runloop_tree_options with the defaults.
#define RUNLOOP_TREE_OPTIONS_INIT \
    { sizeof(runloop_tree_options), NULL, NULL, NULL, NULL, 0, 0 }

/// Uploads a local directory with everything in it to the directory `remote_path` of the devbox, which is
/// created if it does not exist. Existing files there are kept, or replaced by files of the same name.
///
/// The directory is packed while it is sent, on all cores and in constant memory, and unpacked by the
/// devbox's tar: two requests, whatever its size. Permissions, times, symbolic and hard links are
/// preserved; extended attributes, access control lists and fractions of a second are not. The files belong
/// to the devbox's user. Existing directories keep their permissions. `timeout_ms` in `opts` is the idle
/// timeout; `progress` counts the packed bytes, whose total is not known.
///
/// Since the length of the archive is not known while it is packed, it is sent without a length. If the
/// service refuses that (HTTP 411), the archive is first stored, in memory if it is small, otherwise in an
/// unnamed file in TMPDIR (/tmp), and sent again. If an upload breaks, the directory is packed again and
/// sent again. If the call fails, the archive is removed from the devbox in the background. If
/// `remote_path` cannot be created, the parent directories that were created for it are removed; what was
/// unpacked before any other failure stays. Blocks until the directory is complete. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/upload_file, then POST /v1/devboxes/{id}/execute.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_REMOTE_IO, RUNLOOP_STOPPED.
int32_t runloop_devbox_upload_dir(const runloop_devbox *devbox,
                                  const char *local_path,
                                  const char *remote_path,
                                  const runloop_tree_options *tree,
                                  const runloop_call_options *opts,
                                  runloop_error **error);

/// Downloads the directory `remote_path` of the devbox with everything in it to the local directory
/// `local_path`. A new directory appears when it is complete. In an existing directory, files are added and
/// replaced, each when it is complete; new directories appear before their contents, and what arrived
/// before a failure stays.
///
/// The devbox's tar packs the directory: three requests, whatever its size, in constant memory. Nothing is
/// written outside `local_path`: links that would lead outside, and devices, are skipped and reported.
/// Existing directories keep their permissions. Extended attributes, access control lists and fractions of
/// a second are not preserved. The commands in the devbox do not depend on its user's profile, environment
/// and locale. `timeout_ms` in `opts` is the idle timeout; `progress` counts the packed bytes.
///
/// If the connection breaks, the archive is downloaded again, up to `max_retries` times, and what has
/// already been unpacked is skipped. What a failed call has unpacked into a new directory is removed. If
/// the call was ended by its deadline, its cancel token or the closing of the client, most of that happens
/// afterwards, on a thread of the library; if no thread can be started, or the process ends first, a
/// directory named `.….part` stays next to `local_path`. Blocks until the directory is complete. Any
/// thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute, then POST /v1/devboxes/{id}/download_file, and execute again.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_REMOTE_IO, RUNLOOP_BAD_ARCHIVE,
/// RUNLOOP_STOPPED.
int32_t runloop_devbox_download_dir(const runloop_devbox *devbox,
                                    const char *remote_path,
                                    const char *local_path,
                                    const runloop_tree_options *tree,
                                    const runloop_call_options *opts,
                                    runloop_error **error);

/* ---------------------------------------------------------------------
 * Tunnels and SSH
 * --------------------------------------------------------------------- */

/// Opens the devbox's tunnel, which makes its ports reachable: `/tunnel_key`, `/auth_mode`, `/auth_token`.
///
/// `params`: the request body, or NULL: `/auth_mode` (open or authenticated), `/http_keep_alive`,
/// `/wake_on_http`. Requests through an authenticated tunnel carry the header
/// `X-Runloop-Tunnel-Authorization: Bearer` with the token.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/enable_tunnel.
///
/// Statuses: those of any request.
int32_t runloop_devbox_enable_tunnel(const runloop_devbox *devbox,
                                     const runloop_params *params,
                                     const runloop_call_options *opts,
                                     runloop_value **tunnel,
                                     runloop_error **error);

/// Retrieves the devbox's tunnel: `/tunnel_key`, `/auth_mode`, `/auth_token`. If it has none, returns
/// RUNLOOP_OK and sets `tunnel` to NULL.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}.
///
/// Statuses: those of any request.
int32_t runloop_devbox_get_tunnel(const runloop_devbox *devbox,
                                  const runloop_call_options *opts,
                                  runloop_value **tunnel,
                                  runloop_error **error);

/// Returns the URL of a port of the devbox through its tunnel,
/// `https://{port}-{tunnel_key}.tunnel.{domain}`, followed by a NUL. If the devbox has no tunnel, returns
/// RUNLOOP_OK and sets `url` to NULL.
///
/// The domain is the API's host without a leading `api.`. The URL has the scheme and the port of the base
/// URL. If the API's host is an IP address, the domain is `localhost`, so that tunnels of a local emulator
/// work.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}.
///
/// Statuses: those of any request.
int32_t runloop_devbox_get_tunnel_url(const runloop_devbox *devbox,
                                      int32_t port,
                                      const runloop_call_options *opts,
                                      runloop_bytes **url,
                                      runloop_error **error);

/// Closes the devbox's tunnel.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/remove_tunnel.
///
/// Statuses: those of any request.
int32_t runloop_devbox_remove_tunnel(const runloop_devbox *devbox,
                                     const runloop_call_options *opts,
                                     runloop_error **error);

/// Opens a tunnel to a terminal in the devbox: `/tunnel_key`, `/auth_token`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_pty_tunnel.
///
/// Statuses: those of any request.
int32_t runloop_devbox_create_pty_tunnel(const runloop_devbox *devbox,
                                         const runloop_call_options *opts,
                                         runloop_value **tunnel,
                                         runloop_error **error);

/// Creates an SSH key for the devbox: `/ssh_user`, `/ssh_private_key`, `/url`. The private key appears in
/// no message and no log.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_ssh_key.
///
/// Statuses: those of any request.
int32_t runloop_devbox_create_ssh_key(const runloop_devbox *devbox,
                                      const runloop_call_options *opts,
                                      runloop_value **key,
                                      runloop_error **error);

/// Creates a token with which programs in the devbox call an API through a gateway: `/url`, `/token`.
///
/// `params`: the request body: `/gateway` and `/secret`, each an identifier or a name.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_gateway_token.
///
/// Statuses: those of any request.
int32_t runloop_devbox_create_gateway_token(const runloop_devbox *devbox,
                                            const runloop_params *params,
                                            const runloop_call_options *opts,
                                            runloop_value **token,
                                            runloop_error **error);

/// Creates a token with which programs in the devbox call an MCP server through a gateway: `/url`,
/// `/token`.
///
/// `params`: the request body: `/mcp_config` and `/secret`, each an identifier or a name.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_mcp_token.
///
/// Statuses: those of any request.
int32_t runloop_devbox_create_mcp_token(const runloop_devbox *devbox,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_value **token,
                                        runloop_error **error);

/* ---------------------------------------------------------------------
 * Blueprints
 * --------------------------------------------------------------------- */

/// Callback: receives one line of a blueprint's build log: its timestamp (Unix time in milliseconds), level
/// and message. The strings are valid until the callback returns. Return 0 to continue; any other value
/// ends the call with RUNLOOP_STOPPED.
///
/// If the end of the log cannot be fetched, the last line has the level "warn" and a message that begins
/// with "librunloop: ".
typedef int32_t (*runloop_build_log_fn)(void *user_data,
                                        int64_t timestamp_ms,
                                        const char *level,
                                        const char *message);

/// A blueprint: a built image from which devboxes are created. The handle holds its identifier. Freeing the
/// handle does not delete the blueprint. Thread-safe. Free it with runloop_blueprint_free().
struct runloop_blueprint;

/// A position in a list of blueprints; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_blueprint_cursor_free().
struct runloop_blueprint_cursor;

/// Creates a blueprint and waits until it is built.
///
/// `params`: the request body: `/name` and optionally `/dockerfile`, `/build_context`, `/build_args`,
/// `/system_setup_commands`, `/file_mounts` (98,250 bytes per file, 7,860,000 in total, checked before
/// anything is sent), `/launch_parameters`, `/metadata` and others. `log` receives each line of the build
/// log as it appears, and may be NULL; `user_data` is passed to it.
///
/// A build that fails is RUNLOOP_BUILD_FAILED. The message contains the last lines of its log. The
/// blueprint stays, so that its whole log can be read; runloop_error_resource_id() returns its identifier.
/// If the call fails otherwise after the blueprint was created, or is cancelled, the blueprint is deleted
/// in the background, unless `keep_on_failure` is set in `opts`. So that a blueprint whose identifier was
/// lost can be found, the request carries a mark in its metadata: see
/// runloop_config_set_unmarked_creates().
///
/// Blocks until the blueprint is built, for `poll_timeout_ms` at most (default: 30 min). Any thread.
///
/// Endpoint: POST /v1/blueprints, then GET /v1/blueprints/{id} and, for the log,
/// GET /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
int32_t runloop_blueprint_create(const runloop_client *client,
                                 const runloop_params *params,
                                 runloop_build_log_fn log,
                                 void *user_data,
                                 const runloop_call_options *opts,
                                 runloop_blueprint **blueprint,
                                 runloop_error **error);

/// Creates a blueprint and returns as soon as it has an identifier. To wait for it, call
/// runloop_blueprint_await_build_complete(). Otherwise like runloop_blueprint_create().
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_create_async(const runloop_client *client,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_blueprint **blueprint,
                                       runloop_error **error);

/// Creates a handle for a blueprint by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_blueprint_from_id(const runloop_client *client,
                                  const char *id,
                                  runloop_blueprint **blueprint,
                                  runloop_error **error);

/// Waits until the blueprint is built. A build that fails is RUNLOOP_BUILD_FAILED; the message contains the
/// last lines of its log.
///
/// `log` receives each line of the build log, from the first, and may be NULL; `user_data` is passed to it.
/// `info` receives the blueprint, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 30 min).
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_STOPPED, RUNLOOP_WAIT_TIMED_OUT
/// (runloop_error_body() holds the last state that was received).
///
/// Endpoint: GET /v1/blueprints/{id} and, for the log, GET /v1/blueprints/{id}/logs.
int32_t runloop_blueprint_await_build_complete(const runloop_blueprint *blueprint,
                                               runloop_build_log_fn log,
                                               void *user_data,
                                               const runloop_call_options *opts,
                                               runloop_value **info,
                                               runloop_error **error);

/// Creates a devbox from the blueprint and waits until it is running. Otherwise like
/// runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_id`.
///
/// Statuses: those of runloop_devbox_create().
int32_t runloop_blueprint_create_devbox(const runloop_blueprint *blueprint,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_devbox **devbox,
                                        runloop_error **error);

/// Retrieves the Dockerfile that runloop_blueprint_create() would build from the same `params`:
/// `/dockerfile`. Builds nothing.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints/preview.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_preview(const runloop_client *client,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_value **preview,
                                  runloop_error **error);

/// Deletes the blueprint. Devboxes created from it are not affected. The handle must still be freed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_delete(const runloop_blueprint *blueprint,
                                 const runloop_call_options *opts,
                                 runloop_error **error);

/// Borrowed from `blueprint`: its identifier, `bpt_…`. NULL if `blueprint` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_blueprint_id(const runloop_blueprint *blueprint);

/// Retrieves the current state of the blueprint.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/blueprints/{id}.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_get_info(const runloop_blueprint *blueprint,
                                   const runloop_call_options *opts,
                                   runloop_value **info,
                                   runloop_error **error);

/// Retrieves the log of the blueprint's build so far: `/logs/0/message` ….
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_logs(const runloop_blueprint *blueprint,
                               const runloop_call_options *opts,
                               runloop_value **logs,
                               runloop_error **error);

/// Lists the account's blueprints. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/status`, `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_blueprint_list(const runloop_client *client,
                               const runloop_params *params,
                               runloop_blueprint_cursor **cursor,
                               runloop_error **error);

/// Lists public blueprints, which all accounts may use. Otherwise like runloop_blueprint_list().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_blueprint_list_public(const runloop_client *client,
                                      const runloop_params *params,
                                      runloop_blueprint_cursor **cursor,
                                      runloop_error **error);

/// Retrieves the next blueprint of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `blueprint` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/blueprints or GET /v1/blueprints/list_public.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_cursor_next(const runloop_blueprint_cursor *cursor,
                                      const runloop_call_options *opts,
                                      runloop_blueprint **blueprint,
                                      runloop_value **info,
                                      runloop_error **error);

/// Frees the handle. The blueprint stays until runloop_blueprint_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_blueprint_free(runloop_blueprint *blueprint);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_blueprint_cursor_free(runloop_blueprint_cursor *cursor);

/* ---------------------------------------------------------------------
 * Snapshots
 * --------------------------------------------------------------------- */

/// A snapshot of a devbox's disk. The handle holds its identifier. Freeing the handle does not delete the
/// snapshot. Thread-safe. Free it with runloop_snapshot_free().
struct runloop_snapshot;

/// A position in a list of snapshots; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_snapshot_cursor_free().
struct runloop_snapshot_cursor;

/// Creates a snapshot of the devbox's disk and waits until it is complete.
///
/// `params`: the request body, or NULL: `/name`, `/metadata`, `/commit_message` and others.
///
/// Leaves nothing behind: if the call fails or is cancelled after the snapshot was started, the snapshot is
/// deleted in the background, unless `keep_on_failure` is set in `opts`. A snapshot that the service
/// reports as failed stays. So that a snapshot whose identifier was lost can be found, the request carries
/// a mark in its metadata: see runloop_config_set_unmarked_creates().
///
/// Blocks until the snapshot is complete, for `poll_timeout_ms` at most (default: 10 min). Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/snapshot_disk_async, then GET /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_snapshot_disk(const runloop_devbox *devbox,
                                     const runloop_params *params,
                                     const runloop_call_options *opts,
                                     runloop_snapshot **snapshot,
                                     runloop_error **error);

/// Starts a snapshot of the devbox's disk and returns as soon as it has an identifier. To wait for it, call
/// runloop_snapshot_await_completed(). Otherwise like runloop_devbox_snapshot_disk().
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/snapshot_disk_async.
///
/// Statuses: those of any request.
int32_t runloop_devbox_snapshot_disk_async(const runloop_devbox *devbox,
                                           const runloop_params *params,
                                           const runloop_call_options *opts,
                                           runloop_snapshot **snapshot,
                                           runloop_error **error);

/// Creates a handle for a snapshot by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_snapshot_from_id(const runloop_client *client,
                                 const char *id,
                                 runloop_snapshot **snapshot,
                                 runloop_error **error);

/// Waits until the snapshot is complete. If it fails or is deleted instead, returns RUNLOOP_SNAPSHOT_FAILED
/// with the service's reason.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 10 min).
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT (runloop_error_body()
/// holds the last state that was received).
///
/// Endpoint: GET /v1/devboxes/disk_snapshots/{id}/status.
int32_t runloop_snapshot_await_completed(const runloop_snapshot *snapshot,
                                         const runloop_call_options *opts,
                                         runloop_value **info,
                                         runloop_error **error);

/// Creates a devbox from the snapshot and waits until it is running. Otherwise like
/// runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `snapshot_id`.
///
/// Statuses: those of runloop_devbox_create().
int32_t runloop_snapshot_create_devbox(const runloop_snapshot *snapshot,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_devbox **devbox,
                                       runloop_error **error);

/// Changes the snapshot's `/name`, `/metadata` or `/commit_message`.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/disk_snapshots/{id}.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_update(const runloop_snapshot *snapshot,
                                const runloop_params *params,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Deletes the snapshot. Devboxes created from it are not affected. The handle must still be freed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/disk_snapshots/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_delete(const runloop_snapshot *snapshot,
                                const runloop_call_options *opts,
                                runloop_error **error);

/// Borrowed from `snapshot`: its identifier, `snp_…`. NULL if `snapshot` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_snapshot_id(const runloop_snapshot *snapshot);

/// Retrieves the progress of the snapshot (`/status`: in_progress, complete, error, deleted) and the
/// snapshot itself (`/snapshot`).
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_get_info(const runloop_snapshot *snapshot,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);

/// Lists disk snapshots. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/devbox_id`, `/source_blueprint_id`, `/metadata[key]`, `/limit` (items per
/// page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_snapshot_list(const runloop_client *client,
                              const runloop_params *params,
                              runloop_snapshot_cursor **cursor,
                              runloop_error **error);

/// Retrieves the next snapshot of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `snapshot` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_cursor_next(const runloop_snapshot_cursor *cursor,
                                     const runloop_call_options *opts,
                                     runloop_snapshot **snapshot,
                                     runloop_value **info,
                                     runloop_error **error);

/// Frees the handle. The snapshot stays until runloop_snapshot_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_snapshot_free(runloop_snapshot *snapshot);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_snapshot_cursor_free(runloop_snapshot_cursor *cursor);

/* ---------------------------------------------------------------------
 * Storage objects
 * --------------------------------------------------------------------- */

/// An object in the service's storage. The handle holds its identifier and, if it created the object, the
/// URL to which its content is uploaded. Freeing the handle does not delete the object. Thread-safe. Free
/// it with runloop_object_free().
struct runloop_object;

/// A position in a list of objects; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_object_cursor_free().
struct runloop_object_cursor;

/// Uploads a local file of any size as a new object, in constant memory.
///
/// `params`, or NULL: `/name` (default: the name of the file), `/content_type` (default: by the extension
/// of the name), `/metadata`, `/ttl_ms`.
///
/// Leaves nothing behind: if the call fails or is cancelled after the object was created, the object is
/// deleted in the background, unless `keep_on_failure` is set in `opts`; the error has its identifier. So
/// that an object whose identifier was lost can be found, the request carries a mark in its metadata: see
/// runloop_config_set_unmarked_creates(). The transfer, `timeout_ms` and `progress` are those of
/// runloop_object_upload_content().
///
/// Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_upload_from_file(const runloop_client *client,
                                        const char *path,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_object **object,
                                        runloop_error **error);

/// Uploads a local directory with everything in it as a new object: a tar.gz archive with relative names,
/// sorted.
///
/// The directory is packed on all cores. Permissions, times, owners, symbolic and hard links are preserved;
/// sockets and devices are skipped. Since the storage requires the length in advance, the archive is stored
/// locally first, in memory if it is small, otherwise in an unnamed file in TMPDIR (/tmp). `params`, or
/// NULL: `/name` (default: the name of the directory, with .tar.gz), `/metadata`, `/ttl_ms`.
///
/// Leaves nothing behind, like runloop_object_upload_from_file(). Blocks until the object is complete. Any
/// thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_upload_from_dir(const runloop_client *client,
                                       const char *path,
                                       const runloop_tree_options *tree,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_object **object,
                                       runloop_error **error);

/// Uploads a string as a new object.
///
/// `params`, or NULL: `/content_type` (default: text), `/metadata`, `/ttl_ms`. Leaves nothing behind, like
/// runloop_object_upload_from_file(). Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_STOPPED.
int32_t runloop_object_upload_from_text(const runloop_client *client,
                                        const char *name,
                                        const char *text,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_object **object,
                                        runloop_error **error);

/// Uploads `length` bytes from `data` as a new object.
///
/// `params`, or NULL: `/content_type` (default: by the extension of the name), `/metadata`, `/ttl_ms`.
/// Leaves nothing behind, like runloop_object_upload_from_file(). Blocks until the object is complete. Any
/// thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_STOPPED.
int32_t runloop_object_upload_from_bytes(const runloop_client *client,
                                         const char *name,
                                         const char *data,
                                         size_t length,
                                         const runloop_params *params,
                                         const runloop_call_options *opts,
                                         runloop_object **object,
                                         runloop_error **error);

/// Uploads the bytes of a file, memory, a descriptor or a callback as a new object.
///
/// Since the storage requires the length in advance, content of unknown length (a pipe, or a callback with
/// a `length` of -1) is stored locally first, in memory if it is small, otherwise in an unnamed file in
/// TMPDIR (/tmp). `params`, or NULL: `/content_type` (default: by the extension of the name), `/metadata`,
/// `/ttl_ms`. Leaves nothing behind, like runloop_object_upload_from_file(). Blocks until the object is
/// complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_upload_from_source(const runloop_client *client,
                                          const char *name,
                                          const runloop_source *source,
                                          const runloop_params *params,
                                          const runloop_call_options *opts,
                                          runloop_object **object,
                                          runloop_error **error);

/// Uploads a local directory as a new object that serves as a blueprint's build context: see
/// runloop_object_as_build_context(). Skips what the directory's `.dockerignore` names, by Docker's rules;
/// the patterns in `tree` follow those of that file.
///
/// Otherwise like runloop_object_upload_from_dir(), except that the owners of the files are not preserved.
/// Blocks until the object is complete. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED;
/// RUNLOOP_INVALID_ARGUMENT for a pattern that Docker would refuse.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
int32_t runloop_docker_context_upload(const runloop_client *client,
                                      const char *path,
                                      const runloop_tree_options *tree,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_object **object,
                                      runloop_error **error);

/// Describes the object as a blueprint's build context. Pass it on in the parameters of the blueprint:
/// `runloop_params_set_json(params, "/build_context", runloop_value_json(context, NULL), &error)`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_as_build_context(const runloop_object *object,
                                        runloop_value **context,
                                        runloop_error **error);

/// Creates a handle for an object by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_from_id(const runloop_client *client,
                               const char *id,
                               runloop_object **object,
                               runloop_error **error);

/// Downloads the object's content, of any size, to a local file, in constant memory. The file appears under
/// its name, and replaces an existing file, when it is complete; nothing is left of it after a failure.
/// Otherwise like runloop_object_download_as_bytes().
///
/// Blocks until the file is complete. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_download_to_file(const runloop_object *object,
                                        const char *path,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_error **error);

/// Downloads the object's content, a tar or tar.gz archive, and unpacks it into a local directory as it
/// arrives. A new directory appears when it is complete. In an existing directory, files are added and
/// replaced, each when it is complete; new directories appear before their contents, and what arrived
/// before a failure stays.
///
/// Nothing is written outside the directory: an archive with an entry outside the directory is refused with
/// RUNLOOP_BAD_ARCHIVE; links that would lead outside, and devices, are skipped and reported. Otherwise
/// like runloop_object_download_as_bytes().
///
/// Blocks until the directory is complete. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_BAD_ARCHIVE, RUNLOOP_STOPPED.
int32_t runloop_object_download_to_dir(const runloop_object *object,
                                       const char *path,
                                       const runloop_tree_options *tree,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_error **error);

/// Downloads the object's content, of any size, to a file, a descriptor or a callback, in constant memory.
/// Otherwise like runloop_object_download_as_bytes(). If the connection breaks and the storage cannot
/// continue in the middle of the content, a descriptor or callback that has already received bytes receives
/// no more, and the call fails with RUNLOOP_BROKEN.
///
/// Blocks until all content has been received. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_download_to_sink(const runloop_object *object,
                                        const runloop_sink *sink,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_error **error);

/// Downloads the object's content into memory. For large content, use runloop_object_download_to_file():
/// content that is larger than runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The content comes from the host of the storage; the API key is not sent there, and redirects are not
/// followed. If the connection breaks, the transfer continues where it stopped; the length is checked at
/// the end.
///
/// `params`, or NULL: `/duration_seconds`, the lifetime of the signed URL. `timeout_ms` in `opts` is the
/// idle timeout (default: the client's, otherwise 60 s). Blocks until the content has been received. Any
/// thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_STOPPED.
int32_t runloop_object_download_as_bytes(const runloop_object *object,
                                         const runloop_params *params,
                                         const runloop_call_options *opts,
                                         runloop_bytes **contents,
                                         runloop_error **error);

/// Downloads the object's content as UTF-8 text; invalid UTF-8 is replaced by U+FFFD. Otherwise like
/// runloop_object_download_as_bytes().
///
/// Blocks until the content has been received. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_STOPPED.
int32_t runloop_object_download_as_text(const runloop_object *object,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_bytes **contents,
                                        runloop_error **error);

/// Creates a signed URL for downloading the object's content; `view` receives it at `/download_url`. The
/// URL is a credential.
///
/// `params`, or NULL: `/duration_seconds`, the lifetime of the URL. Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download.
///
/// Statuses: those of any request.
int32_t runloop_object_get_download_url(const runloop_object *object,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_value **view,
                                        runloop_error **error);

/// Creates an object without content. Upload the content with runloop_object_upload_content() and make it
/// readable with runloop_object_complete(); the runloop_object_upload_from_… functions do all three steps.
///
/// `params`: the request body: `/name`, `/content_type` (unspecified, text, binary, gzip, tar or tgz),
/// `/metadata`, `/ttl_ms`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/objects.
///
/// Statuses: those of any request.
int32_t runloop_object_create(const runloop_client *client,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_object **object,
                              runloop_error **error);

/// Uploads the content of an object that this handle created, from a file, memory, a descriptor or a
/// callback, in constant memory. Call runloop_object_complete() afterwards.
///
/// The content goes to the host of the storage, with its length and the headers that the service asks for,
/// without the API key; redirects are not followed. Content of unknown length is stored first: see
/// runloop_object_upload_from_source(). If the connection breaks, the content is sent again if it can be
/// read again.
///
/// `timeout_ms` in `opts` is the idle timeout (default: the client's, otherwise 60 s); `progress` counts
/// the bytes of the content. Blocks until the storage has the content. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the handle has no upload URL, RUNLOOP_LOCAL_IO,
/// RUNLOOP_STOPPED.
int32_t runloop_object_upload_content(const runloop_object *object,
                                      const runloop_source *source,
                                      const runloop_call_options *opts,
                                      runloop_error **error);

/// Borrowed from `object`: the signed URL to which its content is uploaded, for uploads by other means than
/// runloop_object_upload_content(). The URL is a credential. NULL if the handle did not create the object,
/// and once the object is complete.
///
/// Any thread; never blocks.
const char *runloop_object_upload_url(const runloop_object *object);

/// Marks the content as complete: from then on, the object can be read, and no longer written.
///
/// `info` receives the object, and may be NULL. Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the object has failed.
///
/// Endpoint: POST /v1/objects/{id}/complete.
int32_t runloop_object_complete(const runloop_object *object,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Deletes the object and its content. The handle must still be freed.
///
/// `info` receives the object, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/objects/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_object_delete(const runloop_object *object,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Borrowed from `object`: its identifier, `obj_…`. NULL if `object` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_object_id(const runloop_object *object);

/// Retrieves the current state of the object.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/objects/{id}.
///
/// Statuses: those of any request.
int32_t runloop_object_refresh(const runloop_object *object,
                               const runloop_call_options *opts,
                               runloop_value **info,
                               runloop_error **error);

/// Lists the account's objects. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/content_type`, `/state`, `/search`, `/limit` (items per page) and
/// others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_object_cursor **cursor,
                            runloop_error **error);

/// Lists public objects. Otherwise like runloop_object_list().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_list_public(const runloop_client *client,
                                   const runloop_params *params,
                                   runloop_object_cursor **cursor,
                                   runloop_error **error);

/// Retrieves the next object of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `object` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/objects, or GET /v1/objects/list_public.
///
/// Statuses: those of any request.
int32_t runloop_object_cursor_next(const runloop_object_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_object **object,
                                   runloop_value **info,
                                   runloop_error **error);

/// Frees the handle. The object stays until runloop_object_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_object_free(runloop_object *object);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_object_cursor_free(runloop_object_cursor *cursor);

/* ---------------------------------------------------------------------
 * Axons
 * --------------------------------------------------------------------- */

/// An axon: a channel of events with a database of its own. The handle holds its identifier. Freeing the
/// handle does not delete the axon. Thread-safe. Free it with runloop_axon_free().
struct runloop_axon;

/// A position in a list of axons; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_axon_cursor_free().
struct runloop_axon_cursor;

/// A position in a list of an axon's events; requests page after page. Thread-safe: threads that share it
/// get different events. Free it with runloop_axon_event_cursor_free().
struct runloop_axon_event_cursor;

/// Creates an axon.
///
/// `params`: the request body, or NULL: `/name`, `/metadata`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons.
///
/// Statuses: those of any request.
int32_t runloop_axon_create(const runloop_client *client,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_axon **axon,
                            runloop_error **error);

/// Creates a handle for an axon by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_from_id(const runloop_client *client,
                             const char *id,
                             runloop_axon **axon,
                             runloop_error **error);

/// Borrowed from `axon`: its identifier. NULL if `axon` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_axon_id(const runloop_axon *axon);

/// Retrieves the current state of the axon.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/axons/{id}.
///
/// Statuses: those of any request.
int32_t runloop_axon_get_info(const runloop_axon *axon,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Changes the members of the axon that `params` contains; the others stay as they are.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}.
///
/// Statuses: those of any request.
int32_t runloop_axon_update(const runloop_axon *axon,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_value **info,
                            runloop_error **error);

/// Deletes the axon. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: DELETE /v1/axons/{id}.
///
/// Statuses: those of any request.
int32_t runloop_axon_delete(const runloop_axon *axon,
                            const runloop_call_options *opts,
                            runloop_value **info,
                            runloop_error **error);

/// Publishes an event: `/sequence`, `/timestamp_ms`.
///
/// `params`: the request body: `/event_type`, `/origin` (EXTERNAL_EVENT, AGENT_EVENT or USER_EVENT),
/// `/payload` (a string, usually JSON), `/source`. If the response is lost, the event is not published
/// again, and the error says that it may have been published.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}/publish.
///
/// Statuses: those of any request.
int32_t runloop_axon_publish(const runloop_axon *axon,
                             const runloop_params *params,
                             const runloop_call_options *opts,
                             runloop_value **result,
                             runloop_error **error);

/// Opens a stream of the axon's events: first the existing events whose `/sequence` is above
/// `after_sequence`, or all of them if it is -1, then new ones. Sends nothing yet.
///
/// The timeout and the extra headers in `opts` apply to the requests of the stream; pass a deadline and a
/// cancel token to each runloop_event_stream_next() instead. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_subscribe(const runloop_axon *axon,
                               int64_t after_sequence,
                               const runloop_call_options *opts,
                               runloop_event_stream **stream,
                               runloop_error **error);

/// Runs one statement in the axon's database: `/columns`, `/rows`, `/meta`.
///
/// `sql` contains a `?` for each value in the array `/params` of `params`, which may be NULL. If the
/// response is lost, the statement is not run again, and the error says that it may have been run.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}/sql/query.
///
/// Statuses: those of any request.
int32_t runloop_axon_sql_query(const runloop_axon *axon,
                               const char *sql,
                               const runloop_params *params,
                               const runloop_call_options *opts,
                               runloop_value **result,
                               runloop_error **error);

/// Runs several statements in the axon's database, all of them or none: `/results/0/success`, or
/// `/results/0/error` ….
///
/// `params`: the request body: `/statements`, an array of objects with `/sql` and `/params`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}/sql/batch.
///
/// Statuses: those of any request.
int32_t runloop_axon_sql_batch(const runloop_axon *axon,
                               const runloop_params *params,
                               const runloop_call_options *opts,
                               runloop_value **result,
                               runloop_error **error);

/// Lists axons. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/search`, `/id`, `/metadata[key]`, `/limit` (items per page) and
/// others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_list(const runloop_client *client,
                          const runloop_params *params,
                          runloop_axon_cursor **cursor,
                          runloop_error **error);

/// Retrieves the next axon of the list. `info` receives its state, and may be NULL. At the end of the list,
/// returns RUNLOOP_OK and sets `axon` to NULL. After a failure, the next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/axons.
///
/// Statuses: those of any request.
int32_t runloop_axon_cursor_next(const runloop_axon_cursor *cursor,
                                 const runloop_call_options *opts,
                                 runloop_axon **axon,
                                 runloop_value **info,
                                 runloop_error **error);

/// Lists the axon's existing events. Creates a cursor at the beginning of the list; sends nothing yet. To
/// follow new events, use runloop_axon_subscribe().
///
/// `params`: filters, or NULL: `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_events(const runloop_axon *axon,
                            const runloop_params *params,
                            runloop_axon_event_cursor **cursor,
                            runloop_error **error);

/// Retrieves the next event of the list. At the end of the list, returns RUNLOOP_OK and sets `event` to
/// NULL. After a failure, the next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/axons/{id}/events.
///
/// Statuses: those of any request.
int32_t runloop_axon_event_cursor_next(const runloop_axon_event_cursor *cursor,
                                       const runloop_call_options *opts,
                                       runloop_value **event,
                                       runloop_error **error);

/// Frees the handle. The axon stays until runloop_axon_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_axon_free(runloop_axon *axon);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_axon_cursor_free(runloop_axon_cursor *cursor);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_axon_event_cursor_free(runloop_axon_event_cursor *cursor);

/* ---------------------------------------------------------------------
 * Event streams
 * --------------------------------------------------------------------- */

/// A stream of events. Each event is delivered once, even if the connection breaks. May be used by one
/// thread at a time. Free it with runloop_event_stream_free().
struct runloop_event_stream;

/// Opens a stream of evictions: devboxes of the account that the service is going to evict, with their
/// deadlines (`/devbox_id`, `/eviction_deadline_ms`). Pending ones come first, then new ones. The service
/// does not guarantee that every eviction is reported. Sends nothing yet.
///
/// The timeout and the extra headers in `opts` apply to the requests of the stream; pass a deadline and a
/// cancel token to each runloop_event_stream_next() instead. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_eviction_watch(const runloop_client *client,
                               const runloop_call_options *opts,
                               runloop_event_stream **stream,
                               runloop_error **error);

/// Reads the next event. If there can be no further one, because the axon was deleted, returns RUNLOOP_OK
/// and sets `event` to NULL.
///
/// A failed call, for instance one that exceeds its deadline, loses nothing: the next call continues.
/// Blocks until there is an event. One thread at a time.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if another thread is using the stream.
///
/// Endpoint: GET /v1/axons/{id}/subscribe/sse or GET /v1/devboxes/evictions/watch.
int32_t runloop_event_stream_next(const runloop_event_stream *stream,
                                  const runloop_call_options *opts,
                                  runloop_value **event,
                                  runloop_error **error);

/// Frees the stream and closes it at the service.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_event_stream_free(runloop_event_stream *stream);

/* ---------------------------------------------------------------------
 * Secrets
 * --------------------------------------------------------------------- */

/// A secret. The handle is bound either to a name, and then refers to the newest secret of that name, or to
/// the identifier of one secret, and then never refers to another. The value of a secret is sent to the
/// service and never returned; it appears in no message and no log. Thread-safe. Free it with
/// runloop_secret_free().
struct runloop_secret;

/// A position in a list of secrets; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_secret_cursor_free().
struct runloop_secret_cursor;

/// Creates a secret. The handle is bound to the name. Devboxes that are given the name receive the value in
/// their environment.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/secrets.
///
/// Statuses: those of any request.
int32_t runloop_secret_create(const runloop_client *client,
                              const char *name,
                              const char *value,
                              const runloop_call_options *opts,
                              runloop_secret **secret,
                              runloop_error **error);

/// Creates a handle for the newest secret of a name. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_secret_from_name(const runloop_client *client,
                                 const char *name,
                                 runloop_secret **secret,
                                 runloop_error **error);

/// Creates a handle for one secret by its identifier. It never refers to another secret of the same name.
/// Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_secret_from_id(const runloop_client *client,
                               const char *id,
                               runloop_secret **secret,
                               runloop_error **error);

/// Borrowed from `secret`: the name that the handle is bound to. NULL if it is bound to an identifier, and
/// if `secret` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_secret_name(const runloop_secret *secret);

/// Borrowed from `secret`: the identifier that the handle is bound to, or that the secret had when the
/// handle created or listed it. NULL if it is not known, and if `secret` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_secret_id(const runloop_secret *secret);

/// Retrieves the secret, without its value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/secrets/{name} or GET /v1/secrets/id/{id}.
///
/// Statuses: those of any request.
int32_t runloop_secret_get_info(const runloop_secret *secret,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Changes the value of the secret.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/secrets/{name} or POST /v1/secrets/id/{id}/update.
///
/// Statuses: those of any request.
int32_t runloop_secret_update(const runloop_secret *secret,
                              const char *value,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Deletes one secret if the handle is bound to an identifier, or all secrets of the name if it is bound to
/// a name. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/secrets/{name}/delete or POST /v1/secrets/id/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_secret_delete(const runloop_secret *secret,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Lists secrets. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/limit`. The API returns all secrets in one page: as many as `/limit` says,
/// or 5000 at most.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_secret_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_secret_cursor **cursor,
                            runloop_error **error);

/// Retrieves the next secret of the list. `info` receives it, and may be NULL. At the end of the list,
/// returns RUNLOOP_OK and sets `secret` to NULL. After a failure, the next call requests the same page
/// again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/secrets.
///
/// Statuses: those of any request.
int32_t runloop_secret_cursor_next(const runloop_secret_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_secret **secret,
                                   runloop_value **info,
                                   runloop_error **error);

/// Frees the handle. The secret stays until runloop_secret_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_secret_free(runloop_secret *secret);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_secret_cursor_free(runloop_secret_cursor *cursor);

/* ---------------------------------------------------------------------
 * Network policies
 * --------------------------------------------------------------------- */

/// A network policy: which hosts devboxes may reach.
/// The handle holds its identifier. Freeing the handle does not delete the network policy. Thread-safe.
/// Free it with runloop_network_policy_free().
struct runloop_network_policy;

/// A position in a list of network policies; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_network_policy_cursor_free().
struct runloop_network_policy_cursor;

/// Creates a network policy.
///
/// `params`: the request body: `/name` and optionally
/// `/allow_all`, `/allowed_hostnames`, `/allow_devbox_to_devbox`, `/description`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/network-policies.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_create(const runloop_client *client,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_network_policy **network_policy,
                                      runloop_error **error);

/// Creates a handle for a network policy by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_network_policy_from_id(const runloop_client *client,
                                       const char *id,
                                       runloop_network_policy **network_policy,
                                       runloop_error **error);

/// Borrowed from `network_policy`: its identifier. NULL if `network_policy` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_network_policy_id(const runloop_network_policy *network_policy);

/// Retrieves the current state of the network policy.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/network-policies/{id}.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_get_info(const runloop_network_policy *network_policy,
                                        const runloop_call_options *opts,
                                        runloop_value **info,
                                        runloop_error **error);

/// Changes the members of the network policy that `params` contains; the others stay as they are.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_update(const runloop_network_policy *network_policy,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Deletes the network policy. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_delete(const runloop_network_policy *network_policy,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Lists network policies. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_network_policy_list(const runloop_client *client,
                                    const runloop_params *params,
                                    runloop_network_policy_cursor **cursor,
                                    runloop_error **error);

/// Retrieves the next network policy of the list. `info` receives its state, and may be NULL.
/// At the end of the list, returns RUNLOOP_OK and sets `network_policy` to NULL. After a failure, the
/// next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/network-policies.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_cursor_next(const runloop_network_policy_cursor *cursor,
                                           const runloop_call_options *opts,
                                           runloop_network_policy **network_policy,
                                           runloop_value **info,
                                           runloop_error **error);

/// Frees the handle. The network policy stays until runloop_network_policy_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_network_policy_free(runloop_network_policy *network_policy);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_network_policy_cursor_free(runloop_network_policy_cursor *cursor);

/* ---------------------------------------------------------------------
 * Gateway configs
 * --------------------------------------------------------------------- */

/// A gateway config: an API that devboxes reach through a gateway, which adds the credentials.
/// The handle holds its identifier. Freeing the handle does not delete the gateway config. Thread-safe.
/// Free it with runloop_gateway_config_free().
struct runloop_gateway_config;

/// A position in a list of gateway configs; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_gateway_config_cursor_free().
struct runloop_gateway_config_cursor;

/// Creates a gateway config.
///
/// `params`: the request body: `/name`, `/endpoint`, `/auth_mechanism` and optionally
/// `/custom_headers`, `/description`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/gateway-configs.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_create(const runloop_client *client,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_gateway_config **gateway_config,
                                      runloop_error **error);

/// Creates a handle for a gateway config by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_gateway_config_from_id(const runloop_client *client,
                                       const char *id,
                                       runloop_gateway_config **gateway_config,
                                       runloop_error **error);

/// Borrowed from `gateway_config`: its identifier. NULL if `gateway_config` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_gateway_config_id(const runloop_gateway_config *gateway_config);

/// Retrieves the current state of the gateway config.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/gateway-configs/{id}.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_get_info(const runloop_gateway_config *gateway_config,
                                        const runloop_call_options *opts,
                                        runloop_value **info,
                                        runloop_error **error);

/// Changes the members of the gateway config that `params` contains; the others stay as they are.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/gateway-configs/{id}.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_update(const runloop_gateway_config *gateway_config,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Deletes the gateway config. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/gateway-configs/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_delete(const runloop_gateway_config *gateway_config,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Lists gateway configs. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_gateway_config_list(const runloop_client *client,
                                    const runloop_params *params,
                                    runloop_gateway_config_cursor **cursor,
                                    runloop_error **error);

/// Retrieves the next gateway config of the list. `info` receives its state, and may be NULL.
/// At the end of the list, returns RUNLOOP_OK and sets `gateway_config` to NULL. After a failure, the
/// next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/gateway-configs.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_cursor_next(const runloop_gateway_config_cursor *cursor,
                                           const runloop_call_options *opts,
                                           runloop_gateway_config **gateway_config,
                                           runloop_value **info,
                                           runloop_error **error);

/// Frees the handle. The gateway config stays until runloop_gateway_config_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_gateway_config_free(runloop_gateway_config *gateway_config);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_gateway_config_cursor_free(runloop_gateway_config_cursor *cursor);

/* ---------------------------------------------------------------------
 * MCP configs
 * --------------------------------------------------------------------- */

/// An MCP config: an MCP server that devboxes reach through a gateway, and those of its tools that they may use.
/// The handle holds its identifier. Freeing the handle does not delete the MCP config. Thread-safe.
/// Free it with runloop_mcp_config_free().
struct runloop_mcp_config;

/// A position in a list of MCP configs; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_mcp_config_cursor_free().
struct runloop_mcp_config_cursor;

/// Creates an MCP config.
///
/// `params`: the request body: `/name`, `/endpoint`, `/allowed_tools` and optionally
/// `/auth_mechanism`, `/description`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/mcp-configs.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_create(const runloop_client *client,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_mcp_config **mcp_config,
                                  runloop_error **error);

/// Creates a handle for an MCP config by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_mcp_config_from_id(const runloop_client *client,
                                   const char *id,
                                   runloop_mcp_config **mcp_config,
                                   runloop_error **error);

/// Borrowed from `mcp_config`: its identifier. NULL if `mcp_config` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_mcp_config_id(const runloop_mcp_config *mcp_config);

/// Retrieves the current state of the MCP config.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/mcp-configs/{id}.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_get_info(const runloop_mcp_config *mcp_config,
                                    const runloop_call_options *opts,
                                    runloop_value **info,
                                    runloop_error **error);

/// Changes the members of the MCP config that `params` contains; the others stay as they are.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/mcp-configs/{id}.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_update(const runloop_mcp_config *mcp_config,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);

/// Deletes the MCP config. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/mcp-configs/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_delete(const runloop_mcp_config *mcp_config,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);

/// Lists MCP configs. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_mcp_config_list(const runloop_client *client,
                                const runloop_params *params,
                                runloop_mcp_config_cursor **cursor,
                                runloop_error **error);

/// Retrieves the next MCP config of the list. `info` receives its state, and may be NULL.
/// At the end of the list, returns RUNLOOP_OK and sets `mcp_config` to NULL. After a failure, the
/// next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/mcp-configs.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_cursor_next(const runloop_mcp_config_cursor *cursor,
                                       const runloop_call_options *opts,
                                       runloop_mcp_config **mcp_config,
                                       runloop_value **info,
                                       runloop_error **error);

/// Frees the handle. The MCP config stays until runloop_mcp_config_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_mcp_config_free(runloop_mcp_config *mcp_config);

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
void runloop_mcp_config_cursor_free(runloop_mcp_config_cursor *cursor);

/* ---------------------------------------------------------------------
 * Account
 * --------------------------------------------------------------------- */

/// Retrieves the account that the API key belongs to.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/accounts/me.
///
/// Statuses: those of any request.
int32_t runloop_account_me(const runloop_client *client,
                           const runloop_call_options *opts,
                           runloop_value **account,
                           runloop_error **error);

/// Creates an API key: `/id`, `/key_secret`. The secret appears in no message and no log.
///
/// `params`: the request body, or NULL: `/name`, `/expires_at_ms`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/apikeys.
///
/// Statuses: those of any request.
int32_t runloop_api_key_create(const runloop_client *client,
                               const runloop_params *params,
                               const runloop_call_options *opts,
                               runloop_value **key,
                               runloop_error **error);

/// Creates an API key that is limited to its scopes: `/id`, `/key_secret`, `/scopes`. The secret appears in
/// no message and no log.
///
/// `params`: the request body, or NULL: `/name`, `/expires_at_ms`, `/scopes`, an array of objects with
/// `/resource_type` and `/access_level`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/restricted_keys.
///
/// Statuses: those of any request.
int32_t runloop_restricted_key_create(const runloop_client *client,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **key,
                                      runloop_error **error);

/* ---------------------------------------------------------------------
 * Request parameters
 * --------------------------------------------------------------------- */

/// The parameters of a request: a JSON object. Each value is set at a JSON Pointer (RFC 6901), such as
/// `/launch_parameters/keep_alive_time_seconds`. Containers that are missing on the way are created: an
/// array if the next part of the pointer is `-`, which stands for the place after the last element;
/// otherwise an object, even if the next part is a number, which is then the name of a member. Thread-safe.
/// Free it with runloop_params_free().
struct runloop_params;

/// Creates empty parameters.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_params_new(runloop_params **params, runloop_error **error);

/// Creates parameters from a JSON object: `length` bytes of UTF-8 at `json`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_params_from_json(const char *json,
                                 size_t length,
                                 runloop_params **params,
                                 runloop_error **error);

/// Sets a string at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_set_string(const runloop_params *params,
                                  const char *pointer,
                                  const char *value,
                                  runloop_error **error);

/// Sets an integer at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_set_int(const runloop_params *params,
                               const char *pointer,
                               int64_t value,
                               runloop_error **error);

/// Sets a finite number at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_set_double(const runloop_params *params,
                                  const char *pointer,
                                  double value,
                                  runloop_error **error);

/// Sets a boolean at a JSON Pointer: false for 0, otherwise true.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_set_bool(const runloop_params *params,
                                const char *pointer,
                                int32_t value,
                                runloop_error **error);

/// Sets null at a JSON Pointer. The API distinguishes null from a missing member.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_set_null(const runloop_params *params,
                                const char *pointer,
                                runloop_error **error);

/// Sets any JSON value, given as JSON text, at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_set_json(const runloop_params *params,
                                const char *pointer,
                                const char *value,
                                runloop_error **error);

/// Appends a string to the array at a JSON Pointer. Creates the array if it is missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_append_string(const runloop_params *params,
                                     const char *pointer,
                                     const char *value,
                                     runloop_error **error);

/// Appends an integer to the array at a JSON Pointer. Creates the array if it is missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_append_int(const runloop_params *params,
                                  const char *pointer,
                                  int64_t value,
                                  runloop_error **error);

/// Appends a finite number to the array at a JSON Pointer. Creates the array if it is missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_append_double(const runloop_params *params,
                                     const char *pointer,
                                     double value,
                                     runloop_error **error);

/// Appends any JSON value, given as JSON text, to the array at a JSON Pointer. Creates the array if it is
/// missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
int32_t runloop_params_append_json(const runloop_params *params,
                                   const char *pointer,
                                   const char *value,
                                   runloop_error **error);

/// Serializes the parameters as JSON text.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_params_to_json(const runloop_params *params,
                               runloop_bytes **json,
                               runloop_error **error);

/// Creates a copy of the parameters.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_params_clone(const runloop_params *params,
                             runloop_params **copy,
                             runloop_error **error);

/// Frees the parameters.
///
/// Any thread; never blocks.
void runloop_params_free(runloop_params *params);

/* ---------------------------------------------------------------------
 * Response values
 * --------------------------------------------------------------------- */

/// There is no value.
#define RUNLOOP_KIND_NONE 0
/// JSON null.
#define RUNLOOP_KIND_NULL 1
/// A boolean.
#define RUNLOOP_KIND_BOOL 2
/// An integer that fits int64_t.
#define RUNLOOP_KIND_INT 3
/// Any other number.
#define RUNLOOP_KIND_DOUBLE 4
/// A string.
#define RUNLOOP_KIND_STRING 5
/// An array.
#define RUNLOOP_KIND_ARRAY 6
/// An object.
#define RUNLOOP_KIND_OBJECT 7

/// A JSON value that the API returned, complete, with members that this library does not know. Values
/// inside it are addressed by JSON Pointers (RFC 6901), such as `/status` or `/state_transitions/0/status`;
/// the empty pointer is the value itself. Immutable; several threads may read it. Free it with
/// runloop_value_free().
struct runloop_value;

/// Reads the string at `pointer`. `text` receives it, borrowed from `value`; `length` receives its length
/// in bytes, and may be NULL. A NUL inside the string is replaced by a space.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_string(const runloop_value *value,
                                 const char *pointer,
                                 const char **text,
                                 size_t *length,
                                 runloop_error **error);

/// Reads the integer at `pointer`. An integer that does not fit int64_t is RUNLOOP_NO_SUCH_FIELD; to get
/// its digits, call runloop_value_child() and runloop_value_json().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_int(const runloop_value *value,
                              const char *pointer,
                              int64_t *number,
                              runloop_error **error);

/// Reads the number at `pointer`, integer or not, as the nearest double. A number beyond the range of
/// double is RUNLOOP_NO_SUCH_FIELD.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_double(const runloop_value *value,
                                 const char *pointer,
                                 double *number,
                                 runloop_error **error);

/// Reads the boolean at `pointer`: 1 for true, 0 for false.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_bool(const runloop_value *value,
                               const char *pointer,
                               int32_t *truth,
                               runloop_error **error);

/// Returns the kind of the value at `pointer`: one of RUNLOOP_KIND_…. Returns RUNLOOP_KIND_NONE if there is
/// no value, or if the handle or the pointer is invalid.
///
/// Any thread; never blocks.
int32_t runloop_value_kind(const runloop_value *value,
                           const char *pointer);

/// Counts the elements of the array, or the members of the object, at `pointer`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_length(const runloop_value *value,
                             const char *pointer,
                             size_t *length,
                             runloop_error **error);

/// Reads the key of member number `index`, from 0, of the object at `pointer`. `key` receives it, borrowed
/// from `value`. The members are in the order of the response.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_key(const runloop_value *value,
                          const char *pointer,
                          size_t index,
                          const char **key,
                          runloop_error **error);

/// Copies the value at `pointer` into a value of its own.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_child(const runloop_value *value,
                            const char *pointer,
                            runloop_value **child,
                            runloop_error **error);

/// Borrowed from `value`: the whole value as JSON text. NULL if `value` is NULL or freed. `length` receives
/// its length in bytes, and may be NULL.
///
/// Any thread; never blocks.
const char *runloop_value_json(const runloop_value *value,
                               size_t *length);

/// Frees the value and all strings borrowed from it.
///
/// Any thread; never blocks.
void runloop_value_free(runloop_value *value);

/* ---------------------------------------------------------------------
 * Bytes
 * --------------------------------------------------------------------- */

/// Bytes that the library returned: file contents, output. Immutable; several threads may read them. Free
/// them with runloop_bytes_free().
struct runloop_bytes;

/// Borrowed from `bytes`: the bytes, followed by a NUL that is not counted. NULL if `bytes` is NULL or
/// freed.
///
/// Any thread; never blocks.
const char *runloop_bytes_data(const runloop_bytes *bytes);

/// Returns the number of bytes; 0 if `bytes` is NULL or freed.
///
/// Any thread; never blocks.
size_t runloop_bytes_length(const runloop_bytes *bytes);

/// Frees the bytes.
///
/// Any thread; never blocks.
void runloop_bytes_free(runloop_bytes *bytes);

/* ---------------------------------------------------------------------
 * Raw requests
 * --------------------------------------------------------------------- */

/// Sends any request to the API, with the same retries, errors and cancellation as other calls.
///
/// `method` is GET, POST, PUT, PATCH, DELETE or HEAD. `path` is relative to the base URL, such as
/// `/v1/devboxes`, and percent-encoded where necessary. `query` and `body` may be NULL. Each output may be
/// NULL, and belongs to the caller: `http_status`; `headers`, an object of strings with the names in lower
/// case; `value`, the body of the response, or NULL if it is not JSON; `bytes`, the body as it was
/// received. A response with a status of 400 or above is an error.
///
/// POST and PATCH are retried only if they certainly had no effect. A DELETE whose first response was lost,
/// and whose second attempt finds nothing, succeeds with 204.
///
/// Blocks for one request. Any thread.
///
/// Statuses: those of any request.
int32_t runloop_client_request(const runloop_client *client,
                               const char *method,
                               const char *path,
                               const runloop_params *query,
                               const runloop_params *body,
                               const runloop_call_options *opts,
                               int32_t *http_status,
                               runloop_value **headers,
                               runloop_value **value,
                               runloop_bytes **bytes,
                               runloop_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RUNLOOP_H */
