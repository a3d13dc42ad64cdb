/* One UDP port under test: the order T3, T1, T2 as a transition table, and what each test asks. T3 comes first, while
 * the port has sent nothing; T1 only after T3 is over, because the mapping it makes would let T3's answer in; T2 last,
 * from another port of the second address than T3, whose unanswered packet may have left its mark in the router. */
#ifndef SWEEP_PORT_TEST_H
#define SWEEP_PORT_TEST_H

#include "sweep/observation.h"
#include "sweep/qualification.h"

#include <stdbool.h>
#include <stdint.h>

/* PORT_CROSS asks for an answer from another port of the first address: see second_look.h. PORT_ECHO repeats Test 3
 * through the mapping that Test 2 came in by: a server that leaves that out, too, left out the first. */
enum port_state { PORT_OPENING, PORT_T3, PORT_T1, PORT_T2, PORT_CROSS, PORT_ECHO, PORT_DONE, PORT_STATES };

enum port_event {
    PORT_OPENED,
    PORT_OPENED_WITHOUT_T3, /* the server cannot do it */
    PORT_OPENED_TO_CROSS,
    PORT_OPENED_FOR_T2,
    PORT_NOT_OPENED,
    PORT_ANSWERED,
    PORT_ANSWERED_WITHOUT_T2,
    PORT_CROSSED,            /* with whatever success */
    PORT_ANSWERED_UNLIKE_T3, /* which was silent */
    PORT_FAILED,
    PORT_EVENTS
};

/* The state after `event`; `why` (may be NULL) is set to the reason in words. */
enum port_state port_test_after(enum port_state state, enum port_event event, const char **why);

/* What to ask in `state` (T1, T2 or T3). */
void port_test_request(enum port_state state, uint16_t port, uint32_t identity,
                       const struct qualification *qualification, struct request *request);

/* Writes what the test of `state` found into the observation. */
void port_test_record(struct observation *observation, enum port_state state, const struct answer *answer);

#endif
