#include "report/summary.h"

struct summary summary_of(const struct report *report)
{
    struct summary summary = {0};

    for (size_t i = 0; i < report->port_count; i++) {
        uint8_t verdict = report->ports[i].verdict;
        if (verdict < SUMMARY_VERDICTS)
            summary.count[verdict]++;
        if (!verdict_is_judged(verdict))
            summary.unjudged++;
    }
    return summary;
}
