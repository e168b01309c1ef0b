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
 *   Errors              every status, and what an error tells
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
 * Errors. Functions that can fail return an int32_t status: RUNLOOP_OK (0), or the reason of the failure. Their last
 *   argument receives an error object, which the caller frees with runloop_error_free(), or NULL on success. It may be
 *   NULL if you need the status only. A non-zero exit code of a command is not an error.
 *   Output arguments are set to NULL or 0 before anything else happens, and stay so if the call fails.
 * Statuses. "Statuses:" lists what a function can return. Any function may also return RUNLOOP_INVALID_ARGUMENT,
 *   RUNLOOP_INVALID_HANDLE, RUNLOOP_FORKED, RUNLOOP_INTERNAL_PANIC and RUNLOOP_OUT_OF_MEMORY.
 *   "Those of any request" are RUNLOOP_CONNECT, RUNLOOP_TLS, RUNLOOP_TIMEOUT, RUNLOOP_DEADLINE, RUNLOOP_CANCELLED,
 *   RUNLOOP_CLOSED, RUNLOOP_BROKEN, RUNLOOP_PROTOCOL, and the statuses from 200 to 299, which stand for HTTP errors.
 *   The numbers are never changed and never reused. Handle a number that you do not know by its range: 1-99 wrong use,
 *   100-199 transport, 200-299 HTTP error, 300-399 a failure at the service, 900 and above a failure of the library.
 * Ownership. Objects are opaque handles. A handle that a function stores through a `**` argument belongs to the caller, who
 *   frees it with the _free function of its type. Handles may be freed in any order: each keeps alive what it needs. All
 *   _free functions accept NULL. A handle that is NULL, freed or of another type is detected: RUNLOOP_INVALID_HANDLE.
 *   Freeing a handle ends nothing at the service, except after runloop_devbox_set_shutdown_on_free(). It does not block,
 *   unless it is the last handle of a client: see runloop_client_free().
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
 *   static objects. A call needs 64 KiB of stack, plus what your thread-local variables and callbacks take of it.
 * Callbacks run on the thread that made the call, during the call, and never after it. They may call into the library. They
 *   must return: ending the thread (pthread_exit), longjmp or an exception out of a callback ends the process. The log
 *   function is the only callback that also runs on threads of the library.
 * Structs begin with struct_size and may grow at their end. Initialize them with their _INIT macros.
 *
 *
 * PROCESSES, for programs with signals, forks or unusual ends
 *
 * Threads of the library. One does input and output in the background. Others exist while names are resolved, log lines are
 *   delivered, or a failed download is removed, and, while a call packs a directory, one for each core plus one. All have
 *   all signals blocked. If one cannot be started, the work is done without it where possible; otherwise the call fails.
 *   The library installs no signal handlers, raises no SIGPIPE or SIGXFSZ, prints nothing, does not change the environment,
 *   and never ends the process, except as stated here.
 * Input and output. If only one thread is in a call, that thread does the library's input and output itself. If several are,
 *   the background thread does it for all of them. A thread that is held up while it does so (by a slow signal handler, or
 *   by a low priority) holds up calls of other threads only if no other thread was in a call when they began, and only until
 *   it continues. Their deadlines and cancellations still take effect in time. A signal handler must therefore return. If it
 *   leaves the call with siglongjmp(), what the call holds is leaked; if the thread was doing input and output, calls of
 *   other threads then end only by their deadlines and cancellations, for the rest of the process.
 * Descriptors. A program that closes descriptors that it did not open itself (closefrom) breaks the calls in progress, and at
 *   most one further call; then the library starts again. If descriptors 0 to 2 are closed, no connection or file of the
 *   library takes their numbers.
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
/// Defects of the library.
#define RUNLOOP_LOG_ERROR 1
/// Attempts that failed and are repeated.
#define RUNLOOP_LOG_WARN 2
/// Requests that failed for good.
#define RUNLOOP_LOG_INFO 3
/// Every request.
#define RUNLOOP_LOG_DEBUG 4

/// Told what the library does: one line, without a line feed, without secrets, borrowed until the
/// function returns.
///
/// `level` is one of RUNLOOP_LOG_…. This is the one function that is called on ANY thread, and by several at a
/// time: it must be thread-safe. What a call tells, it tells on the calling thread before it returns, while no lock
/// of the library's is held; where the call takes longer than a moment, and for work in the background, the lines
/// are told by a thread of the library's. A function that takes long holds up no call but those whose lines it is told.
///
/// It may call any function of the library, and is told nothing about what those calls do.
typedef void (*runloop_log_fn)(void *user_data, int32_t level, const char *message);

/// The version of the library that runs, such as `0.1.0`; static.
///
/// Any thread; never blocks; may be called before anything else, and after a fork.
const char *runloop_version(void);

/// Whether a program compiled against this header fits the library that runs. Call it as
/// `runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), &error)`.
///
/// A program that was compiled against an older header fits. Any thread; never blocks.
///
/// Statuses: RUNLOOP_ABI_MISMATCH.
int32_t runloop_abi_check(int32_t abi,
                          size_t call_options_size,
                          size_t exec_options_size,
                          runloop_error **error);

/// Has the library tell what it does, up to a level (one of RUNLOOP_LOG_…). One function for the
/// whole process; NULL silences the library, as it is from the start.
///
/// `user_data` is handed to the function and must live until the function has been replaced. Any thread. Waits,
/// for 10 s at most, while the function that is replaced runs in other threads, so that it runs no more afterwards:
/// hold no lock that it needs. Within the function itself this never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_log_set(runloop_log_fn log,
                        void *user_data,
                        int32_t level,
                        runloop_error **error);

/// How many handles are live: those of one kind ("client", "config", "params", "value", "bytes",
/// "error", "cancel", "devbox", "devbox_cursor", "execution", "exec_result", "output_stream" …: the
/// names of the types without `runloop_`), or all of them for NULL. 0 at the end of a program that
/// frees what it was given.
///
/// Any thread; never blocks.
size_t runloop_live_handles(const char *kind);

/* ---------------------------------------------------------------------
 * Errors
 * --------------------------------------------------------------------- */

/// Success.
#define RUNLOOP_OK 0
/// An argument cannot be used: NULL where a value is wanted, no UTF-8, out of range. Correct it.
#define RUNLOOP_INVALID_ARGUMENT 1
/// A handle is NULL, freed, or of another kind.
#define RUNLOOP_INVALID_HANDLE 2
/// The thing is not in a state in which this can be done.
#define RUNLOOP_WRONG_STATE 3
/// The handle was made before this process was forked, or the process was forked during the call. Make
/// clients in the child.
#define RUNLOOP_FORKED 4
/// The header and the library do not fit together. Compile against the installed header.
#define RUNLOOP_ABI_MISMATCH 5
/// There is no API key. Set RUNLOOP_API_KEY or call runloop_config_set_bearer_token().
#define RUNLOOP_MISSING_CREDENTIALS 6
/// A callback of yours returned something other than 0.
#define RUNLOOP_STOPPED 7
/// A file or descriptor of this machine could not be read or written.
#define RUNLOOP_LOCAL_IO 8
/// There is nothing, or a value of another kind, at a JSON Pointer.
#define RUNLOOP_NO_SUCH_FIELD 9

/// No connection: refused, unreachable, or a name that does not resolve.
#define RUNLOOP_CONNECT 100
/// No trusted connection: a certificate was not accepted.
#define RUNLOOP_TLS 101
/// An attempt took longer than timeout_ms.
#define RUNLOOP_TIMEOUT 102
/// The call took longer than deadline_ms.
#define RUNLOOP_DEADLINE 103
/// The call's cancel token was triggered.
#define RUNLOOP_CANCELLED 104
/// The client was closed.
#define RUNLOOP_CLOSED 105
/// The connection broke before the whole answer came.
#define RUNLOOP_BROKEN 106
/// The answer is not what the API describes, or longer than runloop_config_set_max_answer_bytes() allows.
#define RUNLOOP_PROTOCOL 107

/// HTTP 400: the service does not accept the parameters.
#define RUNLOOP_BAD_REQUEST 200
/// HTTP 401: the service does not know the API key.
#define RUNLOOP_AUTHENTICATION 201
/// HTTP 403: the API key may not do this.
#define RUNLOOP_PERMISSION 202
/// HTTP 404: there is no such thing.
#define RUNLOOP_NOT_FOUND 203
/// HTTP 409: it is at odds with something that exists.
#define RUNLOOP_CONFLICT 204
/// HTTP 422: the service understands the parameters, but cannot act on them.
#define RUNLOOP_UNPROCESSABLE 205
/// HTTP 429: too many requests; runloop_error_retry_after_ms() may say how long to wait.
#define RUNLOOP_RATE_LIMITED 206
/// HTTP 5xx: the service failed.
#define RUNLOOP_SERVER 207
/// Any other HTTP error status.
#define RUNLOOP_API 208

/// A devbox does not run: it failed or was shut down.
#define RUNLOOP_DEVBOX_FAILED 300
/// A blueprint's build failed.
#define RUNLOOP_BUILD_FAILED 301
/// A snapshot failed.
#define RUNLOOP_SNAPSHOT_FAILED 302
/// What was waited for did not come within poll_timeout_ms.
#define RUNLOOP_WAIT_TIMED_OUT 303
/// An archive is damaged, would leave its target, or exceeds its limits.
#define RUNLOOP_BAD_ARCHIVE 304
/// A directory of the devbox could not be read or written; runloop_error_body() holds what the
/// devbox said.
#define RUNLOOP_REMOTE_IO 305

/// A defect of the library; the process lives, the handles of the call are out of use.
#define RUNLOOP_INTERNAL_PANIC 900
/// There was no memory for a large answer. Where memory runs out for anything small the process is ended, as by most programs.
#define RUNLOOP_OUT_OF_MEMORY 901
/// Something went wrong inside the library.
#define RUNLOOP_INTERNAL 902

/// Making the same call again is of no use.
#define RUNLOOP_RETRYABLE_NO 0
/// Making the same call again may succeed.
#define RUNLOOP_RETRYABLE_YES 1
/// It is not known whether making the same call again is of use, or harmless.
#define RUNLOOP_RETRYABLE_UNKNOWN 2

/// The failed call changed nothing at the service.
#define RUNLOOP_SIDE_EFFECT_NONE 0
/// The failed call changed something: see runloop_error_resource_id().
#define RUNLOOP_SIDE_EFFECT_HAPPENED 1
/// It is not known whether the failed call changed something.
#define RUNLOOP_SIDE_EFFECT_UNKNOWN 2

/// What went wrong, what to do, and what is left behind. Immutable; may be read by any number
/// of threads. Free it with runloop_error_free().
struct runloop_error;

/// The name of a status as C spells it, such as `RUNLOOP_NOT_FOUND`; static. `RUNLOOP_?` for a
/// number that this library does not know.
///
/// Any thread; never blocks; may be called after a fork.
const char *runloop_status_name(int32_t status);

/// The status that the failed call returned; 0 if `error` is NULL or freed.
///
/// Any thread; never blocks.
int32_t runloop_error_status(const runloop_error *error);

/// Borrowed from `error`, until it is freed: the thing, the cause and the next step, in English,
/// with no secret in it. Never NULL; empty if `error` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_error_message(const runloop_error *error);

/// The HTTP status of the service's answer; 0 if none came.
///
/// Any thread; never blocks.
int32_t runloop_error_http_status(const runloop_error *error);

/// Borrowed from `error`, until it is freed: the service's own code for what went wrong; NULL if
/// it gave none.
///
/// Any thread; never blocks.
const char *runloop_error_code(const runloop_error *error);

/// Borrowed from `error`, until it is freed: the identifier under which the service's operators
/// find the request; NULL if there is none.
///
/// Any thread; never blocks.
const char *runloop_error_request_id(const runloop_error *error);

/// How many milliseconds the service asks to wait before another attempt, as it said; -1 if it does not say. The
/// library itself waits for 60 s at most; a longer pause ends the call.
///
/// Any thread; never blocks.
int64_t runloop_error_retry_after_ms(const runloop_error *error);

/// Whether making the same call again is of use and can do no harm: one of RUNLOOP_RETRYABLE_…. It is
/// RUNLOOP_RETRYABLE_UNKNOWN where time may heal the failure, but the call may have had its effect, and would have it
/// twice, or where its runloop_source or runloop_sink is not as it was before.
///
/// Any thread; never blocks.
int32_t runloop_error_retryable(const runloop_error *error);

/// How many times the request was sent, or tried to be; 0 if the call failed before.
///
/// Any thread; never blocks.
int32_t runloop_error_attempts(const runloop_error *error);

/// Borrowed from `error`, until it is freed: the devbox, execution … that the call concerned or
/// left behind; NULL if none is known.
///
/// Any thread; never blocks.
const char *runloop_error_resource_id(const runloop_error *error);

/// Whether the failed call changed something at the service: one of RUNLOOP_SIDE_EFFECT_….
///
/// Any thread; never blocks.
int32_t runloop_error_side_effect(const runloop_error *error);

/// Borrowed from `error`, until it is freed: the body of the service's answer, at most 64 KiB of
/// it, or the last state that a wait has seen; NULL if there is none.
///
/// `length`, if not NULL, receives its length in bytes. Any thread; never blocks.
const char *runloop_error_body(const runloop_error *error, size_t *length);

/// Borrowed from `error`, until it is freed: what lies beneath, innermost last; NULL if nothing is
/// known.
///
/// Any thread; never blocks.
const char *runloop_error_cause(const runloop_error *error);

/// Frees an error and all texts borrowed from it. NULL is fine.
///
/// Any thread; never blocks.
void runloop_error_free(runloop_error *error);

/* ---------------------------------------------------------------------
 * Configuration
 * --------------------------------------------------------------------- */

/// HTTP/2 where the server offers it over TLS, else HTTP/1.1.
#define RUNLOOP_HTTP_AUTO 0
/// HTTP/1.1 alone.
#define RUNLOOP_HTTP_1 1
/// HTTP/2 alone, also without TLS.
#define RUNLOOP_HTTP_2 2

/// What a client is to be made of. What is not set is taken from the environment, else from
/// the defaults; nothing is checked before runloop_client_new(). Thread-safe. Free it with
/// runloop_config_free(), before or after the clients made of it.
struct runloop_config;

/// Makes an empty configuration; the caller owns it.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_config_new(runloop_config **config, runloop_error **error);

/// Sets the API key. Else: RUNLOOP_API_KEY. It is in no message and no log.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_bearer_token(const runloop_config *config,
                                        const char *token,
                                        runloop_error **error);

/// Sets where the API is. Else: RUNLOOP_BASE_URL, else `https://api.runloop.ai`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_base_url(const runloop_config *config,
                                    const char *url,
                                    runloop_error **error);

/// Sets how long an attempt may take, in milliseconds; 0 for the default, which is 30 s, or 600 s
/// where a command or a file is waited for. An attempt whose answer the service holds back by design may take longer: see
/// `timeout_ms` of runloop_call_options.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_timeout_ms(const runloop_config *config,
                                      int64_t timeout_ms,
                                      runloop_error **error);

/// Sets how long reaching the server may take, in milliseconds; 0 for the default, 5 s. It counts from the
/// moment at which the look-up of the server's name begins.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_connect_timeout_ms(const runloop_config *config,
                                              int64_t connect_timeout_ms,
                                              runloop_error **error);

/// Sets how many attempts may follow the first; 0 for the default, 5; -1 for none.
///
/// Repeated are attempts that reached no server, that the service refused for the time being (429, or
/// `x-should-retry: true`), and, where a repetition is harmless, those whose connection broke, that timed
/// out, or that were answered with 408, 409 or 5xx. All clients of the process together stay within a budget
/// for each server. A number set here also counts attempts in an outage, for which a server that has
/// answered before is else waited for: until the call's deadline, or for 120 s.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_max_retries(const runloop_config *config,
                                       int32_t max_retries,
                                       runloop_error **error);

/// Adds a header to every request; it wins over one of RUNLOOP_CUSTOM_HEADERS (`Name: value`, one
/// a line). Its value is in no message and no log. Headers of the connection (`Host`, `Content-Length`,
/// `Transfer-Encoding`, `Connection` and the like) are the library's own: runloop_client_new refuses them.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_add_header(const runloop_config *config,
                                  const char *name,
                                  const char *value,
                                  runloop_error **error);

/// Adds a query parameter to every request. Its value is in no message and no log, unless it is shorter than 8 bytes
/// and its name is not that of a credential.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_add_query(const runloop_config *config,
                                 const char *name,
                                 const char *value,
                                 runloop_error **error);

/// Sets the proxy, such as `http://user:password@host:3128` or `socks5://host:1080` (http, https, socks4,
/// socks4a, socks5, socks5h); empty for none. Else: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in capitals or
/// small letters, as they are when the client is made. What cannot be used is RUNLOOP_INVALID_ARGUMENT then.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_proxy(const runloop_config *config,
                                 const char *url,
                                 runloop_error **error);

/// Sets a file of PEM certificates of those who are trusted. Else: the file that SSL_CERT_FILE names and the folders
/// that SSL_CERT_DIR names, with colons between them, in place of the system's; else the system's, and where there are
/// none, those of Mozilla's that the library brings along. A file is read when the client is made, and not later; a pipe
/// is refused then, and so is what a shell's <(...) stands for. The variables are read then too: what they name and is
/// not there counts for nothing, and what holds no certificate is RUNLOOP_INVALID_ARGUMENT.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_ca_file(const runloop_config *config,
                                   const char *path,
                                   runloop_error **error);

/// Sets the certificate by which the client identifies itself: PEM files of the chain and the key,
/// which are read when the client is made, and not later; pipes are refused then.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_client_certificate(const runloop_config *config,
                                              const char *chain_path,
                                              const char *key_path,
                                              runloop_error **error);

/// Sets which HTTP is spoken: one of RUNLOOP_HTTP_….
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_http_version(const runloop_config *config,
                                        int32_t version,
                                        runloop_error **error);

/// Sets what the program calls itself, put before the library's name in User-Agent.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_user_agent(const runloop_config *config,
                                      const char *user_agent,
                                      runloop_error **error);

/// Sets whether requests are held against the API's description before they are sent: 0 for no, as
/// it is from the start, else yes.
///
/// Then a parameter or filter that the API does not describe, a value of another type, and a
/// required parameter that is missing, are RUNLOOP_INVALID_ARGUMENT; the message names the place, and
/// the parameter that was probably meant. The description is that of the time at which the library was
/// made: for what the API has gained since, leave this off.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_strict_params(const runloop_config *config,
                                         int32_t strict,
                                         runloop_error **error);

/// Sets whether creates are left unmarked: 0, the default, marks them.
///
/// The creates that end what they leave behind (runloop_devbox_create(), runloop_devbox_snapshot_disk(),
/// runloop_blueprint_create() and the uploads of objects) put `librunloop_create_id` into the metadata of
/// their request. If the answer with the identifier is lost, the library finds the new resource by that mark
/// and ends it. The mark is in no answer that the library returns; other programs of the account see it.
/// Without marks, a resource whose identifier was lost stays.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_unmarked_creates(const runloop_config *config,
                                            int32_t unmarked,
                                            runloop_error **error);

/// Sets how long an answer that is read whole may be, in bytes; 0 for the default, 256 MiB. A longer one is RUNLOOP_PROTOCOL, and
/// the rest of it is not read. An event of a stream may have a sixteenth of it.
///
/// It bounds what a server can make the library hold. An answer takes up to three times its length while it is read. Downloads into
/// memory and runloop_devbox_read_file() are bounded too; those to paths, descriptors and functions are not, since they are not held.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_config_set_max_answer_bytes(const runloop_config *config,
                                            int64_t max_answer_bytes,
                                            runloop_error **error);

/// Frees a configuration. Clients made of it are not concerned. NULL is fine.
///
/// Any thread; never blocks.
void runloop_config_free(runloop_config *config);

/* ---------------------------------------------------------------------
 * Client
 * --------------------------------------------------------------------- */

/// A client: one server, one API key. All other handles are made from it and share it; they
/// may outlive it. Thread-safe: any number of calls at a time, from any threads. Clients of
/// the same server share their connections, so that a second one costs little. Free it with
/// runloop_client_free().
struct runloop_client;

/// Makes a client; the caller owns it. `config` may be NULL: then all is taken from the
/// environment (RUNLOOP_API_KEY, RUNLOOP_BASE_URL, RUNLOOP_CUSTOM_HEADERS).
///
/// Sends nothing. The first client of a process starts the library's thread. Any thread; does not
/// wait for the network, but reads the files that the configuration names and, for https, the
/// system's certificates.
///
/// Statuses: RUNLOOP_MISSING_CREDENTIALS, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE, RUNLOOP_LOCAL_IO (where
/// no further file can be opened), RUNLOOP_INTERNAL.
int32_t runloop_client_new(const runloop_config *config,
                           runloop_client **client,
                           runloop_error **error);

/// Ends all calls of the client and of everything made from it with RUNLOOP_CLOSED, and has
/// further ones fail so. Devboxes go on running.
///
/// Waits, for 10 s at most, until the calls that wait at the service have ended and what they had begun has been
/// undone (see runloop_devbox_create()). A call in whose callback the client is closed is not waited for. The log
/// names what was left. Any thread.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_client_close(const runloop_client *client,
                             runloop_error **error);

/// Frees a client. What was made from it can still be used; with the last of that the library's
/// threads end. NULL is fine.
///
/// Any thread. Where this frees the last handle that shares the client, it waits, for 10 s at
/// most, until what cancelled calls had begun has been undone; else it never blocks.
void runloop_client_free(runloop_client *client);

/* ---------------------------------------------------------------------
 * Call options
 * --------------------------------------------------------------------- */

/// Told how much of a transfer is done.
///
/// `total` is -1 where the length is not known. Called on the thread that made the call. Return 0
/// to go on; anything else ends the call with RUNLOOP_STOPPED.
typedef int32_t (*runloop_progress_fn)(void *user_data, int64_t done, int64_t total);

/// How one call is made. Zero, or NULL, is the default everywhere; begin with
/// `runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;`. Everything that it points to is
/// used during the call alone.
typedef struct runloop_call_options {
    /// sizeof(runloop_call_options); set by the _INIT macro.
    size_t struct_size;
    /// For each attempt, in milliseconds; of a transfer, how long it may stand still. Default: the
    /// client's; else 30 s, or 600 s where a file is waited for. An attempt whose answer the service holds back by
    /// design has at least 7 s more than that takes: 9 s for runloop_devbox_exec(), 37 s for runloop_devbox_create(), up to 32 s for
    /// each question of a wait. deadline_ms bounds those too.
    int64_t timeout_ms;
    /// For the whole call, with all attempts, pauses and waits, in milliseconds. Default: none.
    int64_t deadline_ms;
    /// How long a wait lasts before RUNLOOP_WAIT_TIMED_OUT, in milliseconds. Default: 120 s for a
    /// devbox, 10 min for a snapshot, 30 min for a blueprint, no end for a command. A command that runs longer is killed where
    /// runloop_devbox_exec() waits for it, with output functions or without, and goes on where runloop_execution_result() does.
    int64_t poll_timeout_ms;
    /// The pause between two questions of a wait whose server does not hold them, in milliseconds.
    /// Default: 100 ms, growing to 2 s.
    int64_t poll_interval_ms;
    /// Attempts after the first, those in an outage too; -1 for none. Default: the client's, else 5, and in an
    /// outage of a server that has answered before as many as fit into the deadline, or into 120 s (5 s where it is this machine
    /// that has no descriptor or no memory for a connection).
    int32_t max_retries;
    /// Not 0: what a failed or cancelled create has created is kept, not shut down or deleted.
    int32_t keep_on_failure;
    /// Sent as x-request-id with every attempt. Default: a fresh one for each call.
    const char *idempotency_key;
    /// Headers of all the call's requests; they replace those of the same name: an object of texts.
    const runloop_params *extra_headers;
    /// Query parameters of the call's first request; they replace those of the same name. For what every request needs:
    /// runloop_config_add_query().
    const runloop_params *extra_query;
    /// Members that replace those of the same name in the body of the call's first request. Where a file is uploaded they are
    /// fields of its form: texts, numbers and truth values.
    const runloop_params *extra_body;
    /// Ends the call when triggered.
    const runloop_cancel *cancel;
    /// Told how much of a transfer is done.
    runloop_progress_fn progress;
    /// Handed to `progress`.
    void *progress_data;
} runloop_call_options;

/// Initializes a runloop_call_options with the defaults.
#define RUNLOOP_CALL_OPTIONS_INIT \
    { sizeof(runloop_call_options), 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/// Ends calls from another thread: given to any number of them by their call options, and
/// triggered once. Thread-safe. Free it with runloop_cancel_free().
struct runloop_cancel;

/// Makes a cancel token; the caller owns it.
///
/// Any thread; never blocks.
int32_t runloop_cancel_new(runloop_cancel **cancel, runloop_error **error);

/// Ends all calls that were given the token, and those that will be, with RUNLOOP_CANCELLED. Once
/// triggered it stays so; triggering it again changes nothing.
///
/// Any thread; never blocks. Not for signal handlers: have a thread wait for the signal (sigwait), and trigger it there.
///
/// Statuses: RUNLOOP_INVALID_HANDLE.
int32_t runloop_cancel_trigger(const runloop_cancel *cancel,
                               runloop_error **error);

/// Frees a cancel token. Calls that were given it go on. NULL is fine.
///
/// Any thread; never blocks.
void runloop_cancel_free(runloop_cancel *cancel);

/* ---------------------------------------------------------------------
 * Devboxes
 * --------------------------------------------------------------------- */

/// A devbox: an isolated Linux machine at the service. The handle is its identifier; freeing
/// it leaves the devbox running, unless runloop_devbox_set_shutdown_on_free() says otherwise.
/// Thread-safe. Free it with runloop_devbox_free().
struct runloop_devbox;

/// A walk through a list of devboxes, which asks for page after page. Thread-safe; several
/// threads share the items among them. Free it with runloop_devbox_cursor_free().
struct runloop_devbox_cursor;

/// Creates a devbox and waits until it runs; the caller owns the handle.
///
/// `params` is the request's body, or NULL: `/name`, `/metadata`, `/environment_variables`,
/// `/launch_parameters`, `/mounts` and what else the API knows.
///
/// Nothing is left behind: where the call fails after the devbox was created, or is cancelled, the
/// devbox is shut down behind it, unless `keep_on_failure` is set in `opts`. To find a devbox whose
/// identifier did not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
///
/// Blocks until the devbox runs, for 120 s at most where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_create(const runloop_client *client,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_devbox **devbox,
                              runloop_error **error);

/// Creates a devbox from a blueprint and waits until it runs; the caller owns the handle. In all
/// else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
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

/// Creates a devbox from the newest blueprint of a name and waits until it runs; the caller owns
/// the handle. In all else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
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

/// Creates a devbox from a disk snapshot and waits until it runs; the caller owns the handle. In
/// all else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
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

/// Creates a devbox and returns as soon as it has an identifier; the caller owns the handle. Wait
/// with runloop_devbox_await_running() before commands are run in it.
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

/// Gives a handle of an existing devbox, once it runs; the caller owns the handle.
///
/// Blocks until the devbox runs. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of runloop_devbox_await_running().
int32_t runloop_devbox_from_id(const runloop_client *client,
                               const char *id,
                               const runloop_call_options *opts,
                               runloop_devbox **devbox,
                               runloop_error **error);

/// Gives a handle of a devbox, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_devbox_attach(const runloop_client *client,
                              const char *id,
                              runloop_devbox **devbox,
                              runloop_error **error);

/// Waits until the devbox runs. Any other end (failure, shutdown) is RUNLOOP_DEVBOX_FAILED. One that is
/// suspended is waited for, since somebody may be resuming it; if nobody is, the wait times out.
///
/// `info`, if not NULL, receives the running devbox as the API shows it; the caller owns it. Blocks
/// for 120 s at most where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (the last state seen
/// is in runloop_error_body()).
int32_t runloop_devbox_await_running(const runloop_devbox *devbox,
                                     const runloop_call_options *opts,
                                     runloop_value **info,
                                     runloop_error **error);

/// Ends the devbox, with everything that runs in it; its disk is gone. The handle stays and must
/// still be freed.
///
/// `info`, if not NULL, receives the devbox as the API shows it; the caller owns it. Blocks for one
/// request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/shutdown.
///
/// Statuses: those of any request.
int32_t runloop_devbox_shutdown(const runloop_devbox *devbox,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Sets whether freeing this handle shuts the devbox down: it does for a `timeout_ms` above 0, which is how
/// long runloop_devbox_free() may block for it, and does not for 0, as it is from the start. Other
/// handles of the same devbox are not concerned.
///
/// The shutdown is one request with few repetitions. Freeing tells nobody whether it succeeded, but for the
/// log function (RUNLOOP_LOG_WARN); to know, call runloop_devbox_shutdown(), after which freeing sends
/// nothing. It also happens where the client is closed, and never in a forked child.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_devbox_set_shutdown_on_free(const runloop_devbox *devbox,
                                            int64_t timeout_ms,
                                            runloop_error **error);

/// Starts the devbox's keep-alive time anew.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/keep_alive.
///
/// Statuses: those of any request.
int32_t runloop_devbox_keep_alive(const runloop_devbox *devbox,
                                  const runloop_call_options *opts,
                                  runloop_error **error);

/// Ends the devbox's processes, keeps its disk, and waits until that is done.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 120 s at most
/// where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/suspend, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_suspend(const runloop_devbox *devbox,
                               const runloop_call_options *opts,
                               runloop_value **info,
                               runloop_error **error);

/// Waits until the devbox is suspended. Any other end (failure, shutdown) is RUNLOOP_DEVBOX_FAILED.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 120 s at most
/// where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (the last state
/// seen is in runloop_error_body()).
int32_t runloop_devbox_await_suspended(const runloop_devbox *devbox,
                                       const runloop_call_options *opts,
                                       runloop_value **info,
                                       runloop_error **error);

/// Lets a suspended devbox run again, and waits until it does.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 120 s at most
/// where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_resume(const runloop_devbox *devbox,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Lets a suspended devbox run again, without waiting until it does. It may be seen suspended for a
/// moment still.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
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
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}.
///
/// Statuses: those of any request.
int32_t runloop_devbox_update(const runloop_devbox *devbox,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Borrowed from `devbox`, until it is freed: its identifier, `dbx_…`. NULL if `devbox` is NULL or
/// freed.
///
/// Any thread; never blocks.
const char *runloop_devbox_id(const runloop_devbox *devbox);

/// Gives the devbox as the API shows it now; the caller owns the value.
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

/// Gives what the devbox has used so far (`/vcpu_seconds`, `/memory_gb_seconds` …); the caller owns
/// the value.
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

/// Gives what the devbox has logged so far (`/logs/0/message` …); the caller owns the value. Logs
/// arrive late at the service: a command's output is had from its result.
///
/// `params` are filters, or NULL: `/execution_id`.
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

/// Begins a walk through the devboxes; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/status`, `/limit` (items a page) and what else the
/// API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_devbox_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_devbox_cursor **cursor,
                            runloop_error **error);

/// Gives the next devbox and, if `info` is not NULL, how the API shows it; the caller owns both.
/// At the end of the list the status is RUNLOOP_OK and `devbox` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/devboxes.
///
/// Statuses: those of any request.
int32_t runloop_devbox_cursor_next(const runloop_devbox_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_devbox **devbox,
                                   runloop_value **info,
                                   runloop_error **error);

/// Frees a handle. The devbox goes on running: runloop_devbox_shutdown() ends it, or this function where
/// runloop_devbox_set_shutdown_on_free() has been called. NULL is fine.
///
/// Any thread; never blocks, but for such a shutdown, and where it is the last that shares its client:
/// see runloop_client_free().
void runloop_devbox_free(runloop_devbox *devbox);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_devbox_cursor_free(runloop_devbox_cursor *cursor);

/* ---------------------------------------------------------------------
 * Commands
 * --------------------------------------------------------------------- */

/// The service did not say how the command ended.
#define RUNLOOP_OUTCOME_UNKNOWN 0
/// The command exited; its code tells more.
#define RUNLOOP_OUTCOME_EXITED 1
/// The command was ended by a signal: a shell's code of 128 and the signal's number.
#define RUNLOOP_OUTCOME_SIGNALLED 2
/// The command was killed because its timeout_ms was over.
#define RUNLOOP_OUTCOME_TIMED_OUT 3
/// The command has ended, but part of its output could not be had, or is not known to be there.
#define RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE 4

/// Standard output. RUNLOOP_STDOUT | RUNLOOP_STDERR are both.
#define RUNLOOP_STDOUT 1
/// Standard error.
#define RUNLOOP_STDERR 2

/// Takes output as it comes.
///
/// `stream` is RUNLOOP_STDOUT or RUNLOOP_STDERR, `data` has `length` bytes (no NUL behind them) and
/// is borrowed until the function returns. Called on the thread that made the call, and never after
/// the call has returned. Return 0 to go on; anything else ends the call with RUNLOOP_STOPPED.
///
/// The function may call into the library. It must not throw or longjmp across the library.
typedef int32_t (*runloop_output_fn)(void *user_data,
                                     int32_t stream,
                                     const char *data,
                                     size_t length);

/// How a command is run. Zero, or NULL, is the default everywhere; begin with
/// `runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;`. Everything that it points to is used
/// during the call alone, but for the output functions of runloop_devbox_exec_async(), which
/// see.
typedef struct runloop_exec_options {
    /// sizeof(runloop_exec_options); set by the _INIT macro.
    size_t struct_size;
    /// Where the command runs. Default: the user's home directory.
    const char *working_directory;
    /// Variables besides the devbox's own: texts of the form NAME=value, the last pointer NULL. Any name that a program can be
    /// given is set, but those whose value is the shell's own (PPID, RANDOM, SHELLOPTS …): RUNLOOP_INVALID_ARGUMENT. Where the
    /// devbox's profile forbids to set one, the command is not run, and the exit code is 125. Values of four bytes and more are
    /// struck out of whatever an error repeats.
    const char *const *environment;
    /// As whom the command runs. Default: the devbox's user.
    const char *user;
    /// When the command has run for so long its process group is killed (see runloop_execution_kill()), and what it had
    /// printed is returned; in milliseconds. Where the command has not ended 10 s later, the call fails with
    /// RUNLOOP_WAIT_TIMED_OUT. Default: no limit.
    int64_t timeout_ms;
    /// So many bytes of each output are kept for the result, from its end; the output functions
    /// get all of it. Default: all of it.
    int64_t max_output_bytes;
    /// Gets standard output as it comes.
    runloop_output_fn on_stdout;
    /// Gets standard error as it comes.
    runloop_output_fn on_stderr;
    /// Gets both as they come.
    runloop_output_fn on_output;
    /// Handed to the output functions.
    void *user_data;
    /// Not 0: runloop_execution_send_stdin() can be used. For runloop_devbox_exec_async() alone.
    int32_t attach_stdin;
    /// Must be 0.
    int32_t reserved;
} runloop_exec_options;

/// Initializes a runloop_exec_options with the defaults.
#define RUNLOOP_EXEC_OPTIONS_INIT \
    { sizeof(runloop_exec_options), NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, 0, 0 }

/// How a command ended, and what it printed. Immutable; may be read by any number of threads.
/// Free it with runloop_exec_result_free().
struct runloop_exec_result;

/// A command that was started in a devbox. Freeing the handle leaves the command running.
/// Thread-safe. Free it with runloop_execution_free().
struct runloop_execution;

/// Runs a command in a fresh login shell of the devbox and waits for its end; the caller owns the
/// result. A command that fails is a result, not an error.
///
/// With output functions in `exec`, output comes to them as it is produced, every byte once, on
/// this thread, and never after the call has returned. Without them, and where the command is
/// quick, the call is one round trip. An output that cannot be read does not end the call: the other goes on, the log tells
/// why, and if the finished command does not show all of it, the outcome is RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE.
///
/// The call owns the command: where the call is cancelled, passes its deadline or its `poll_timeout_ms`, is stopped by
/// an output function, or fails otherwise, the command's process group is killed behind it (see runloop_execution_kill()).
///
/// Blocks until the command has ended. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute; with output functions or limits POST
/// /v1/devboxes/{id}/execute_async, GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates,
/// …/stream_stderr_updates, POST …/wait_for_status, …/kill.
///
/// Statuses: those of any request; RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
int32_t runloop_devbox_exec(const runloop_devbox *devbox,
                            const char *command,
                            const runloop_exec_options *exec,
                            const runloop_call_options *opts,
                            runloop_exec_result **result,
                            runloop_error **error);

/// Starts a command in a fresh login shell of the devbox and returns; the caller owns the
/// execution. The command goes on whatever becomes of the handle.
///
/// Output functions in `exec` are called by runloop_execution_result(), on the thread that calls
/// it, and `user_data` must live until then. Likewise a `timeout_ms` is kept to while
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

/// The command's exit code; -1 where the service knows none.
///
/// Any thread; never blocks.
int32_t runloop_exec_result_exit_code(const runloop_exec_result *result);

/// How the command ended: one of RUNLOOP_OUTCOME_….
///
/// Any thread; never blocks.
int32_t runloop_exec_result_outcome(const runloop_exec_result *result);

/// 1 if the command exited with 0, in time, and all its output could be had; else 0.
///
/// Any thread; never blocks.
int32_t runloop_exec_result_success(const runloop_exec_result *result);

/// Gives what the command printed on its standard output: all of it for `last_n` 0, else the last
/// `last_n` lines; the caller owns the bytes. With `max_output_bytes`, what was kept.
///
/// Where the service's answer held the last lines alone, the rest is fetched the first time it is
/// asked for, which needs the devbox: ask before it is shut down. Blocks for that; else never. Any
/// thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates.
///
/// Statuses: those of any request.
int32_t runloop_exec_result_stdout(const runloop_exec_result *result,
                                   int64_t last_n,
                                   const runloop_call_options *opts,
                                   runloop_bytes **output,
                                   runloop_error **error);

/// Gives what the command printed on its standard error. In all else as
/// runloop_exec_result_stdout().
///
/// Blocks as that does. Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stderr_updates.
///
/// Statuses: those of any request.
int32_t runloop_exec_result_stderr(const runloop_exec_result *result,
                                   int64_t last_n,
                                   const runloop_call_options *opts,
                                   runloop_bytes **output,
                                   runloop_error **error);

/// Borrowed from `result`, until it is freed: the execution's identifier. NULL if `result` is NULL
/// or freed.
///
/// Any thread; never blocks.
const char *runloop_exec_result_execution_id(const runloop_exec_result *result);

/// Gives the execution as the API showed it at its end; the caller owns the value.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_exec_result_value(const runloop_exec_result *result,
                                  runloop_value **value,
                                  runloop_error **error);

/// Gives a handle of an execution by its identifier, without asking whether there is one; the
/// caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_execution_attach(const runloop_devbox *devbox,
                                 const char *id,
                                 runloop_execution **execution,
                                 runloop_error **error);

/// Borrowed from `execution`, until it is freed: its identifier. NULL if `execution` is NULL or
/// freed.
///
/// Any thread; never blocks.
const char *runloop_execution_id(const runloop_execution *execution);

/// Borrowed from `execution`, until it is freed: its devbox's identifier. NULL if `execution` is
/// NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_execution_devbox_id(const runloop_execution *execution);

/// Gives the execution as the API shows it now: `/status` is queued, running or completed; the
/// caller owns the value.
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

/// Waits for the command's end; the caller owns the result. May be called again, and by several
/// threads. The call does not own the command: where it is cancelled, the command goes on.
///
/// Calls the output functions given to runloop_devbox_exec_async(), with the output from its first
/// byte. Blocks until the command has ended, however long that takes, where neither `deadline_ms`
/// nor `poll_timeout_ms` says otherwise. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
int32_t runloop_execution_result(const runloop_execution *execution,
                                 const runloop_call_options *opts,
                                 runloop_exec_result **result,
                                 runloop_error **error);

/// Kills the command; with `process_group` not 0 its process group, which is the command and what it has started. What has
/// left the group (setsid, a daemon) goes on; shutting the devbox down ends that too. A command that has
/// ended already is fine.
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

/// Gives the command text to read, where it was started with `attach_stdin`. Nothing is sent for
/// an empty text.
///
/// Texts sent through one handle arrive in the order of the calls; a call that waits for another to be done keeps to its own
/// deadline and cancel token. A call whose outcome is unknown
/// is not repeated, lest the text arrive twice. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the command takes no input.
int32_t runloop_execution_send_stdin(const runloop_execution *execution,
                                     const char *text,
                                     const runloop_call_options *opts,
                                     runloop_error **error);

/// Ends the command's input: what it reads next is the end of the file.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `EOF`.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the command takes no input.
int32_t runloop_execution_close_stdin(const runloop_execution *execution,
                                      const runloop_call_options *opts,
                                      runloop_error **error);

/// Sends the command what Ctrl-C would, where it was started with `attach_stdin`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `INTERRUPT`.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the command takes no input.
int32_t runloop_execution_interrupt(const runloop_execution *execution,
                                    const runloop_call_options *opts,
                                    runloop_error **error);

/// Frees a result. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_exec_result_free(runloop_exec_result *result);

/// Frees a handle. The command goes on: runloop_execution_kill() ends it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_execution_free(runloop_execution *execution);

/* ---------------------------------------------------------------------
 * Output streams
 * --------------------------------------------------------------------- */

/// A command's output, to be pulled piece by piece: whoever reads slowly slows the sender, and
/// memory stays flat. For one thread at a time. Free it with runloop_output_stream_free().
struct runloop_output_stream;

/// Begins to read a command's output from its first byte; the caller owns the stream.
///
/// `which` is RUNLOOP_STDOUT, RUNLOOP_STDERR, or both (`|`). The timeout, the retries and the extra
/// headers of `opts` are those of the stream's requests: one that is silent for the timeout, and for 20 s at most, is asked anew,
/// since its connection may have died unnoticed; deadline and cancel token are given to each
/// runloop_output_stream_next(). A stream that stays silent although the command has ended is asked once more, and then given up.
///
/// Nothing is sent yet. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_execution_stream(const runloop_execution *execution,
                                 int32_t which,
                                 const runloop_call_options *opts,
                                 runloop_output_stream **stream,
                                 runloop_error **error);

/// Gives the next piece of output: `data`, borrowed until the next call on this stream or until it
/// is freed, `length` bytes (no NUL behind them), and in `which` RUNLOOP_STDOUT or RUNLOOP_STDERR. At
/// the end the status is RUNLOOP_OK, `which` is 0 and `data` NULL.
///
/// Every byte comes once, in order, through whatever happens to the connection. Bytes that are no UTF-8, and halves of
/// characters, come as U+FFFD. A call that failed, by its deadline for instance, has lost nothing: the next one goes on. Where the
/// stream broke or stayed silent, and what followed does not show that all has come, RUNLOOP_BROKEN stands in the place of the end.
/// If one of two outputs fails, the next call goes on with the other, and tries the failed one again. Blocks until there is
/// output. One thread at a time.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates,
/// …/stream_stderr_updates.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where another thread is at it.
int32_t runloop_output_stream_next(const runloop_output_stream *stream,
                                   const runloop_call_options *opts,
                                   int32_t *which,
                                   const char **data,
                                   size_t *length,
                                   runloop_error **error);

/// Frees a stream, and ends it at the service. The command goes on. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_output_stream_free(runloop_output_stream *stream);

/* ---------------------------------------------------------------------
 * Files
 * --------------------------------------------------------------------- */

/// Gives the next bytes of an upload: writes at most `capacity` bytes to `buffer` and returns how
/// many, 0 at the end, or -1 to end the call with RUNLOOP_STOPPED.
///
/// Called on the thread that made the call.
typedef int64_t (*runloop_read_fn)(void *user_data, char *buffer, size_t capacity);

/// Where the bytes of an upload come from. Begin with RUNLOOP_SOURCE_INIT and set exactly one of
/// path, data, fd and read. Everything that it points to is used during the call alone.
///
/// A pipe, a socket or a terminal is read when it has bytes, which are sent as they come; while it has
/// none, the call's deadline, its cancel token and runloop_client_close() end the call. It may be blocking
/// or not: its flags are not changed. (A blocking one that cannot be opened once more, such as another user's, and that
/// somebody else reads too may be empty again when it is read: then the call waits for that read.) Of a regular file so many
/// bytes are sent as it held when the call began; one that becomes shorter meanwhile is sent as it is then. None of these
/// ends a wait for its disk or for a network file system.
///
/// Where the call fails, a descriptor of a regular file stands where it stood before. What a pipe or `read` has given does not
/// come again: runloop_error_retryable() does not say YES then. Whoever can have `read` begin anew may make the call
/// again all the same, where it does not say NO.
///
/// Record locks (fcntl with F_SETLK) that the process holds on the file are lost with the call: the system gives them up
/// whenever the process closes any descriptor of that file. Those of F_OFD_SETLK and flock stay.
typedef struct runloop_source {
    /// sizeof(runloop_source); set by the _INIT macro.
    size_t struct_size;
    /// A file of this machine; a named pipe that nobody writes to yet is waited for. One that names a descriptor of
    /// this process, such as /dev/stdin or /dev/fd/3, means that descriptor, as `fd` does: it is read from where it stands.
    const char *path;
    /// Memory of `length` bytes; for no bytes at all, any pointer but NULL, and a length of 0.
    const void *data;
    /// Of `data`, where it must be set; or what `read` will give in all, 0 or less if that is not known: giving less
    /// or more is RUNLOOP_LOCAL_IO. With `path` and `fd`, whose files are sent to their end, it must not be set. The _INIT macro sets it to -1.
    int64_t length;
    /// Gives the bytes.
    runloop_read_fn read;
    /// Handed to `read`.
    void *user_data;
    /// An open file descriptor, read from where it stands, not closed; -1 for none, as the _INIT
    /// macro sets it.
    int32_t fd;
    /// Must be 0.
    int32_t reserved;
} runloop_source;

/// Initializes a runloop_source with the defaults.
#define RUNLOOP_SOURCE_INIT \
    { sizeof(runloop_source), NULL, NULL, -1, NULL, NULL, -1, 0 }

/// Takes the next bytes of a download, borrowed until the function returns.
///
/// Called on the thread that made the call. Return 0 to go on; anything else ends the call with
/// RUNLOOP_STOPPED.
typedef int32_t (*runloop_write_fn)(void *user_data, const char *data, size_t length);

/// Where the bytes of a download go. Begin with RUNLOOP_SINK_INIT and set exactly one of path, fd
/// and write.
///
/// A pipe, a socket or a terminal is written to when it has room; while it has none, the call's deadline,
/// its cancel token and runloop_client_close() end the call. It may be blocking or not: its flags are not
/// changed. Where nobody reads it any more the call ends with RUNLOOP_LOCAL_IO, and no SIGPIPE is raised.
///
/// Where the call fails, a descriptor of a regular file stands where it stood before, and the file is no longer than it was;
/// what was overwritten is gone. What a pipe, `write`, or a file opened with O_APPEND has taken stays:
/// runloop_error_retryable() does not say YES then.
typedef struct runloop_sink {
    /// sizeof(runloop_sink); set by the _INIT macro.
    size_t struct_size;
    /// A file of this machine; it appears under its name, replacing what was there, when it is
    /// whole and written to the disk. It keeps the permissions, the access control list, and where that can be the owner, of a
    /// file that it replaces; other hard links to that keep the old contents. One that cannot be replaced but may be written
    /// (something is mounted on it, or nothing can be made beside it) is written over once all bytes are here. A symbolic link
    /// stays: the file that it leads to is replaced or made. A named pipe or a device is written to instead, a pipe once
    /// somebody reads it.
    /// One that names a descriptor of this process, such as /dev/stdout or /dev/fd/3, means that descriptor, as `fd` does: it is
    /// written from where it stands.
    const char *path;
    /// Takes the bytes.
    runloop_write_fn write;
    /// Handed to `write`.
    void *user_data;
    /// An open file descriptor, written from where it stands, not closed; -1 for none, as the
    /// _INIT macro sets it.
    int32_t fd;
    /// Must be 0.
    int32_t reserved;
} runloop_sink;

/// Initializes a runloop_sink with the defaults.
#define RUNLOOP_SINK_INIT \
    { sizeof(runloop_sink), NULL, NULL, NULL, -1, 0 }

/// Gives the contents of a text file of the devbox; the caller owns the bytes. For files that are
/// large or no text use runloop_devbox_download_file().
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the contents are
/// here. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/read_file_contents.
///
/// Statuses: those of any request.
int32_t runloop_devbox_read_file(const runloop_devbox *devbox,
                                 const char *path,
                                 const runloop_call_options *opts,
                                 runloop_bytes **contents,
                                 runloop_error **error);

/// Makes a file of the devbox hold `length` bytes from `contents`, creating or replacing it. What
/// is no UTF-8 text is uploaded instead, since the operation for text cannot carry it.
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the service has
/// written the file. Any thread.
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

/// Sends a file of any size into the devbox, from a file, memory, descriptor or function, a few
/// pieces of it in memory at a time.
///
/// `path` is where it goes in the devbox: absolute, or relative to the user's home directory. The
/// `timeout_ms` of `opts` is how long the transfer may stand still; the `progress` function is told
/// of all bytes of the request's body. Where the connection breaks, the file is sent again, as often as
/// `max_retries` says: putting it twice is like putting it once. What a pipe or a function gave cannot be had
/// again: then the call fails, and the service may have written the file, or a part of it; runloop_error_retryable() does not
/// say YES. Blocks until the
/// service has the file. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/upload_file.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_devbox_upload_file(const runloop_devbox *devbox,
                                   const char *path,
                                   const runloop_source *source,
                                   const runloop_call_options *opts,
                                   runloop_error **error);

/// Fetches a file of any size from the devbox, to a file, descriptor or function, a few pieces of
/// it in memory at a time; or, where `sink` is NULL, into memory: then `contents` receives it, and
/// the caller owns the bytes. There a file longer than runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The service gives no parts of a file: where the connection breaks, a file that goes to a path, into memory or to a
/// descriptor of a regular file is fetched again from its beginning (and `progress` begins anew), as often as `max_retries`
/// says; any other descriptor or function that has taken bytes gets RUNLOOP_BROKEN. A file of this machine
/// appears under its name when it is whole, and after a failure nothing is left of it.
///
/// `path` is absolute, or relative to the user's home directory. The `timeout_ms` of `opts` is how
/// long the transfer may stand still. Blocks until the file is here. Any thread.
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

/// Told of something that is left out of a directory: its path, relative to the directory, and why,
/// both borrowed until the function returns.
///
/// Called on the thread that made the call.
typedef void (*runloop_skipped_fn)(void *user_data, const char *path, const char *reason);

/// How a directory is packed or unpacked. Zero, or NULL, is the default everywhere; begin with
/// `runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;`. Everything that it points to is used
/// during the call alone.
typedef struct runloop_tree_options {
    /// sizeof(runloop_tree_options); set by the _INIT macro.
    size_t struct_size;
    /// What is left out when a directory is packed: patterns by the rules of .dockerignore, the
    /// last pointer NULL. The last one that speaks of a path decides; `!` begins an exception. When one is unpacked there must be
    /// none, and no `ignore_file`.
    const char *const *ignore;
    /// A file of such patterns, which come before those of `ignore`.
    const char *ignore_file;
    /// Told what is left out and why. Sockets, named pipes, devices and (when unpacking) links that lead
    /// outside are always left out. Any other entry that fails alone is left out too where this function is
    /// set: it cannot be read or became shorter, something else stands in its way. One whose permissions and time
    /// cannot be set is told of, and stays. Where this function is not set, such an entry ends the call with an error that
    /// names it: RUNLOOP_LOCAL_IO, RUNLOOP_BAD_ARCHIVE, or RUNLOOP_REMOTE_IO where the devbox's tar reports it. What
    /// concerns more than the entry (a full disk, a damaged archive, a path that would leave the directory, a limit) always
    /// ends the call.
    runloop_skipped_fn on_skipped;
    /// Handed to `on_skipped`.
    void *user_data;
    /// So many files, directories and links may be unpacked; -1: any number. Default: 1,000,000.
    int64_t max_entries;
    /// So many bytes, of all files, may be unpacked; -1: any number. Default: 64 GiB.
    int64_t max_bytes;
} runloop_tree_options;

/// Initializes a runloop_tree_options with the defaults.
#define RUNLOOP_TREE_OPTIONS_INIT \
    { sizeof(runloop_tree_options), NULL, NULL, NULL, NULL, 0, 0 }

/// Brings a directory of this machine, with all that is below it, into the devbox, into the
/// directory `remote_path`, which is made if need be; what is there already stays, or is replaced.
///
/// One archive is packed while it is sent, on all cores of this machine and in constant memory, and
/// unpacked by the devbox's own tar: two requests, whatever the size. Permissions, times, symbolic and
/// hard links are kept; the files belong to the devbox's user. Directories that are there already keep their
/// permissions. Extended attributes, access control lists and parts of a second are not carried over.
/// `tree` may be NULL. The `timeout_ms` of
/// `opts` is how long the transfer may stand still; its `progress` function is told of the packed bytes,
/// whose total is not known.
///
/// How long an archive will be is not known while it is packed, so it is sent without a length. Where the
/// service refuses that (411) it is gathered, in memory while it is small, else in a file without a name
/// in TMPDIR (/tmp), and sent again. An upload that breaks is made again, from a directory packed anew; where
/// the call fails, its archive is removed behind it. If `remote_path` cannot be made, the directories that were made on the way
/// to it are removed; what has been unpacked before another failure stays.
/// Blocks until the directory is there. Any thread.
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

/// Brings the directory `remote_path` of the devbox, with all that is below it, to this machine, into
/// the directory `local_path`. One that does not exist appears when it is whole; in an existing one
/// files are added and replaced, each when it is whole, new directories appear before what is in them, and what came before a
/// failure stays.
///
/// The devbox's own tar packs it; three requests, whatever the size, in constant memory. Nothing
/// lands outside `local_path`: links that would lead outside, and devices, are left out and told of.
/// Directories that are there already keep their permissions. Extended attributes, access control lists and
/// parts of a second are not carried over. Both commands run in a surrounding of their own: the profile of
/// the devbox's user, its environment and its locale do not reach them.
/// The limits of `tree` (which may be NULL) hold. The `timeout_ms` of `opts` is how long the transfer may
/// stand still; its `progress` function is told of the packed bytes. Where the connection breaks, the
/// archive is fetched again and what is unpacked already is passed over, as often as `max_retries` says.
/// What a failed call has unpacked into a new directory is removed. If its deadline, its token or a close has
/// ended the call, most of that happens behind it, on a thread of the library's; where no thread can be started,
/// or the process ends first, a directory named `.….part` stays beside `local_path`.
/// Blocks until the directory is here. Any thread.
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

/// Opens the devbox's tunnel, through which its ports are reached; the caller owns the value
/// (`/tunnel_key`, `/auth_mode`, `/auth_token`).
///
/// `params` is the request's body, or NULL: `/auth_mode` (open or authenticated),
/// `/http_keep_alive`, `/wake_on_http`. Requests through an authenticated tunnel carry
/// `X-Runloop-Tunnel-Authorization: Bearer` and the token.
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

/// Gives the devbox's tunnel (`/tunnel_key`, `/auth_mode`, `/auth_token`); the caller owns the
/// value. NULL, with RUNLOOP_OK, if it has none.
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

/// Gives the URL at which the devbox's tunnel leads to a port,
/// `https://{port}-{tunnel_key}.tunnel.{domain}`; the caller owns the text, which ends with a NUL.
/// NULL, with RUNLOOP_OK, if the devbox has no tunnel.
///
/// The domain is the API's host without a leading `api.`. The URL has the scheme and the port of
/// the base URL, and `localhost` for a domain where that is an address: so a tunnel of an emulator
/// is reached as its API is.
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

/// Opens a tunnel to a terminal in the devbox; the caller owns the value (`/tunnel_key`,
/// `/auth_token`).
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

/// Makes a key with which ssh reaches the devbox; the caller owns the value (`/ssh_user`,
/// `/ssh_private_key`, `/url`). The private key is in the value alone: in no message and no log.
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

/// Makes a token with which the devbox's programs reach an API through a gateway; the caller owns
/// the value (`/url`, `/token`).
///
/// `params` is the request's body: `/gateway` and `/secret`, each an identifier or a name.
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

/// Makes a token with which the devbox's programs reach an MCP server through a gateway; the caller
/// owns the value (`/url`, `/token`).
///
/// `params` is the request's body: `/mcp_config` and `/secret`, each an identifier or a name.
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

/// Told a line of a blueprint's build log: when (Unix time in milliseconds), how grave, and what; the
/// texts are borrowed until the function returns.
///
/// If the end of the log cannot be fetched, the last call has the level "warn" and a message that begins with "librunloop: ".
///
/// Called on the thread that made the call. Return 0 to go on; anything else ends the call with
/// RUNLOOP_STOPPED.
typedef int32_t (*runloop_build_log_fn)(void *user_data,
                                        int64_t timestamp_ms,
                                        const char *level,
                                        const char *message);

/// A blueprint: a built image from which devboxes are made. The handle is its identifier; freeing
/// it leaves the blueprint where it is. Thread-safe. Free it with runloop_blueprint_free().
struct runloop_blueprint;

/// A walk through a list of blueprints, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_blueprint_cursor_free().
struct runloop_blueprint_cursor;

/// Creates a blueprint and waits until it is built; the caller owns the handle.
///
/// `params` is the request's body: `/name` and, for instance, `/dockerfile`, `/build_context`,
/// `/build_args`, `/system_setup_commands`, `/file_mounts` (98,250 bytes a file, 7,860,000 in all,
/// checked before anything is sent), `/launch_parameters`, `/metadata`. `log`, if not NULL, is
/// given each line of the build's log as it appears.
///
/// A build that fails is RUNLOOP_BUILD_FAILED; the message carries the last lines of its log, and
/// the blueprint stays, so that its whole log can be read (runloop_error_resource_id() names it).
/// Where the call fails otherwise after the blueprint was created, or is cancelled, it is deleted
/// behind it, unless `keep_on_failure` is set in `opts`. To find a blueprint whose identifier did
/// not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
///
/// Blocks until the blueprint is built, for 30 min at most where `poll_timeout_ms` does not say.
/// Any thread.
///
/// Endpoint: POST /v1/blueprints, then GET /v1/blueprints/{id} and, for the log, GET
/// /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
int32_t runloop_blueprint_create(const runloop_client *client,
                                 const runloop_params *params,
                                 runloop_build_log_fn log,
                                 void *user_data,
                                 const runloop_call_options *opts,
                                 runloop_blueprint **blueprint,
                                 runloop_error **error);

/// Creates a blueprint and returns as soon as it has an identifier; the caller owns the handle. In
/// all else as runloop_blueprint_create(); wait with runloop_blueprint_await_build_complete().
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

/// Gives a handle of a blueprint, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_blueprint_from_id(const runloop_client *client,
                                  const char *id,
                                  runloop_blueprint **blueprint,
                                  runloop_error **error);

/// Waits until the blueprint is built. A build that fails is RUNLOOP_BUILD_FAILED; the message
/// carries the last lines of its log.
///
/// `log`, if not NULL, is given each line of the build's log, from the first. `info`, if not NULL,
/// receives the blueprint as the API shows it; the caller owns it. Blocks for 30 min at most where
/// `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: GET /v1/blueprints/{id} and, for the log, GET /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_STOPPED, RUNLOOP_WAIT_TIMED_OUT
/// (the last state seen is in runloop_error_body()).
int32_t runloop_blueprint_await_build_complete(const runloop_blueprint *blueprint,
                                               runloop_build_log_fn log,
                                               void *user_data,
                                               const runloop_call_options *opts,
                                               runloop_value **info,
                                               runloop_error **error);

/// Creates a devbox from the blueprint and waits until it runs; the caller owns the handle. In all
/// else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_id`.
///
/// Statuses: those of runloop_devbox_create().
int32_t runloop_blueprint_create_devbox(const runloop_blueprint *blueprint,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_devbox **devbox,
                                        runloop_error **error);

/// Gives what would be built, as a Dockerfile (`/dockerfile`); the caller owns the value. `params`
/// are those of runloop_blueprint_create(). Nothing is built.
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

/// Deletes the blueprint. Devboxes made of it are not concerned. The handle stays and must still be
/// freed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_delete(const runloop_blueprint *blueprint,
                                 const runloop_call_options *opts,
                                 runloop_error **error);

/// Borrowed from `blueprint`, until it is freed: its identifier, `bpt_…`. NULL if `blueprint` is
/// NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_blueprint_id(const runloop_blueprint *blueprint);

/// Gives the blueprint as the API shows it now; the caller owns the value.
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

/// Gives the log of the blueprint's build so far (`/logs/0/message` …); the caller owns the value.
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

/// Begins a walk through the account's blueprints; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/status`, `/limit` (items a page) and what
/// else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_blueprint_list(const runloop_client *client,
                               const runloop_params *params,
                               runloop_blueprint_cursor **cursor,
                               runloop_error **error);

/// Begins a walk through the blueprints that all accounts may use; the caller owns the cursor.
/// Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: those of runloop_blueprint_list().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_blueprint_list_public(const runloop_client *client,
                                      const runloop_params *params,
                                      runloop_blueprint_cursor **cursor,
                                      runloop_error **error);

/// Gives the next blueprint and, if `info` is not NULL, how the API shows it; the caller owns both.
/// At the end of the list the status is RUNLOOP_OK and `blueprint` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/blueprints or GET /v1/blueprints/list_public.
///
/// Statuses: those of any request.
int32_t runloop_blueprint_cursor_next(const runloop_blueprint_cursor *cursor,
                                      const runloop_call_options *opts,
                                      runloop_blueprint **blueprint,
                                      runloop_value **info,
                                      runloop_error **error);

/// Frees a handle. The blueprint stays: runloop_blueprint_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_blueprint_free(runloop_blueprint *blueprint);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_blueprint_cursor_free(runloop_blueprint_cursor *cursor);

/* ---------------------------------------------------------------------
 * Snapshots
 * --------------------------------------------------------------------- */

/// A snapshot of a devbox's disk. The handle is its identifier; freeing it leaves the snapshot
/// where it is. Thread-safe. Free it with runloop_snapshot_free().
struct runloop_snapshot;

/// A walk through a list of snapshots, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_snapshot_cursor_free().
struct runloop_snapshot_cursor;

/// Takes a snapshot of the devbox's disk and waits until it is complete; the caller owns the
/// handle.
///
/// `params` is the request's body, or NULL: `/name`, `/metadata`, `/commit_message` and what else
/// the API knows.
///
/// Nothing is left behind: where the call fails after the snapshot was begun, or is cancelled, the
/// snapshot is deleted behind it, unless `keep_on_failure` is set in `opts`. One that the service
/// says has failed stays. To find a snapshot whose identifier did not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
///
/// Blocks until the snapshot is complete, for 10 min at most where `poll_timeout_ms` does not say.
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/snapshot_disk_async, then GET
/// /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT.
int32_t runloop_devbox_snapshot_disk(const runloop_devbox *devbox,
                                     const runloop_params *params,
                                     const runloop_call_options *opts,
                                     runloop_snapshot **snapshot,
                                     runloop_error **error);

/// Begins to take a snapshot of the devbox's disk and returns as soon as it has an identifier; the
/// caller owns the handle. In all else as runloop_devbox_snapshot_disk(); wait with
/// runloop_snapshot_await_completed().
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

/// Gives a handle of a snapshot, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_snapshot_from_id(const runloop_client *client,
                                 const char *id,
                                 runloop_snapshot **snapshot,
                                 runloop_error **error);

/// Waits until the snapshot is complete. Any other end (error, deleted) is RUNLOOP_SNAPSHOT_FAILED,
/// with the service's reason.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 10 min at
/// most where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT (the last state
/// seen is in runloop_error_body()).
int32_t runloop_snapshot_await_completed(const runloop_snapshot *snapshot,
                                         const runloop_call_options *opts,
                                         runloop_value **info,
                                         runloop_error **error);

/// Creates a devbox from the snapshot and waits until it runs; the caller owns the handle. In all
/// else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
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
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/disk_snapshots/{id}.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_update(const runloop_snapshot *snapshot,
                                const runloop_params *params,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Deletes the snapshot. Devboxes made of it are not concerned. The handle stays and must still be
/// freed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/disk_snapshots/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_delete(const runloop_snapshot *snapshot,
                                const runloop_call_options *opts,
                                runloop_error **error);

/// Borrowed from `snapshot`, until it is freed: its identifier, `snp_…`. NULL if `snapshot` is NULL
/// or freed.
///
/// Any thread; never blocks.
const char *runloop_snapshot_id(const runloop_snapshot *snapshot);

/// Gives how far the snapshot is (`/status`: in_progress, complete, error, deleted) and what it
/// holds (`/snapshot`); the caller owns the value.
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

/// Begins a walk through the disk snapshots; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/devbox_id`, `/source_blueprint_id`,
/// `/metadata[key]`, `/limit` (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_snapshot_list(const runloop_client *client,
                              const runloop_params *params,
                              runloop_snapshot_cursor **cursor,
                              runloop_error **error);

/// Gives the next snapshot and, if `info` is not NULL, how the API shows it; the caller owns both.
/// At the end of the list the status is RUNLOOP_OK and `snapshot` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots.
///
/// Statuses: those of any request.
int32_t runloop_snapshot_cursor_next(const runloop_snapshot_cursor *cursor,
                                     const runloop_call_options *opts,
                                     runloop_snapshot **snapshot,
                                     runloop_value **info,
                                     runloop_error **error);

/// Frees a handle. The snapshot stays: runloop_snapshot_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_snapshot_free(runloop_snapshot *snapshot);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_snapshot_cursor_free(runloop_snapshot_cursor *cursor);

/* ---------------------------------------------------------------------
 * Storage objects
 * --------------------------------------------------------------------- */

/// An object of the service's storage. The handle is its identifier and, for a new one, where its
/// content goes; freeing it leaves the object. Thread-safe. Free it with runloop_object_free().
struct runloop_object;

/// A walk through a list of objects, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_object_cursor_free().
struct runloop_object_cursor;

/// Makes an object of a file of this machine, of any size, a few pieces of it in memory at a time;
/// the caller owns the handle.
///
/// `params`, or NULL: `/name` (default: the file's), `/content_type` (default: by the name's ending),
/// `/metadata`, `/ttl_ms`.
///
/// Nothing is left behind: where the call fails after the object was created, or is cancelled, the
/// object is deleted behind it, unless `keep_on_failure` is set in `opts`; the error names it. To find an
/// object whose identifier did not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
/// The content goes to the storage as runloop_object_upload_content() says; so do `timeout_ms` and
/// `progress`.
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

/// Makes an object of a directory of this machine: a tar.gz of all that is below it, names relative,
/// in their order; the caller owns the handle.
///
/// It is packed on all cores: permissions, times, owners, symbolic and hard links are kept, sockets and
/// devices left out. A storage wants to know the length first, so the archive is gathered, in memory
/// while it is small, else in a file without a name in TMPDIR (/tmp). `tree`, which may be NULL, says what
/// is left out. `params`, or NULL: `/name` (default: the directory's and .tar.gz), `/metadata`, `/ttl_ms`.
///
/// Leaves nothing behind, as runloop_object_upload_from_file(). Blocks until the object is complete.
/// Any thread.
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

/// Makes an object of a text; the caller owns the handle.
///
/// `params`, or NULL: `/content_type` (default: text), `/metadata`, `/ttl_ms`. Leaves nothing behind, as
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

/// Makes an object of `length` bytes from `data`; the caller owns the handle.
///
/// `params`, or NULL: `/content_type` (default: by the name's ending), `/metadata`, `/ttl_ms`. Leaves
/// nothing behind, as runloop_object_upload_from_file(). Blocks until the object is complete. Any
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

/// Makes an object of what a file, memory, descriptor or function gives; the caller owns the handle.
///
/// A storage wants to know the length first. Where it is not known (a pipe, or a function with a
/// `length` of -1) the bytes are gathered, in memory while they are few, else in a file without a name in
/// TMPDIR (/tmp). `params`, or NULL: `/content_type` (default: by the name's ending), `/metadata`, `/ttl_ms`.
/// Leaves nothing behind, as runloop_object_upload_from_file(). Blocks until the object is complete.
/// Any thread.
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

/// Makes an object of a directory as a blueprint's build context, without what its `.dockerignore` names
/// (by Docker's own rules; the patterns of `tree`, which may be NULL, come after those); the caller owns
/// the handle. Give it to the blueprint with runloop_object_as_build_context().
///
/// In all else as runloop_object_upload_from_dir(), but that the files belong to nobody in particular.
/// Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED; RUNLOOP_INVALID_ARGUMENT for a
/// pattern that Docker would refuse.
int32_t runloop_docker_context_upload(const runloop_client *client,
                                      const char *path,
                                      const runloop_tree_options *tree,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_object **object,
                                      runloop_error **error);

/// Gives the object as a blueprint's build context; the caller owns the value. Its JSON goes into the
/// blueprint's parameters:
/// `runloop_params_set_json(params, "/build_context", runloop_value_json(context, NULL), &error)`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_as_build_context(const runloop_object *object,
                                        runloop_value **context,
                                        runloop_error **error);

/// Gives a handle of an object, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_from_id(const runloop_client *client,
                               const char *id,
                               runloop_object **object,
                               runloop_error **error);

/// Fetches the object's content, of any size, to a file of this machine, a few pieces of it in memory at
/// a time. The file appears under its name, replacing what was there, when it is whole; after a failure
/// nothing is left of it. In all else as runloop_object_download_as_bytes().
///
/// Blocks until the file is here. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_download_to_file(const runloop_object *object,
                                        const char *path,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_error **error);

/// Fetches the object's content, a tar or tar.gz archive, and unpacks it as it comes into a directory of
/// this machine. One that does not exist appears when it is whole; in an existing one files are added
/// and replaced, each when it is whole, new directories appear before what is in them, and what came before a failure stays.
///
/// Nothing lands outside the directory: an archive that would put something there is refused with
/// RUNLOOP_BAD_ARCHIVE; links that would lead outside, and devices, are left out and told of. The limits
/// of `tree` (which may be NULL) hold. In all else as runloop_object_download_as_bytes().
///
/// Blocks until the directory is here. Any thread.
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

/// Fetches the object's content, of any size, to a file, descriptor or function, a few pieces of it in
/// memory at a time. In all else as runloop_object_download_as_bytes(); where the storage cannot go on in
/// the middle, a descriptor or function gets RUNLOOP_BROKEN, since it has taken what came before.
///
/// Blocks until all is here. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_download_to_sink(const runloop_object *object,
                                        const runloop_sink *sink,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_error **error);

/// Gives the object's content; the caller owns the bytes. For what is too large for memory use
/// runloop_object_download_to_file(): content longer than runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The content comes from the storage's own host, without the API key and following no redirect. Where
/// the connection breaks, the transfer goes on where it stopped; the length is checked at the end.
///
/// `params`, or NULL: `/duration_seconds`, for how long the signed URL is good. The `timeout_ms` of `opts` is
/// how long the transfer may stand still (default: the client's, else 60 s). Blocks until the content is
/// here. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_STOPPED.
int32_t runloop_object_download_as_bytes(const runloop_object *object,
                                         const runloop_params *params,
                                         const runloop_call_options *opts,
                                         runloop_bytes **contents,
                                         runloop_error **error);

/// Gives the object's content as UTF-8 text; the caller owns it. What is no UTF-8 in it is replaced by
/// U+FFFD. In all else as runloop_object_download_as_bytes().
///
/// Blocks until the content is here. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_STOPPED.
int32_t runloop_object_download_as_text(const runloop_object *object,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_bytes **contents,
                                        runloop_error **error);

/// Gives a signed URL of the object's content, at `/download_url` of `view`; the caller owns it. The
/// URL is a credential.
///
/// `params`, or NULL: `/duration_seconds`, for how long the URL is good. Blocks for one request.
/// Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download.
///
/// Statuses: those of any request.
int32_t runloop_object_get_download_url(const runloop_object *object,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_value **view,
                                        runloop_error **error);

/// Creates an object without content; the caller owns the handle. Fill it with
/// runloop_object_upload_content(), then make it readable with runloop_object_complete(); or let
/// one of the runloop_object_upload_from_… functions do all three.
///
/// `params` is the request's body: `/name`, `/content_type` (unspecified, text, binary, gzip, tar or
/// tgz), `/metadata`, `/ttl_ms`.
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

/// Sends the content of an object that this handle created, from a file, memory, descriptor or
/// function, a few pieces of it in memory at a time. Complete the object afterwards.
///
/// The content goes to the storage's own host, with its length and the headers that the service
/// asked for, without the API key, and follows no redirect. Where the length is not known it is
/// gathered first, as runloop_object_upload_from_source() says. Where the connection breaks and the
/// content can be had again, it is sent again.
///
/// The `timeout_ms` of `opts` is how long the transfer may stand still (default: the client's, else
/// 60 s); its `progress` function is told of the content's bytes. Blocks until the storage has the content.
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the handle has no upload URL,
/// RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
int32_t runloop_object_upload_content(const runloop_object *object,
                                      const runloop_source *source,
                                      const runloop_call_options *opts,
                                      runloop_error **error);

/// Borrowed from `object`, until it is freed: the signed URL to which its content goes, for other
/// means than runloop_object_upload_content(). It is a credential. NULL where there is none: for a
/// handle that did not create the object, and once the object is complete.
///
/// Any thread; never blocks.
const char *runloop_object_upload_url(const runloop_object *object);

/// Says that the content is whole: from then on the object can be read, and not be written.
///
/// `info`, if not NULL, receives the object as the API shows it; the caller owns it. Blocks for one
/// request. Any thread.
///
/// Endpoint: POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the object has failed.
int32_t runloop_object_complete(const runloop_object *object,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);

/// Deletes the object and its content. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives the object as the API shows it; the caller owns it. Blocks for one
/// request. Any thread.
///
/// Endpoint: POST /v1/objects/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_object_delete(const runloop_object *object,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Borrowed from `object`, until it is freed: its identifier, `obj_…`. NULL if `object` is NULL or
/// freed.
///
/// Any thread; never blocks.
const char *runloop_object_id(const runloop_object *object);

/// Gives the object as the API shows it now; the caller owns the value.
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

/// Begins a walk through the objects; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/content_type`, `/state`, `/search`, `/limit`
/// (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_object_cursor **cursor,
                            runloop_error **error);

/// Begins a walk through the objects that are everybody's; in all else as runloop_object_list().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_object_list_public(const runloop_client *client,
                                   const runloop_params *params,
                                   runloop_object_cursor **cursor,
                                   runloop_error **error);

/// Gives the next object and, if `info` is not NULL, how the API shows it; the caller owns both. At
/// the end of the list the status is RUNLOOP_OK and `object` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/objects, or GET /v1/objects/list_public.
///
/// Statuses: those of any request.
int32_t runloop_object_cursor_next(const runloop_object_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_object **object,
                                   runloop_value **info,
                                   runloop_error **error);

/// Frees a handle. The object stays: runloop_object_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_object_free(runloop_object *object);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_object_cursor_free(runloop_object_cursor *cursor);

/* ---------------------------------------------------------------------
 * Axons
 * --------------------------------------------------------------------- */

/// An axon: a channel of events, with a database of its own. The handle is its identifier; freeing
/// it leaves the axon where it is. Thread-safe. Free it with runloop_axon_free().
struct runloop_axon;

/// A walk through a list of axons, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_axon_cursor_free().
struct runloop_axon_cursor;

/// A walk through an axon's events, which asks for page after page. Thread-safe; several threads share
/// the events among them. Free it with runloop_axon_event_cursor_free().
struct runloop_axon_event_cursor;

/// Creates an axon; the caller owns the handle.
///
/// `params` is the request's body: `/name`, `/metadata`; NULL for neither.
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

/// Gives a handle of an axon, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_from_id(const runloop_client *client,
                             const char *id,
                             runloop_axon **axon,
                             runloop_error **error);

/// Borrowed from `axon`, until it is freed: its identifier. NULL if `axon` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_axon_id(const runloop_axon *axon);

/// Gives the axon as the API shows it now; the caller owns the value.
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

/// Changes what `params` name of the axon; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/axons/{id}.
///
/// Statuses: those of any request.
int32_t runloop_axon_update(const runloop_axon *axon,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_value **info,
                            runloop_error **error);

/// Deletes the axon. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: DELETE /v1/axons/{id}.
///
/// Statuses: those of any request.
int32_t runloop_axon_delete(const runloop_axon *axon,
                            const runloop_call_options *opts,
                            runloop_value **info,
                            runloop_error **error);

/// Publishes an event; the caller owns the result (`/sequence`, `/timestamp_ms`).
///
/// `params` is the request's body: `/event_type`, `/origin` (EXTERNAL_EVENT, AGENT_EVENT or
/// USER_EVENT), `/payload` (text, usually JSON), `/source`. Where the answer is lost, the event
/// is not published again: the error says that it may have been.
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

/// Begins to follow the axon's events: those whose `/sequence` is above `after_sequence`, or all
/// where it is -1, and then those that come; the caller owns the stream.
///
/// The timeout and the extra headers of `opts` are those of the stream's requests; deadline and
/// cancel token are given to each runloop_event_stream_next(). Nothing is sent yet. Any thread;
/// never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_subscribe(const runloop_axon *axon,
                               int64_t after_sequence,
                               const runloop_call_options *opts,
                               runloop_event_stream **stream,
                               runloop_error **error);

/// Runs one statement in the axon's database; the caller owns the result (`/columns`, `/rows`,
/// `/meta`).
///
/// `sql` has `?` for each of the values in `/params`, an array in `params`, which may be NULL.
/// Where the answer is lost, the statement is not run again: the error says that it may have been.
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

/// Runs several statements in the axon's database, all of them or none; the caller owns the results
/// (`/results/0/success`, or `/results/0/error` …).
///
/// `params` is the request's body: `/statements`, an array of `/sql` and `/params`.
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

/// Begins a walk through the axons; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/metadata[key]`, `/limit`
/// (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_list(const runloop_client *client,
                          const runloop_params *params,
                          runloop_axon_cursor **cursor,
                          runloop_error **error);

/// Gives the next axon and, if `info` is not NULL, how the API shows it; the caller owns both. At
/// the end of the list the status is RUNLOOP_OK and `axon` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/axons.
///
/// Statuses: those of any request.
int32_t runloop_axon_cursor_next(const runloop_axon_cursor *cursor,
                                 const runloop_call_options *opts,
                                 runloop_axon **axon,
                                 runloop_value **info,
                                 runloop_error **error);

/// Begins a walk through the axon's events so far; the caller owns the cursor. Nothing is sent yet.
/// To follow those that come: runloop_axon_subscribe().
///
/// `params` are the list's filters, or NULL: `/limit` (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_axon_events(const runloop_axon *axon,
                            const runloop_params *params,
                            runloop_axon_event_cursor **cursor,
                            runloop_error **error);

/// Gives the next event; the caller owns it. At the end of the list the status is RUNLOOP_OK and
/// `event` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/axons/{id}/events.
///
/// Statuses: those of any request.
int32_t runloop_axon_event_cursor_next(const runloop_axon_event_cursor *cursor,
                                       const runloop_call_options *opts,
                                       runloop_value **event,
                                       runloop_error **error);

/// Frees a handle. The axon stays: runloop_axon_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_axon_free(runloop_axon *axon);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_axon_cursor_free(runloop_axon_cursor *cursor);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_axon_event_cursor_free(runloop_axon_event_cursor *cursor);

/* ---------------------------------------------------------------------
 * Event streams
 * --------------------------------------------------------------------- */

/// Events that come one by one, each once, through whatever happens to the connection. For one
/// thread at a time. Free it with runloop_event_stream_free().
struct runloop_event_stream;

/// Begins to watch for evictions: devboxes of the account that the service is going to end, with
/// their deadlines (`/devbox_id`, `/eviction_deadline_ms`); first those that are pending, and then
/// those that come. The caller owns the stream.
///
/// The timeout and the extra headers of `opts` are those of the stream's requests; deadline and
/// cancel token are given to each runloop_event_stream_next(). The service promises no delivery.
/// Nothing is sent yet. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_eviction_watch(const runloop_client *client,
                               const runloop_call_options *opts,
                               runloop_event_stream **stream,
                               runloop_error **error);

/// Gives the next event; the caller owns it. Where no further one can come, the axon being deleted,
/// the status is RUNLOOP_OK and `event` receives NULL.
///
/// A call that failed, by its deadline for instance, has lost nothing: the next one goes on. Blocks
/// until there is an event. One thread at a time.
///
/// Endpoint: GET /v1/axons/{id}/subscribe/sse or GET /v1/devboxes/evictions/watch.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where another thread is at it.
int32_t runloop_event_stream_next(const runloop_event_stream *stream,
                                  const runloop_call_options *opts,
                                  runloop_value **event,
                                  runloop_error **error);

/// Frees a stream, and ends it at the service. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_event_stream_free(runloop_event_stream *stream);

/* ---------------------------------------------------------------------
 * Secrets
 * --------------------------------------------------------------------- */

/// A secret. The handle is bound to a name, and then stands for the newest secret of that name, or
/// to the identifier of one row, and then never stands for another. A secret's value is sent to the
/// service and never comes back; it is in no message and no log. Thread-safe. Free it with
/// runloop_secret_free().
struct runloop_secret;

/// A walk through a list of secrets, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_secret_cursor_free().
struct runloop_secret_cursor;

/// Creates a secret; the caller owns the handle, which is bound to the name. Devboxes that are
/// given the name get the value in their environment.
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

/// Gives a handle of the newest secret of a name, without asking whether there is one; the caller
/// owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_secret_from_name(const runloop_client *client,
                                 const char *name,
                                 runloop_secret **secret,
                                 runloop_error **error);

/// Gives a handle of one row, without asking whether there is one; the caller owns the handle. It
/// never stands for another secret of the same name.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_secret_from_id(const runloop_client *client,
                               const char *id,
                               runloop_secret **secret,
                               runloop_error **error);

/// Borrowed from `secret`, until it is freed: the name that the handle is bound to. NULL if it is
/// bound to a row, and if `secret` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_secret_name(const runloop_secret *secret);

/// Borrowed from `secret`, until it is freed: the identifier of the row that the handle is bound
/// to, or that it had when it was created or listed. NULL if it is not known, and if `secret` is
/// NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_secret_id(const runloop_secret *secret);

/// Gives the secret as the API shows it, all but its value; the caller owns it.
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

/// Gives the secret another value.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/secrets/{name} or POST /v1/secrets/id/{id}/update.
///
/// Statuses: those of any request.
int32_t runloop_secret_update(const runloop_secret *secret,
                              const char *value,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Deletes the secret: the row that the handle is bound to, or all secrets of its name. The handle
/// stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/secrets/{name}/delete or POST /v1/secrets/id/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_secret_delete(const runloop_secret *secret,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);

/// Begins a walk through the secrets; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/limit`. The API gives the secrets in one page: as
/// many as `/limit` says, else 5000 at most.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_secret_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_secret_cursor **cursor,
                            runloop_error **error);

/// Gives the next secret and, if `info` is not NULL, how the API shows it; the caller owns both. At
/// the end of the list the status is RUNLOOP_OK and `secret` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/secrets.
///
/// Statuses: those of any request.
int32_t runloop_secret_cursor_next(const runloop_secret_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_secret **secret,
                                   runloop_value **info,
                                   runloop_error **error);

/// Frees a handle. The secret stays: runloop_secret_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_secret_free(runloop_secret *secret);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_secret_cursor_free(runloop_secret_cursor *cursor);

/* ---------------------------------------------------------------------
 * Network policies
 * --------------------------------------------------------------------- */

/// A network policy: what devboxes may reach.
/// The handle is its identifier; freeing it leaves the network policy where it is. Thread-safe.
/// Free it with runloop_network_policy_free().
struct runloop_network_policy;

/// A walk through a list of network policies, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_network_policy_cursor_free().
struct runloop_network_policy_cursor;

/// Creates a network policy; the caller owns the handle.
///
/// `params` is the request's body: `/name` and, for
/// instance, `/allow_all`, `/allowed_hostnames`, `/allow_devbox_to_devbox`, `/description`.
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

/// Gives a handle of a network policy, without asking whether there is one; the caller owns
/// the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_network_policy_from_id(const runloop_client *client,
                                       const char *id,
                                       runloop_network_policy **network_policy,
                                       runloop_error **error);

/// Borrowed from `network_policy`, until it is freed: its identifier. NULL if
/// `network_policy` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_network_policy_id(const runloop_network_policy *network_policy);

/// Gives the network policy as the API shows it now; the caller owns the value.
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

/// Changes what `params` name of the network policy; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_update(const runloop_network_policy *network_policy,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Deletes the network policy. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_delete(const runloop_network_policy *network_policy,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Begins a walk through the network policies; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_network_policy_list(const runloop_client *client,
                                    const runloop_params *params,
                                    runloop_network_policy_cursor **cursor,
                                    runloop_error **error);

/// Gives the next network policy and, if `info` is not NULL, how the API shows it; the caller owns
/// both. At the end of the list the status is RUNLOOP_OK and `network_policy` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/network-policies.
///
/// Statuses: those of any request.
int32_t runloop_network_policy_cursor_next(const runloop_network_policy_cursor *cursor,
                                           const runloop_call_options *opts,
                                           runloop_network_policy **network_policy,
                                           runloop_value **info,
                                           runloop_error **error);

/// Frees a handle. The network policy stays: runloop_network_policy_delete() deletes it.
/// NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_network_policy_free(runloop_network_policy *network_policy);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_network_policy_cursor_free(runloop_network_policy_cursor *cursor);

/* ---------------------------------------------------------------------
 * Gateway configs
 * --------------------------------------------------------------------- */

/// A gateway config: an API that devboxes reach through a gateway, which adds the credentials.
/// The handle is its identifier; freeing it leaves the gateway config where it is. Thread-safe.
/// Free it with runloop_gateway_config_free().
struct runloop_gateway_config;

/// A walk through a list of gateway configs, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_gateway_config_cursor_free().
struct runloop_gateway_config_cursor;

/// Creates a gateway config; the caller owns the handle.
///
/// `params` is the request's body: `/name`, `/endpoint`, `/auth_mechanism` and, for
/// instance, `/custom_headers`, `/description`.
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

/// Gives a handle of a gateway config, without asking whether there is one; the caller owns
/// the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_gateway_config_from_id(const runloop_client *client,
                                       const char *id,
                                       runloop_gateway_config **gateway_config,
                                       runloop_error **error);

/// Borrowed from `gateway_config`, until it is freed: its identifier. NULL if
/// `gateway_config` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_gateway_config_id(const runloop_gateway_config *gateway_config);

/// Gives the gateway config as the API shows it now; the caller owns the value.
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

/// Changes what `params` name of the gateway config; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/gateway-configs/{id}.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_update(const runloop_gateway_config *gateway_config,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Deletes the gateway config. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/gateway-configs/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_delete(const runloop_gateway_config *gateway_config,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);

/// Begins a walk through the gateway configs; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_gateway_config_list(const runloop_client *client,
                                    const runloop_params *params,
                                    runloop_gateway_config_cursor **cursor,
                                    runloop_error **error);

/// Gives the next gateway config and, if `info` is not NULL, how the API shows it; the caller owns
/// both. At the end of the list the status is RUNLOOP_OK and `gateway_config` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/gateway-configs.
///
/// Statuses: those of any request.
int32_t runloop_gateway_config_cursor_next(const runloop_gateway_config_cursor *cursor,
                                           const runloop_call_options *opts,
                                           runloop_gateway_config **gateway_config,
                                           runloop_value **info,
                                           runloop_error **error);

/// Frees a handle. The gateway config stays: runloop_gateway_config_delete() deletes it.
/// NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_gateway_config_free(runloop_gateway_config *gateway_config);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_gateway_config_cursor_free(runloop_gateway_config_cursor *cursor);

/* ---------------------------------------------------------------------
 * MCP configs
 * --------------------------------------------------------------------- */

/// An MCP config: an MCP server that devboxes reach through a gateway, and which of its tools.
/// The handle is its identifier; freeing it leaves the MCP config where it is. Thread-safe.
/// Free it with runloop_mcp_config_free().
struct runloop_mcp_config;

/// A walk through a list of MCP configs, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_mcp_config_cursor_free().
struct runloop_mcp_config_cursor;

/// Creates an MCP config; the caller owns the handle.
///
/// `params` is the request's body: `/name`, `/endpoint`, `/allowed_tools` and, for
/// instance, `/auth_mechanism`, `/description`.
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

/// Gives a handle of an MCP config, without asking whether there is one; the caller owns
/// the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_mcp_config_from_id(const runloop_client *client,
                                   const char *id,
                                   runloop_mcp_config **mcp_config,
                                   runloop_error **error);

/// Borrowed from `mcp_config`, until it is freed: its identifier. NULL if
/// `mcp_config` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_mcp_config_id(const runloop_mcp_config *mcp_config);

/// Gives the MCP config as the API shows it now; the caller owns the value.
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

/// Changes what `params` name of the MCP config; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/mcp-configs/{id}.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_update(const runloop_mcp_config *mcp_config,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);

/// Deletes the MCP config. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/mcp-configs/{id}/delete.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_delete(const runloop_mcp_config *mcp_config,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);

/// Begins a walk through the MCP configs; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_mcp_config_list(const runloop_client *client,
                                const runloop_params *params,
                                runloop_mcp_config_cursor **cursor,
                                runloop_error **error);

/// Gives the next MCP config and, if `info` is not NULL, how the API shows it; the caller owns
/// both. At the end of the list the status is RUNLOOP_OK and `mcp_config` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/mcp-configs.
///
/// Statuses: those of any request.
int32_t runloop_mcp_config_cursor_next(const runloop_mcp_config_cursor *cursor,
                                       const runloop_call_options *opts,
                                       runloop_mcp_config **mcp_config,
                                       runloop_value **info,
                                       runloop_error **error);

/// Frees a handle. The MCP config stays: runloop_mcp_config_delete() deletes it.
/// NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_mcp_config_free(runloop_mcp_config *mcp_config);

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
void runloop_mcp_config_cursor_free(runloop_mcp_config_cursor *cursor);

/* ---------------------------------------------------------------------
 * Account
 * --------------------------------------------------------------------- */

/// Gives the account whose API key this is; the caller owns the value.
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

/// Makes an API key; the caller owns the value (`/id`, `/key_secret`). The secret is in the value
/// alone: in no message and no log.
///
/// `params` is the request's body, or NULL: `/name`, `/expires_at_ms`.
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

/// Makes an API key that may do only what its scopes say; the caller owns the value (`/id`,
/// `/key_secret`, `/scopes`). The secret is in the value alone: in no message and no log.
///
/// `params` is the request's body, or NULL: `/name`, `/expires_at_ms`, `/scopes`, an array of
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

/// The parameters of a request: a JSON object, built place by place. A place is named by a
/// JSON Pointer (RFC 6901), such as `/launch_parameters/keep_alive_time_seconds`; what is missing
/// on the way is made: arrays where `-` follows, the place after an array's last, else objects, also where
/// a number follows, which is a member's name then. What a call is given is used during the call alone. Thread-safe. Free it with runloop_params_free().
struct runloop_params;

/// Makes empty parameters; the caller owns them.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_params_new(runloop_params **params, runloop_error **error);

/// Makes parameters of a JSON object in UTF-8, `length` bytes at `json`; the caller owns them.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
int32_t runloop_params_from_json(const char *json,
                                 size_t length,
                                 runloop_params **params,
                                 runloop_error **error);

/// Sets text at a place.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_set_string(const runloop_params *params,
                                  const char *pointer,
                                  const char *value,
                                  runloop_error **error);

/// Sets a whole number at a place.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_set_int(const runloop_params *params,
                               const char *pointer,
                               int64_t value,
                               runloop_error **error);

/// Sets a finite number at a place.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_set_double(const runloop_params *params,
                                  const char *pointer,
                                  double value,
                                  runloop_error **error);

/// Sets true (not 0) or false (0) at a place.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_set_bool(const runloop_params *params,
                                const char *pointer,
                                int32_t value,
                                runloop_error **error);

/// Sets null at a place, which the API tells apart from nothing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_set_null(const runloop_params *params,
                                const char *pointer,
                                runloop_error **error);

/// Sets any JSON value at a place, given as text.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_set_json(const runloop_params *params,
                                const char *pointer,
                                const char *value,
                                runloop_error **error);

/// Adds text to the array at a place, which is made if there is none.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_append_string(const runloop_params *params,
                                     const char *pointer,
                                     const char *value,
                                     runloop_error **error);

/// Adds a whole number to the array at a place, which is made if there is none.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_append_int(const runloop_params *params,
                                  const char *pointer,
                                  int64_t value,
                                  runloop_error **error);

/// Adds a finite number to the array at a place, which is made if there is none.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_append_double(const runloop_params *params,
                                     const char *pointer,
                                     double value,
                                     runloop_error **error);

/// Adds any JSON value, given as text, to the array at a place, which is made if there is none.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE; the parameters stay as they were.
int32_t runloop_params_append_json(const runloop_params *params,
                                   const char *pointer,
                                   const char *value,
                                   runloop_error **error);

/// Gives the parameters as JSON text; the caller owns the bytes.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_params_to_json(const runloop_params *params,
                               runloop_bytes **json,
                               runloop_error **error);

/// Makes a copy of the parameters; the caller owns it.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_params_clone(const runloop_params *params,
                             runloop_params **copy,
                             runloop_error **error);

/// Frees parameters. NULL is fine.
///
/// Any thread; never blocks.
void runloop_params_free(runloop_params *params);

/* ---------------------------------------------------------------------
 * Response values
 * --------------------------------------------------------------------- */

/// There is nothing at the place.
#define RUNLOOP_KIND_NONE 0
/// JSON null.
#define RUNLOOP_KIND_NULL 1
/// true or false.
#define RUNLOOP_KIND_BOOL 2
/// A whole number that fits int64_t.
#define RUNLOOP_KIND_INT 3
/// Any other number.
#define RUNLOOP_KIND_DOUBLE 4
/// Text.
#define RUNLOOP_KIND_STRING 5
/// An array.
#define RUNLOOP_KIND_ARRAY 6
/// An object.
#define RUNLOOP_KIND_OBJECT 7

/// An answer of the API: a JSON value, all of it, what the library knows nothing of included.
/// A place in it is named by a JSON Pointer (RFC 6901), such as `/status` or
/// `/state_transitions/0/status`; the empty one is the value itself. Immutable; may be read by
/// any number of threads. Free it with runloop_value_free().
struct runloop_value;

/// Gives text at a place, borrowed from `value` until it is freed.
///
/// `length`, if not NULL, receives its length in bytes. A NUL inside the text is given as a space.
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_string(const runloop_value *value,
                                 const char *pointer,
                                 const char **text,
                                 size_t *length,
                                 runloop_error **error);

/// Gives a whole number at a place. One that no int64_t holds is RUNLOOP_NO_SUCH_FIELD; its digits are in
/// the JSON text of runloop_value_child().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_int(const runloop_value *value,
                              const char *pointer,
                              int64_t *number,
                              runloop_error **error);

/// Gives a number at a place, whole or not: the double nearest to it. One beyond all doubles is
/// RUNLOOP_NO_SUCH_FIELD.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_double(const runloop_value *value,
                                 const char *pointer,
                                 double *number,
                                 runloop_error **error);

/// Gives true (1) or false (0) at a place.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_get_bool(const runloop_value *value,
                               const char *pointer,
                               int32_t *truth,
                               runloop_error **error);

/// What is at a place: one of RUNLOOP_KIND_…; RUNLOOP_KIND_NONE where there is nothing, and where
/// the handle or the pointer cannot be used.
///
/// Any thread; never blocks.
int32_t runloop_value_kind(const runloop_value *value, const char *pointer);

/// Gives how many elements the array at a place has, or how many members the object.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_length(const runloop_value *value,
                             const char *pointer,
                             size_t *length,
                             runloop_error **error);

/// Gives the key of the object at a place that has this index, borrowed from `value` until it is
/// freed. The members keep the order of the answer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_key(const runloop_value *value,
                          const char *pointer,
                          size_t index,
                          const char **key,
                          runloop_error **error);

/// Gives a copy of what is at a place, as a value of its own; the caller owns it.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
int32_t runloop_value_child(const runloop_value *value,
                            const char *pointer,
                            runloop_value **child,
                            runloop_error **error);

/// Borrowed from `value`, until it is freed: the whole of it as JSON text. NULL if `value` is NULL
/// or freed.
///
/// `length`, if not NULL, receives its length in bytes. Any thread; never blocks.
const char *runloop_value_json(const runloop_value *value, size_t *length);

/// Frees a value and all texts borrowed from it. NULL is fine.
///
/// Any thread; never blocks.
void runloop_value_free(runloop_value *value);

/* ---------------------------------------------------------------------
 * Bytes
 * --------------------------------------------------------------------- */

/// Bytes that the library has given away: file contents, output. Immutable; may be read by any
/// number of threads. Free it with runloop_bytes_free().
struct runloop_bytes;

/// Borrowed from `bytes`, until it is freed: the bytes, with a NUL behind the last that does not
/// count. NULL if `bytes` is NULL or freed.
///
/// Any thread; never blocks.
const char *runloop_bytes_data(const runloop_bytes *bytes);

/// How many bytes there are.
///
/// Any thread; never blocks.
size_t runloop_bytes_length(const runloop_bytes *bytes);

/// Frees bytes. NULL is fine.
///
/// Any thread; never blocks.
void runloop_bytes_free(runloop_bytes *bytes);

/* ---------------------------------------------------------------------
 * Raw requests
 * --------------------------------------------------------------------- */

/// Sends any request to the API, for what this library has no function for, with the same retries,
/// errors and cancelling.
///
/// `method` is GET, POST, PUT, PATCH, DELETE or HEAD; `path` lies below the base URL, such as
/// `/v1/devboxes`, its parts encoded where need be; `query` and `body` may be NULL. Each output may
/// be NULL and belongs to the caller: `http_status`, `headers` (an object of texts, the names in
/// lower case), `value` (the answer, or NULL if it is not JSON) and `bytes` (the answer as it
/// came). An answer of 400 and above is an error, as everywhere.
///
/// POST and PATCH are repeated only where they certainly had no effect. A DELETE whose first answer was lost,
/// and whose second attempt finds nothing, succeeds with 204. Blocks for one request. Any
/// thread.
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
