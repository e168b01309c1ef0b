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
 *   unless its description says otherwise. Blocking functions block the calling thread alone. They may
 *   be called until the process has ended: by atexit functions, and destructors of static objects too.
 *   A thread that calls needs 64 KiB of stack, beside what your thread-local variables and the functions of yours that
 *   a call runs take of it.
 * Drivers. A thread that calls alone does the library's input and output itself: it drives. When several
 *   call, a thread of the library's drives for all of them. A thread that is held up within its call
 *   (by a signal handler that takes long, or a low priority) holds up calls of other threads only if it
 *   was the only one that called when they began, and until it goes on; their deadlines and cancellations
 *   come in time all the same. So a signal handler must return to the call: after a siglongjmp() out
 *   of it, what the call holds is lost, and if the thread drove, calls of other threads end by their
 *   deadlines and cancellations alone, for as long as the process lives.
 * Inputs are copied before a function returns, or used during it alone. Text is UTF-8 and ends with
 *   a NUL; where a length is asked for there need be no NUL, and NULL with 0 is no bytes.
 * Borrowed texts begin their description with the word; they live as long as what they are
 *   borrowed from, and must not be freed.
 * Times are in milliseconds (`_ms`), 0 being the default.
 * Callbacks run on the thread that made the call, during the call, and never after it. They may call
 *   into the library. The log function alone runs on threads of the library's too.
 * Cancelling. A runloop_cancel given in the call options ends a call from another thread, whatever it
 *   waits for, within moments.
 * A good guest. The library has one thread of its own that drives, others while names are resolved or
 *   the log is told, and, while a call packs a directory, one for each core, and one; all with
 *   all signals blocked. Where one of them cannot be started that is a status. The library
 *   installs no handler, raises no SIGPIPE or SIGXFSZ, prints nothing, changes no environment, and never ends
 *   the process. A program that closes descriptors that it has not opened itself (closefrom) ends the
 *   calls under way, and at most one further call; then the library starts afresh. Where descriptors
 *   0 to 2 are closed, none of its connections and files takes their numbers.
 * Ending threads. A thread that is cancelled (pthread_cancel) ends its call first. One whose cancellation
 *   is asynchronous gets RUNLOOP_WRONG_STATE from functions that return a status. Callbacks must return: they
 *   must not end their thread (pthread_exit), nor leave by longjmp or an exception, which ends the process.
 *   Where the main thread leaves by pthread_exit, the library's thread keeps the process alive, and takes no signals:
 *   let main wait for what is to be done, and then return or call exit.
 * Forks. A child can use the library whatever its parent has done with it. What was made before the fork
 *   stays the parent's: in the child, calls with it return RUNLOOP_FORKED, and its _free functions do nothing.
 *   The log function is the child's too. Where a callback forks and returns in the child too, the child's call
 *   returns RUNLOOP_FORKED at once, and the parent's goes on. A child keeps its copies of the parent's
 *   connections open until it ends or calls exec.
 * Growth. Structs begin with struct_size and grow at their end; begin with their _INIT macros.
 */
