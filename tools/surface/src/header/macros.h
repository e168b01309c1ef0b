/// The version of this header.
#define RUNLOOP_VERSION "@VERSION@"
/// The parts of the version.
#define RUNLOOP_VERSION_MAJOR @MAJOR@
#define RUNLOOP_VERSION_MINOR @MINOR@
#define RUNLOOP_VERSION_PATCH @PATCH@
/// The version as one number, for comparisons in the preprocessor: 10203 for 1.2.3.
#define RUNLOOP_VERSION_NUMBER (RUNLOOP_VERSION_MAJOR * 10000 + RUNLOOP_VERSION_MINOR * 100 + RUNLOOP_VERSION_PATCH)
/// The number of the ABI that this header describes; see runloop_abi_check().
#define RUNLOOP_ABI 0

/// Initializes runloop_call_options with the defaults.
#define RUNLOOP_CALL_OPTIONS_INIT \
    { sizeof(runloop_call_options), 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/// Initializes runloop_exec_options with the defaults.
#define RUNLOOP_EXEC_OPTIONS_INIT \
    { sizeof(runloop_exec_options), NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, 0, 0 }

/// Initializes runloop_tree_options with the defaults.
#define RUNLOOP_TREE_OPTIONS_INIT { sizeof(runloop_tree_options), NULL, NULL, NULL, NULL, 0, 0 }

/// Initializes a runloop_source; then set the member that provides the bytes.
#define RUNLOOP_SOURCE_INIT { sizeof(runloop_source), NULL, NULL, -1, NULL, NULL, -1, 0 }

/// Initializes a runloop_sink; then set the member that receives the bytes.
#define RUNLOOP_SINK_INIT { sizeof(runloop_sink), NULL, NULL, NULL, -1, 0 }
