/* The one table of what the dashboard answers to (pure). */
#ifndef DASHBOARD_ROUTE_H
#define DASHBOARD_ROUTE_H

#include "base/attributes.h"

enum route_kind {
    ROUTE_PAGE,    /* a view of the one page; what it shows depends on its address */
    ROUTE_READ,    /* a function of the schema, asked with what the query string says */
    ROUTE_CHANGE,  /* the same with the body, a JSON object; demands the session's CSRF token */
    ROUTE_SIGN_IN, /* checks a role and its password by connecting */
    ROUTE_SIGN_OUT,
    ROUTE_HEALTH, /* the program is there */
    ROUTE_READY,  /* and so is PostgreSQL */
    ROUTE_METRICS /* what is counted; not for who comes through a proxy */
};

struct route {
    const char *method, *path;
    enum route_kind kind;
    const char *sql;       /* one value of one row; $1 is what was asked, as jsonb */
    const char *file_name; /* of a download; NULL: JSON */
};

enum route_match { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_OTHER_METHOD };

/* HEAD is GET here; what carries the body of an answer leaves it out. */
enum route_match route_find(const char *method, const char *path, const struct route **route) MUST_CHECK;

#endif
