/* What is done while a call of the system fails. */

#ifndef SCENARIO_H
#define SCENARIO_H

/* What is left of this process at the end. */
struct remains {
    long descriptors, threads;
};

/* Uses the whole library against the emulator, in a folder of its own, with one of its calls refused; ends the process with a message
 * if something is wrong. Returns how many calls of the kind there were. `most` is what may be left, where that is known. */
long scenario(const char *url, const char *folder, const char *kind, long nth, int for_good, const struct remains *most, struct remains *left);

#endif
