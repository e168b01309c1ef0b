/* How much memory this process needs, at its peak. */

#ifndef MEMORY_H
#define MEMORY_H

/* What there is now; from here on the peak is counted anew. */
long memory_baseline(void);
/* Prints how far over the baseline the peak was, and bounds it. */
void check_memory(const char *what, long baseline, long most_megabytes);

#endif
