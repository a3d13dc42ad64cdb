/* What a verdict means to the person who has to mend it: the cause in one sentence, the cure in another (pure). */
#ifndef REPORT_EXPLANATION_H
#define REPORT_EXPLANATION_H

#include "proto/port_result.h"
#include "report/remedy.h"

#include <stddef.h>
#include <stdint.h>

#define EXPLANATION_BYTES 256
#define EXPLANATION_LINE_BYTES 512 /* cause and cure */

/* Whose fault a verdict is. */
enum fault { FAULT_NOBODY, FAULT_FIREWALL, FAULT_HOST, FAULT_LINE, FAULT_SERVER, FAULT_UNKNOWN, FAULT_COUNT };

struct explanation {
    char cause[EXPLANATION_BYTES];
    char cure[EXPLANATION_BYTES]; /* empty when there is nothing to do */
    uint8_t fault;                /* enum fault */
    uint8_t remedy;               /* enum remedy: what to look for in the router */
};

/* Ports with the same verdict, reason, evidence and owner get the same text: that is what groups them. */
void explain(const struct port_result *result, struct explanation *out);

/* Cause and cure as one text, for a single port. */
const char *explain_line(const struct port_result *result, char line[EXPLANATION_LINE_BYTES]);

#endif
