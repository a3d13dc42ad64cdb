/* Consent freshness in the manner of RFC 7675: a server is only sent packets while it goes on answering. Before its
 * first valid answer it gets a handful, and five seconds without one stop the sweep. So a stolen collector makes no
 * weapon of the fleet, and a server that dies in the middle is noticed. */
#ifndef SWEEP_CONSENT_H
#define SWEEP_CONSENT_H

#include <stdbool.h>
#include <stdint.h>

#define CONSENT_PACKETS_MAX 20       /* before the first valid answer */
#define CONSENT_INTERVAL_US 1000000u /* between two questions of the control endpoint */
#define CONSENT_EXPIRY_US 5000000u

struct consent {
    bool given;
    uint64_t answered_us; /* the last valid answer */
    uint32_t packets;     /* sent before the first one */
};

void consent_sent(struct consent *consent);
/* Any answer gives it; only one that `agrees` renews it, as errors and nonsense may go on for ever. */
void consent_answered(struct consent *consent, uint64_t now_us, bool agrees);

/* Whether one more packet may go to the server. */
bool consent_may_send(const struct consent *consent, uint64_t now_us);
/* It was given and has run out. */
bool consent_lost(const struct consent *consent, uint64_t now_us);

#endif
