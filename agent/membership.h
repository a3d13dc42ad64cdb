/* Who this agent is and whom it belongs to: its key and its enrolment, in the state folder. */
#ifndef AGENT_MEMBERSHIP_H
#define AGENT_MEMBERSHIP_H

#include "agent/settings.h"
#include "base/attributes.h"
#include "base/curve_key.h"
#include "proto/wire.h"
#include "uplink/enrolment.h"

#include <stdbool.h>
#include <stdint.h>

struct membership {
    const struct agent_settings *settings; /* which have the last word */
    struct curve_key_pair key;
    struct enrolment enrolment;
};

/* Returns an exit code of sysexits.h, with one sentence in `message` unless it is EX_OK. */
int membership_load(struct membership *membership, const struct agent_settings *settings,
                    char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Takes over into `enrolment` what a collector said of the fleet, and keeps it; returns whether that is something new.
 */
bool membership_learn(struct membership *membership, const Natsweep__Welcome *welcome, struct enrolment *enrolment);

/* The key that is to replace the present one, made now or earlier; returns whether there is one. */
bool membership_next_key(const struct membership *membership, struct curve_key_pair *next);
/* Puts it in the place of the present one if it has this public key; returns whether it could. */
bool membership_use_next_key(const struct membership *membership, const uint8_t public_key[CURVE_KEY_BYTES],
                             struct curve_key_pair *next);

#endif
