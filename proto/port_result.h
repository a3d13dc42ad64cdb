/* What a sweep found out about one port: the verdict and the evidence beside it. */
#ifndef PROTO_PORT_RESULT_H
#define PROTO_PORT_RESULT_H

#include "base/address.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stdint.h>

#define RTT_UNKNOWN_US (-1)
#define OWNER_NAME_BYTES 32

/* The program that holds a port. */
struct port_owner {
    int32_t pid; /* 0 = unknown */
    char name[OWNER_NAME_BYTES];
};

/* The fields are narrow because 60,000 of them may live in a small agent; they hold the enums of words.h. */
struct port_result {
    uint16_t port;
    uint8_t transport;              /* enum transport */
    uint8_t role;                   /* enum port_role */
    uint8_t expect;                 /* enum port_expect */
    uint8_t verdict;                /* enum verdict */
    uint8_t reason;                 /* enum reason */
    uint8_t reached;                /* enum tri: T1 answered */
    uint8_t preserved;              /* enum tri: mapped port equals local port */
    uint8_t inbound;                /* enum tri: T2 answered from the other address */
    uint8_t unsolicited;            /* enum tri: T3 answered before the port sent anything */
    uint8_t attempts;               /* requests sent for this port, all tests together, capped at 255 */
    bool live;                      /* tested through raw sockets, nothing bound */
    bool spared;                    /* not as hoped, but a port that stands in for it is; not on the wire */
    int32_t rtt_us;                 /* of T1; RTT_UNKNOWN_US */
    struct address mapped;          /* family 0 = unknown */
    const struct port_owner *owner; /* NULL unless in_use or held; belongs to the report */
};

/* TRI_YES when the verdict is what the plan hoped for: open -> pass, or not needed because an alternative passed;
 * closed -> this host cannot be reached from outside (neither a pass nor an unsolicited packet that arrived).
 * TRI_UNKNOWN when the port was not judged. */
enum tri port_result_as_expected(const struct port_result *result);

#endif
