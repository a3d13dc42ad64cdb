/* What was seen of one UDP port, before anyone judges it: made by port_test, read by verdict. */
#ifndef SWEEP_OBSERVATION_H
#define SWEEP_OBSERVATION_H

#include "base/address.h"
#include "proto/port_result.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stdint.h>

enum test_outcome {
    TEST_NOT_MADE = 0, /* the server cannot do it, or it was not needed */
    TEST_ANSWERED,     /* by the source that this test demands */
    TEST_SILENT,       /* every send timed out */
    TEST_REFUSED,      /* an ICMP error; `reason` of the observation tells which */
    TEST_MALFORMED,    /* the server's answer could not be read, or failed its integrity check */
    TEST_ERROR,        /* the server answered with an error code */
    TEST_WRONG_SOURCE, /* answered, but from the first address: CHANGE-REQUEST was ignored */
    TEST_WRONG_PORT,   /* answered to the port that asked: RESPONSE-PORT was ignored */
    TEST_REWRITTEN,    /* answered, but under an address of this side of the router: see response_astray */
    TEST_ELSEWHERE,    /* the same, under an address of the internet that is none of the server's */
    TEST_LOCAL_ERROR   /* the packet could not be sent or the socket not opened */
};

struct observation {
    uint16_t port;
    uint8_t t1, t2, t3; /* enum test_outcome */
    uint8_t echo;       /* the same, of the Test 3 that must be answered: see port_test.h */
    uint8_t sends_t1, sends_t2, sends_t3;
    uint8_t reason;        /* enum reason of a refused or failed test */
    uint16_t error_code;   /* STUN error code of a TEST_ERROR, 0 = none */
    bool in_use;           /* the bind failed: another program holds the port */
    bool probed;           /* see plan_mark_probed; known when it is judged */
    uint8_t tries;         /* how often this sweep tested it before */
    uint8_t tries_t3;      /* the same when T3 was made: above 0 the port was no longer silent */
    uint32_t position;     /* in the order in which ports were first tested, from 1 */
    bool of_streak;        /* it failed when everything did: see streak.h */
    bool spent;            /* it has stood in for ephemeral ports and sent to a second address: never tested again */
    uint8_t server;        /* which of the plan's servers it was tested with */
    bool doubted;          /* a common cause is suspected behind its failure; `reason` names it */
    int32_t rtt_us;        /* RTT_UNKNOWN_US */
    struct address mapped; /* from T1 */
};

#endif
