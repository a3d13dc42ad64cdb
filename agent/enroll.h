/* natsweep-agent enroll: joins this host to a fleet with a one-time token. Safe to repeat: the key stays the same, so
 * an answer that was lost on the way is simply asked for again. */
#ifndef AGENT_ENROLL_H
#define AGENT_ENROLL_H

#include "natsweep.pb-c.h"

/* Exit codes beside those of sysexits.h. */
enum enroll_exit {
    ENROLL_PENDING = 4, /* joined, but an operator has to approve */
    ENROLL_TOKEN_USED = 5,
    ENROLL_TOKEN_EXPIRED = 6,
    ENROLL_TOKEN_UNKNOWN = 7,
    ENROLL_KEY_KNOWN = 8, /* this key is enrolled elsewhere: a copied machine */
    ENROLL_REVOKED = 9,
    ENROLL_WRONG_SERVER = 10 /* whoever answers there does not hold the key in the token */
};

struct enroll_verdict {
    Natsweep__Enrolled__Status status;
    int exit_code;
    const char *sentence;
};

/* What an answer means; never NULL. */
const struct enroll_verdict *enroll_verdict(Natsweep__Enrolled__Status status);

int enroll_command(int argc, char **argv); /* returns the exit code */

#endif
