/* The rules of every message of natsweep.proto. */
#ifndef PROTO_WIRE_RULES_H
#define PROTO_WIRE_RULES_H

#include "proto/wire_check.h"

extern const struct wire_message wire_envelope_rules;

#endif
