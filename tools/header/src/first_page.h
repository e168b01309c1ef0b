/* runloop.h: the Runloop SDK for C, and for every language that can call C.
 *
 * Made from the library's source by `make header`; changes belong there.
 *
 *
 * HOW IT GOES
 *
 *     runloop_client *client;
 *     runloop_devbox *devbox;
 *     runloop_exec_result *result;
 *     runloop_error *error;
 *
 *     if (runloop_client_new(NULL, &client, &error) ||
 *         runloop_devbox_create(client, NULL, NULL, &devbox, &error) ||
 *         runloop_devbox_exec(devbox, "uname -a", NULL, NULL, &result, &error)) {
 *         fprintf(stderr, "%s\n", runloop_error_message(error));
 *         ...
 *
 *
 * THE RULES, for every function
 *
 * Status. What can fail returns an int32_t, RUNLOOP_OK (0) on success, and takes as its last argument
 *   a place for an error, which may be NULL and is always written: NULL on success, else an error
 *   that the caller owns. A command that exits with something else than 0 is no error.
 *   Any function may return RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE, RUNLOOP_FORKED,
 *   RUNLOOP_INTERNAL_PANIC and RUNLOOP_OUT_OF_MEMORY.
 *   "Those of any request" are: RUNLOOP_CONNECT, RUNLOOP_TLS, RUNLOOP_TIMEOUT, RUNLOOP_DEADLINE,
 *   RUNLOOP_CANCELLED, RUNLOOP_CLOSED, RUNLOOP_BROKEN, RUNLOOP_PROTOCOL, and the 200s, which are the
 *   service's own answers. Numbers are never changed and never used again; a number that you do not
 *   know belongs to its band: 1-99 usage, 100-199 transport, 200-299 the service's answer,
 *   300-399 something remote failed, 900 and above the library itself.
 * Outputs are cleared before anything else happens, so that on failure they are NULL or 0.
 * Handles. What a function gives through a `**` belongs to the caller, who frees it with the _free
 *   function of its type, in any order: a handle keeps alive what it needs. The _free functions
 *   take NULL. A handle that is NULL, freed, or of another type gives RUNLOOP_INVALID_HANDLE.
 *   Freeing a handle ends nothing at the service, unless runloop_devbox_set_shutdown_on_free() says so.
 * Threads. Any function may be called from any thread, and a handle be used by several at a time,
 *   unless its description says otherwise. Blocking functions block the calling thread alone.
 * Inputs are copied before a function returns, or used during it alone. Text is UTF-8 and ends with
 *   a NUL; where a length is asked for there need be no NUL, and NULL with 0 is no bytes.
 * Borrowed texts begin their description with the word; they live as long as what they are
 *   borrowed from, and must not be freed.
 * Times are in milliseconds (`_ms`), 0 being the default.
 * Callbacks run on the thread that made the call, during the call, and never after it. They may call
 *   into the library. The log function is the exception.
 * Cancelling. A runloop_cancel given in the call options ends a call from another thread, whatever it
 *   waits for, within moments.
 * A good guest. The library has at most two threads of its own (and, while a call packs a directory,
 *   one more for each core, and one), with all signals blocked; it
 *   installs no handler, raises no SIGPIPE, prints nothing, changes no environment, and never ends
 *   the process.
 * Ending threads. A thread that is cancelled (pthread_cancel) ends its call first. One whose cancellation
 *   is asynchronous gets RUNLOOP_WRONG_STATE from functions that return a status. Callbacks must return: they
 *   must not end their thread (pthread_exit), nor leave by longjmp or an exception, which ends the process.
 * Forks. A child can use the library whatever its parent has done with it. What was made before the fork
 *   stays the parent's: in the child, calls with it return RUNLOOP_FORKED, and its _free functions do nothing.
 *   The log function is the child's too. Where a callback forks and returns in the child too, the child's call
 *   returns RUNLOOP_FORKED at once, and the parent's goes on. A child keeps its copies of the parent's
 *   connections open until it ends or calls exec.
 * Growth. Structs begin with struct_size and grow at their end; begin with their _INIT macros.
 */
