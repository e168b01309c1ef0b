/* What cgo cannot do by itself: function pointers to the exported Go functions, and numbers in the
 * place of `void *user_data`. */
#ifndef RUNLOOP_GO_SHIM_H
#define RUNLOOP_GO_SHIM_H

#include <runloop.h>
#include <stdlib.h>

/* Everything that a call may point to, in memory of C: user_data holds a number, which Go must not
 * see in the place of a pointer. */
typedef struct runloop_go_call {
    runloop_call_options options;
    runloop_exec_options exec;
    runloop_source source;
    runloop_sink sink;
    runloop_tree_options tree;
} runloop_go_call;

runloop_go_call *runloop_go_call_new(void);
void runloop_go_set_progress(runloop_go_call *call, uintptr_t callbacks);
void runloop_go_set_output(runloop_go_call *call, uintptr_t callbacks, int32_t which);
void runloop_go_set_read(runloop_go_call *call, uintptr_t callbacks, int64_t length);
void runloop_go_set_write(runloop_go_call *call, uintptr_t callbacks);
void runloop_go_set_skipped(runloop_go_call *call, uintptr_t callbacks);
int32_t runloop_go_blueprint_create(const runloop_client *client, const runloop_params *params, uintptr_t callbacks,
                                    const runloop_call_options *opts, runloop_blueprint **blueprint, runloop_error **error);
int32_t runloop_go_blueprint_await_build_complete(const runloop_blueprint *blueprint, uintptr_t callbacks,
                                                  const runloop_call_options *opts, runloop_value **info,
                                                  runloop_error **error);
void runloop_go_log_mute(int32_t on);
int32_t runloop_go_log_set(uintptr_t logger, int32_t level, runloop_error **error);
int32_t runloop_go_abi_check(runloop_error **error);

#endif
