/* Names to addresses, with a deadline, and with the reason when there are none: a person who reads "the name does not
 * exist" looks elsewhere than one who reads "the name server does not answer". */
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include "base/address.h"

#include <stddef.h>
#include <stdint.h>

#define RESOLVER_ADDRESSES_MAX 16

enum resolver_status {
    RESOLVER_OK,
    RESOLVER_NO_SUCH_NAME,   /* NXDOMAIN */
    RESOLVER_NO_ADDRESS,     /* the name exists, without an address of this family */
    RESOLVER_WRONG_FAMILY,   /* a numeric address of the other family */
    RESOLVER_SERVER_FAILURE, /* SERVFAIL, REFUSED, ... */
    RESOLVER_UNREACHABLE,    /* nothing listens at the name server's address, or no route there */
    RESOLVER_TIMEOUT,
    RESOLVER_CANCELLED,
    RESOLVER_LOCAL_ERROR /* no memory, no thread */
};

struct resolver_answer {
    enum resolver_status status;
    size_t count;
    struct address addresses[RESOLVER_ADDRESSES_MAX]; /* all with the port asked for */
};

/* Looks up every address of `host` (a name or a numeric address) for family 4 or 6. Gives up after timeout_ms, or when
 * `cancel_fd`
 * (-1 = none) becomes readable; it is not read. */
void resolver_lookup(const char *host, uint16_t port, uint8_t family, int timeout_ms, int cancel_fd,
                     struct resolver_answer *answer);

/* The half sentence that follows "cannot resolve NAME: ". */
const char *resolver_status_text(enum resolver_status status);

/* What an EAI_* code means; EAI_AGAIN needs the RCODE or -errno of a dns_probe (pure). */
enum resolver_status resolver_classify(int eai, int probe);

#endif
