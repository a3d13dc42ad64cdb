/* Judges one port: observation and circumstances in, verdict and evidence out. A pure table in the order of
 * CONTRACT.md. */
#ifndef SWEEP_VERDICT_H
#define SWEEP_VERDICT_H

#include "base/address.h"
#include "proto/port_result.h"
#include "proto/words.h"
#include "sweep/observation.h"

#include <stdbool.h>

/* What is known about server, NAT and path when the port is judged. */
struct circumstances {
    enum tri second;               /* Test 2 can be made: proven, disproven, or unknown */
    enum tri response_port;        /* the same for Test 3 */
    enum behaviour filtering;      /* the NAT's own, from ephemeral ports */
    bool mapping_false;            /* the server tells mapped ports at which nothing arrives */
    bool unfiltered;               /* a packet reaches any port of this host: no NAT, no firewall */
    bool blind;                    /* only ports under test get answers, so nothing could ask for Test 3 */
    bool guarded;                  /* strangers are banned at times */
    struct address public_address; /* where Test 3's answers go; family 0 = unknown */
    unsigned sends_needed;         /* of a silent test, for the loss that was measured */
    bool loss_too_high;
};

/* `silent`: the plan knows that the port sent nothing for 300 s before the sweep. Fills in verdict, reason and
 * evidence; port, transport, role, expect, live and owner are the caller's. */
void verdict_judge(const struct observation *observation, const struct circumstances *circumstances, bool silent,
                   struct port_result *result);

/* Whether a failure of this port may have a common cause, so that the server has to prove itself once more after it. */
bool verdict_needs_proof(const struct observation *observation);

#endif
