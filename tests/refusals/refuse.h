/* The interface of refuse.so, which a program finds by dlsym(): it is there only where it is preloaded. */

#ifndef REFUSE_H
#define REFUSE_H

/* Counts the library's calls of one kind from now on, and has the nth of them fail (0: none), or all from it on. Returns 0
 * if there is no such kind. */
typedef int refuse_begin_fn(const char *kind, long nth, int for_good);
/* Ends that; how many calls there were. */
typedef long refuse_end_fn(void);
/* The names of the kinds, in order; NULL behind the last. */
typedef const char *refuse_kind_fn(int number);

#endif
