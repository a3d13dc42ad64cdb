/* What the modules of the control thread share. */
#ifndef CONTROL_STATE_H
#define CONTROL_STATE_H

#include "control/agents.h"
#include "control/control.h"
#include "control/events.h"
#include "control/lease.h"
#include "database/array.h"
#include "database/database.h"
#include "exchange/directory.h"

#include <stdbool.h>
#include <stdint.h>

struct state {
    struct control_config config;
    struct database *database;
    struct agents *agents;
    struct events events;
    struct array gone; /* agents that left and that the database believes connected */
    struct lease lease;
    struct directory directory; /* of all collectors */
    bool directory_told;        /* to the gateway */
    bool ready;                 /* the database is up and the lease ours */
    bool draining;
    bool publish;                  /* say again how agents find this collector */
    bool hellos_wait, events_wait; /* something to tell the database at once */
    bool work_hint, keys_hint;     /* the database said so */
};

/* The lease's number as a parameter. */
#define STATE_NUMBER_BYTES 24
const char *state_collector_id(const struct state *state, char text[STATE_NUMBER_BYTES]);

#endif
