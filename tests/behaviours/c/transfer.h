/* Where the bytes of the step's transfer come from and go to, and how its directory is packed. */

#ifndef TRANSFER_H
#define TRANSFER_H

#include <runloop.h>

/* The step's source: `data` from memory or, as `from` says, from a function; or the file `local_path`. */
const runloop_source *source(void);
/* The step's sink: the file `local_path`, or a function; NULL, for memory, where `to` says so. */
const runloop_sink *sink(void);
/* What a function was given, as `contents`. */
void answer_sunk(void);

/* The step's tree options, and what was left out, as `skipped`. */
const runloop_tree_options *tree(void);
void answer_skipped(void);

#endif
