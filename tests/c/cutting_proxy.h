/* A way to another server of this machine that fails on demand: after any number of bytes in either
 * direction, whatever they belong to, or for as long as the test says. */

#ifndef CUTTING_PROXY_H
#define CUTTING_PROXY_H

#include <stdint.h>

typedef struct cutting_proxy cutting_proxy;

enum cut_direction { CUT_REQUESTS, CUT_ANSWERS };

enum cut_kind {
    /* Both sides are reset. */
    CUT_RESET,
    /* Both sides are closed. */
    CUT_CLOSE,
    /* Nothing comes through any more, either way, until the client goes away. */
    CUT_STALL
};

/* What clients see during an outage. */
enum outage_kind {
    OUTAGE_NONE,
    /* Connections are reset, and further ones refused. */
    OUTAGE_REFUSED,
    /* Nothing comes through, on connections that are there and on further ones; when it is over, they are reset. */
    OUTAGE_SILENT,
    /* The same, but when it is over everything comes through that was held up. */
    OUTAGE_STALLED,
    /* Connections are reset; further ones get a gateway's page: 502 and 503 by turns. */
    OUTAGE_PAGES
};

/* `url` is that of the other server: http://127.0.0.1:PORT */
cutting_proxy *cutting_proxy_start(const char *url);
const char *cutting_proxy_url(const cutting_proxy *proxy);
/* Once, after so many more bytes in the direction, the connection that carries them is cut. */
void cutting_proxy_arm(cutting_proxy *proxy, enum cut_direction direction, enum cut_kind kind, int64_t after);
/* Whether it came to that; it does not any more. */
int cutting_proxy_disarm(cutting_proxy *proxy);
/* How many bytes have come through in a direction. */
int64_t cutting_proxy_carried(cutting_proxy *proxy, enum cut_direction direction);
/* One outage, from now on until the proxy comes back. */
void cutting_proxy_go_away(cutting_proxy *proxy, enum outage_kind kind);
void cutting_proxy_come_back(cutting_proxy *proxy);
void cutting_proxy_stop(cutting_proxy *proxy);

#endif
