/* Who is still sending a request over HTTP. libmicrohttpd's own timeout starts again with every byte, so that a client
 * could hold its place for ever with a byte now and then. Here a request must have arrived whole in a time, and when
 * places run short the one who has been sending for longest loses his. Who waits for an answer is left alone. */
#ifndef HTTP_ARRIVALS_H
#define HTTP_ARRIVALS_H

#include "base/attributes.h"
#include "base/list.h"

#include <microhttpd.h>
#include <stddef.h>
#include <stdint.h>

/* libmicrohttpd accepts ten at once; at its own limit it would not listen again before something else happens. */
#define ARRIVALS_FREE_PLACES 24u
#define ARRIVALS_REQUEST_US UINT64_C(30000000) /* a megabyte over a bad line takes less */

struct arrivals {
    struct list sending; /* whoever has to be done first is first */
    size_t count, limit; /* of all connections */
    uint64_t now_us;
};

/* `places`: as many connections as MHD_OPTION_CONNECTION_LIMIT says, some of which stay free for who comes next. */
void arrivals_init(struct arrivals *arrivals, size_t places, uint64_t now_us);

/* Shuts the connections whose time is over; to be called before each MHD_run, for which it also sets the time. */
void arrivals_advance(struct arrivals *arrivals, uint64_t now_us);
uint64_t arrivals_wake_us(const struct arrivals *arrivals) MUST_CHECK; /* UINT64_MAX: nobody is sending */

/* For MHD_OPTION_NOTIFY_CONNECTION, with the arrivals as its context. */
void arrivals_notify(void *arrivals, struct MHD_Connection *http, void **context,
                     enum MHD_ConnectionNotificationCode what);

/* What becomes of a request: its headers are there, all of it is there, it is over and another may follow. The first of
 * a connection has its time from the beginning; one that follows an idle while has it from its headers. */
void arrivals_headers(struct arrivals *arrivals, struct MHD_Connection *http);
void arrivals_whole(struct MHD_Connection *http);
void arrivals_over(struct arrivals *arrivals, struct MHD_Connection *http);

#endif
