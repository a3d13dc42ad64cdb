#include "net/resolver.h"

#include "net/dns_probe.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* One lookup, shared by the caller and the thread that may outlive its patience: the last one to leave frees it. */
struct lookup {
    atomic_int users;
    int done_fd;
    char host[NI_MAXHOST];
    uint16_t port;
    uint8_t family;
    struct resolver_answer answer; /* written by the thread before done_fd becomes readable */
};

static void leave(struct lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->users, 1) > 1)
        return;
    close(lookup->done_fd);
    free(lookup);
}

const char *resolver_status_text(enum resolver_status status)
{
    switch (status) {
    case RESOLVER_OK: return "resolved";
    case RESOLVER_NO_SUCH_NAME: return "the name does not exist (NXDOMAIN): check how it is spelt";
    case RESOLVER_NO_ADDRESS: return "the name has no address of this family: check it, or use the other family";
    case RESOLVER_WRONG_FAMILY: return "it is an address of the other family: use that family, or another server";
    case RESOLVER_SERVER_FAILURE:
        return "the name server answered with a failure (SERVFAIL or the like): try again, or use an address";
    case RESOLVER_UNREACHABLE:
        return "the name server cannot be reached: check /etc/resolv.conf and this host's network";
    case RESOLVER_TIMEOUT:
        return "the name server did not answer in time: check /etc/resolv.conf, and that DNS is let out";
    case RESOLVER_CANCELLED: return "cancelled";
    case RESOLVER_LOCAL_ERROR: return "this host is short of memory or threads";
    }
    return "unknown";
}

static enum resolver_status classify_probe(int probe)
{
    enum { RCODE_OK = 0, RCODE_NXDOMAIN = 3 };

    switch (probe) {
    case RCODE_NXDOMAIN: return RESOLVER_NO_SUCH_NAME;
    case RCODE_OK: /* it answers now: what failed before was a lost packet */
    case -ETIMEDOUT:
    case -EBADMSG: return RESOLVER_TIMEOUT;
    default: return probe > 0 ? RESOLVER_SERVER_FAILURE : RESOLVER_UNREACHABLE;
    }
}

enum resolver_status resolver_classify(int eai, int probe)
{
    switch (eai) {
    case 0: return RESOLVER_OK;
    case EAI_NONAME: return RESOLVER_NO_SUCH_NAME;
    case EAI_NODATA: return RESOLVER_NO_ADDRESS;
    case EAI_ADDRFAMILY: return RESOLVER_WRONG_FAMILY;
    case EAI_FAIL: return RESOLVER_SERVER_FAILURE;
    case EAI_AGAIN: return classify_probe(probe);
    default: return RESOLVER_LOCAL_ERROR;
    }
}

static void copy_addresses(const struct addrinfo *found, uint16_t port, struct resolver_answer *answer)
{
    for (const struct addrinfo *entry = found; entry && answer->count < RESOLVER_ADDRESSES_MAX;
         entry = entry->ai_next) {
        struct address address = address_from_sockaddr(entry->ai_addr);
        address.port = port;
        answer->addresses[answer->count++] = address;
    }
}

static void *look_up(void *argument)
{
    struct lookup *lookup = argument;
    struct addrinfo hints = {.ai_family = lookup->family == 4 ? AF_INET : AF_INET6, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;

    int eai = getaddrinfo(lookup->host, NULL, &hints, &found);
    int probe = eai == EAI_AGAIN ? dns_probe(lookup->host, lookup->family) : 0;
    lookup->answer.status = resolver_classify(eai, probe);
    if (eai == 0) {
        copy_addresses(found, lookup->port, &lookup->answer);
        freeaddrinfo(found);
    }
    (void)eventfd_write(lookup->done_fd, 1);
    leave(lookup);
    return NULL;
}

static int start_thread(struct lookup *lookup)
{
    pthread_t thread;
    sigset_t all, before;

    /* Signals are for the threads that wait for them. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&thread, NULL, look_up, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0)
        pthread_detach(thread);
    return -rc;
}

static struct lookup *lookup_start(const char *host, uint16_t port, uint8_t family)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    if (!lookup)
        return NULL;
    atomic_init(&lookup->users, 2);
    (void)snprintf(lookup->host, sizeof lookup->host, "%s", host);
    lookup->port = port;
    lookup->family = family;
    lookup->done_fd = eventfd(0, EFD_CLOEXEC);
    if (lookup->done_fd >= 0 && start_thread(lookup) == 0)
        return lookup;
    if (lookup->done_fd >= 0)
        close(lookup->done_fd);
    free(lookup);
    return NULL;
}

static enum resolver_status wait_for(int done_fd, int cancel_fd, int timeout_ms)
{
    struct pollfd ready[] = {{.fd = done_fd, .events = POLLIN}, {.fd = cancel_fd, .events = POLLIN}};
    eventfd_t ignored;

    int count = poll(ready, ARRAY_LEN(ready), timeout_ms);
    if (count == 0)
        return RESOLVER_TIMEOUT;
    if (count < 0 || ready[1].revents != 0)
        return RESOLVER_CANCELLED;
    return eventfd_read(done_fd, &ignored) == 0 ? RESOLVER_OK : RESOLVER_LOCAL_ERROR;
}

void resolver_lookup(const char *host, uint16_t port, uint8_t family, int timeout_ms, int cancel_fd,
                     struct resolver_answer *answer)
{
    *answer = (struct resolver_answer){.status = RESOLVER_LOCAL_ERROR};
    struct lookup *lookup = lookup_start(host, port, family);
    if (!lookup)
        return;
    answer->status = wait_for(lookup->done_fd, cancel_fd, timeout_ms);
    if (answer->status == RESOLVER_OK)
        *answer = lookup->answer;
    leave(lookup);
}
