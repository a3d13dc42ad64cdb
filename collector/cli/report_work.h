/* What a customer has to do: a card for each site that is not ready for calls. */
#ifndef CLI_REPORT_WORK_H
#define CLI_REPORT_WORK_H

#include "cli/report_facts.h"

#include <stdio.h>

void report_put_work(FILE *out, const struct report_facts *facts);

#endif
