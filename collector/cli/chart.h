/* Charts of a report as inline SVG: no script, no file beside it, and they print. Colours are classes of the page's
 * style; each chart has a text for who cannot see it. */
#ifndef CLI_CHART_H
#define CLI_CHART_H

#include <stddef.h>
#include <stdio.h>

/* From good to bad, then what cannot be told: also the names of the classes. */
#define CHART_WORDS(X) X(GOOD, "good") X(PART, "part") X(BAD, "bad") X(OPEN, "open")
#define CHART_CONSTANT(NAME, word) CHART_##NAME,
enum chart_kind { CHART_WORDS(CHART_CONSTANT) CHART_KINDS };

const char *chart_word(enum chart_kind kind);

struct chart_day {
    const char *day; /* "2026-01-31" */
    int counts[CHART_KINDS];
};

struct chart_range {
    int first, last; /* ports */
    enum chart_kind kind;
    const char *label;
};

/* A column a day, as high as the fullest one has sites. */
void chart_days(FILE *out, const struct chart_day *days, size_t count);
/* One bar, shared by the kinds. */
void chart_share(FILE *out, const int counts[CHART_KINDS]);
/* The ports of a site side by side; wide ranges are wider, but a single port can still be seen. */
void chart_ports(FILE *out, const struct chart_range *ranges, size_t count);

#endif
