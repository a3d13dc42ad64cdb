#include "http/arrivals.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

struct arrival {
    struct list link;
    int fd;
    bool follows; /* an earlier request on the same connection */
    uint64_t deadline_us;
};

void arrivals_init(struct arrivals *arrivals, size_t places, uint64_t now_us)
{
    *arrivals = (struct arrivals){.limit = places - ARRIVALS_FREE_PLACES, .now_us = now_us};
    list_init(&arrivals->sending);
}

static struct arrival *first(const struct arrivals *arrivals)
{
    return list_empty(&arrivals->sending) ? NULL : list_entry(arrivals->sending.next, struct arrival, link);
}

/* libmicrohttpd reads the end of the connection and forgets it. */
static void shut(struct arrival *arrival)
{
    list_remove(&arrival->link);
    (void)shutdown(arrival->fd, SHUT_RDWR);
}

void arrivals_advance(struct arrivals *arrivals, uint64_t now_us)
{
    arrivals->now_us = now_us;
    for (struct arrival *arrival; (arrival = first(arrivals)) != NULL && arrival->deadline_us <= now_us;)
        shut(arrival);
}

uint64_t arrivals_wake_us(const struct arrivals *arrivals)
{
    const struct arrival *arrival = first(arrivals);
    return arrival ? arrival->deadline_us : UINT64_MAX;
}

/* All have the same time, so whoever starts last is last in the list. */
static void start(struct arrivals *arrivals, struct arrival *arrival)
{
    list_remove(&arrival->link);
    arrival->deadline_us = arrivals->now_us + ARRIVALS_REQUEST_US;
    list_append(&arrivals->sending, &arrival->link);
}

/* Without memory for its time a connection gets none. */
static struct arrival *begin(struct arrivals *arrivals, struct MHD_Connection *http)
{
    int fd = MHD_get_connection_info(http, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    struct arrival *arrival = calloc(1, sizeof(*arrival));
    if (!arrival) {
        (void)shutdown(fd, SHUT_RDWR);
        return NULL;
    }
    arrival->fd = fd;
    list_init(&arrival->link);
    if (++arrivals->count > arrivals->limit && !list_empty(&arrivals->sending))
        shut(first(arrivals));
    start(arrivals, arrival);
    return arrival;
}

static void end(struct arrivals *arrivals, struct arrival *arrival)
{
    if (!arrival)
        return;
    list_remove(&arrival->link);
    free(arrival);
    arrivals->count--;
}

void arrivals_notify(void *arrivals, struct MHD_Connection *http, void **context,
                     enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = begin(arrivals, http);
        return;
    }
    end(arrivals, *context);
    *context = NULL;
}

static struct arrival *arrival_of(struct MHD_Connection *http)
{
    return MHD_get_connection_info(http, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

void arrivals_headers(struct arrivals *arrivals, struct MHD_Connection *http)
{
    struct arrival *arrival = arrival_of(http);
    if (arrival && arrival->follows)
        start(arrivals, arrival);
}

void arrivals_whole(struct MHD_Connection *http)
{
    struct arrival *arrival = arrival_of(http);
    if (arrival)
        list_remove(&arrival->link);
}

void arrivals_over(struct arrivals *arrivals, struct MHD_Connection *http)
{
    struct arrival *arrival = arrival_of(http);
    if (!arrival)
        return;
    arrival->follows = true;
    start(arrivals, arrival);
}
