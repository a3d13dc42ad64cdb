/* What is to be changed in a router, and where the common families of routers have it (pure). Menus move from version
 * to version: a hint is where to begin to look. The customer's report gives the same ones, from remedy_hints() of the
 * schema: tests/db/test_words.py holds the two against each other. */
#ifndef REPORT_REMEDY_H
#define REPORT_REMEDY_H

#include <stddef.h>

enum remedy {
    REMEDY_NONE,
    REMEDY_FORWARD,        /* a one-to-one port forward to this host */
    REMEDY_STATIC_PORT,    /* source ports kept on the way out */
    REMEDY_FORWARD_STATIC, /* both */
    REMEDY_EGRESS,         /* outgoing packets allowed */
    REMEDY_SCAN,           /* the vantage exempt from scan protection */
    REMEDY_TABLE,          /* more or shorter-lived connections */
    REMEDY_ALG,            /* no rewriting of SIP */
    REMEDY_COUNT
};

struct remedy_hint {
    const char *family, *where;
};

/* What is looked for, in a few words; NULL for REMEDY_NONE and for REMEDY_FORWARD_STATIC, which is two others. */
const char *remedy_title(enum remedy remedy);

/* The hints of a remedy that has a title, `*count` of them. */
const struct remedy_hint *remedy_hints(enum remedy remedy, size_t *count);

#endif
