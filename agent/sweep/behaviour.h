/* From what the probes saw to the NAT's behaviour in the terms of RFC 4787 and 5780, and the class name of RFC 3489. */
#ifndef SWEEP_BEHAVIOUR_H
#define SWEEP_BEHAVIOUR_H

#include "proto/words.h"
#include "sweep/qualification.h"

#include <stdbool.h>

struct nat_behaviour {
    enum behaviour mapping, filtering;
    enum nat_class nat_class;
    enum tri port_preservation;
    bool unfiltered; /* a packet reaches a port that never sent: what arrives needs no mapping */
};

struct nat_behaviour behaviour_of(const struct qualification *qualification);

/* A packet from an address that was never asked is turned away, so that only a rule can let it in. */
bool behaviour_depends_on_address(enum behaviour filtering);

#endif
