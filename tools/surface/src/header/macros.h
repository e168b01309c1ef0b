/* ---------------------------------------------------------------------
 * Versions and initial values
 * --------------------------------------------------------------------- */

/// The version of this header.
#define RUNLOOP_VERSION "@VERSION@"
/// Its parts.
#define RUNLOOP_VERSION_MAJOR @MAJOR@
#define RUNLOOP_VERSION_MINOR @MINOR@
#define RUNLOOP_VERSION_PATCH @PATCH@
/// Its parts as one number that can be compared: 10203 for 1.2.3.
#define RUNLOOP_VERSION_NUMBER (RUNLOOP_VERSION_MAJOR * 10000 + RUNLOOP_VERSION_MINOR * 100 + RUNLOOP_VERSION_PATCH)
/// The ABI's number, for runloop_abi_check().
#define RUNLOOP_ABI 0

/// Call options that are all defaults.
#define RUNLOOP_CALL_OPTIONS_INIT \
    { sizeof(runloop_call_options), 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }
/// Exec options that are all defaults.
#define RUNLOOP_EXEC_OPTIONS_INIT \
    { sizeof(runloop_exec_options), NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, 0, 0 }
/// Tree options that are all defaults.
#define RUNLOOP_TREE_OPTIONS_INIT { sizeof(runloop_tree_options), NULL, NULL, NULL, NULL, 0, 0 }
/// A source of which nothing is set.
#define RUNLOOP_SOURCE_INIT { sizeof(runloop_source), NULL, NULL, -1, NULL, NULL, -1, 0 }
/// A sink of which nothing is set.
#define RUNLOOP_SINK_INIT { sizeof(runloop_sink), NULL, NULL, NULL, -1, 0 }

/* ---- declarations ---- */
