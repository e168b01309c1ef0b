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
