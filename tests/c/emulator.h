/* What the harness itself needs of the emulator's process. */

#ifndef EMULATOR_H
#define EMULATOR_H

/* Ends the emulator at once; fit for signal handlers. */
void emulator_kill(void);
/* Repeats on standard error what the emulator has said. */
void emulator_tell(void);

#endif
