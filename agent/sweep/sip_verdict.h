/* From what became of the SIP requests to what the report says of a SIP ALG. Pure. */
#ifndef SWEEP_SIP_VERDICT_H
#define SWEEP_SIP_VERDICT_H

#include "proto/report.h"
#include "sweep/sip_alg.h"

/* Fills in report->nat.sip_alg and its diff, and warns of what is unknown or unusual. A gateway is found when a request
 * to the echo's SIP port arrived rewritten, and excluded when every one arrived as it was sent. */
void sip_verdict_judge(const struct sip_finding *finding, struct report *report);

#endif
