/* Files of this machine: made of noise, compared, looked for. */

#ifndef LOCAL_FILES_H
#define LOCAL_FILES_H

#include <stdint.h>

/* The same sequence in each run. */
uint64_t random_number(void);
void make_file(const char *path, int64_t length);
int same_files(const char *one, const char *other);
int exists(const char *path);
/* How many files that were not finished lie in the test's temporary folder. */
int parts_left(void);

#endif
