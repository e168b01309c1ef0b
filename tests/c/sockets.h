/* The sockets that this process has open. */

#ifndef SOCKETS_H
#define SOCKETS_H

/* How many of them are a network's. */
int sockets(void);

#endif
