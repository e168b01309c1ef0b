/* Directories of this machine: made, described, compared, removed. */

#ifndef TREES_H
#define TREES_H

#include <stddef.h>

/* The path of a name in a folder; it stays. */
const char *in(const char *folder, const char *name);
void folder(const char *path);
void file(const char *path, const char *contents);
/* With all that is below; nothing there is fine. */
void remove_all(const char *path);

/* Names, kinds, modes, times, links and contents of all that is below, a line each; the caller frees it. */
char *described(const char *top);
/* Only the names, for small trees; the caller frees them. */
char *names(const char *top);
void check_same(const char *one, const char *other);

/* Everything that a tree can hold and that can be packed: odd and long names, modes, times, links, holes. */
void make_tree(const char *top);

/* What was left out, as an on_skipped function is told. */
struct skips {
    char text[4096];
    int count;
};
void skipped(void *data, const char *path, const char *reason);

#endif
