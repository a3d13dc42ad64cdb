#include "cli/report_words.h"

#include "base/attributes.h"
#include "cli/html.h"

#include <string.h>

static const struct report_wording wordings[] = {
    {"supported", "Ready for calls", "\u2713", CHART_GOOD},
    {"partial", "Calls fail in part", "\u25b2", CHART_PART},
    {"unsupported", "Calls fail", "\u2717", CHART_BAD},
    {"inconclusive", "Not all could be judged", "?", CHART_OPEN},
    {"not_run", "Could not be tested", "?", CHART_OPEN},
    {"", "Never tested", "?", CHART_OPEN},
};

const struct report_wording *report_wording(const char *outcome)
{
    for (size_t i = 0; i < ARRAY_LEN(wordings) - 1; i++)
        if (strcmp(wordings[i].outcome, outcome) == 0)
            return &wordings[i];
    return &wordings[ARRAY_LEN(wordings) - 1];
}

const char *report_what(const char *what)
{
    static const struct {
        const char *what, *words;
    } names[] = {{"outcome", "Result"},
                 {"nat_class", "Kind of address translation"},
                 {"public_address", "Public address"},
                 {"alg", "Router rewrites calls (ALG)"},
                 {"ports", "Ports that fail"}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i].what, what) == 0)
            return names[i].words;
    return what;
}

void report_put_badge(FILE *out, const char *outcome)
{
    const struct report_wording *wording = report_wording(outcome);
    html_print(out, "<span class=\"badge %s\">%s %s</span>", chart_word(wording->kind), wording->mark, wording->words);
}
