/* What the library's log says, kept to be searched. */

#ifndef HEARD_H
#define HEARD_H

#include <stdint.h>

/* For runloop_log_set(), which takes no user data for it. */
void hear(void *user_data, int32_t level, const char *line);
/* How often this has been heard. */
int times_heard(const char *part);

#endif
