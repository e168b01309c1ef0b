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
 * @CONTENTS@
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
