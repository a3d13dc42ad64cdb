#include "dashboard/route.h"

#include <stddef.h>
#include <string.h>

static const struct route routes[] = {
    {"GET", "/", ROUTE_PAGE, NULL, NULL},
    {"GET", "/sites", ROUTE_PAGE, NULL, NULL},
    {"GET", "/site", ROUTE_PAGE, NULL, NULL},
    {"GET", "/requests", ROUTE_PAGE, NULL, NULL},
    {"GET", "/changes", ROUTE_PAGE, NULL, NULL},
    {"POST", "/api/sign-in", ROUTE_SIGN_IN, "select natsweep.dashboard_session()", NULL},
    {"POST", "/api/sign-out", ROUTE_SIGN_OUT, NULL, NULL},
    {"GET", "/api/session", ROUTE_READ, "select natsweep.dashboard_session()", NULL},
    {"GET", "/api/filters", ROUTE_READ, "select natsweep.dashboard_filters()", NULL},
    {"GET", "/api/fleet", ROUTE_READ, "select natsweep.dashboard_fleet()", NULL},
    {"GET", "/api/sites", ROUTE_READ, "select natsweep.dashboard_sites($1)", NULL},
    {"GET", "/api/sites.csv", ROUTE_READ, "select natsweep.dashboard_sites_csv($1)", "natsweep-sites.csv"},
    {"GET", "/api/site", ROUTE_READ, "select natsweep.dashboard_site($1)", NULL},
    {"GET", "/api/ports", ROUTE_READ, "select natsweep.dashboard_ports($1)", NULL},
    {"GET", "/api/port", ROUTE_READ, "select natsweep.dashboard_port($1)", NULL},
    {"GET", "/api/requests", ROUTE_READ, "select natsweep.dashboard_requests($1)", NULL},
    {"GET", "/api/request", ROUTE_READ, "select natsweep.dashboard_request($1)", NULL},
    {"GET", "/api/changes", ROUTE_READ, "select natsweep.dashboard_changes($1)", NULL},
    {"POST", "/api/preview", ROUTE_CHANGE, "select natsweep.dashboard_preview($1)", NULL},
    {"POST", "/api/sweep", ROUTE_CHANGE, "select natsweep.dashboard_sweep($1)", NULL},
    {"POST", "/api/request", ROUTE_CHANGE, "select natsweep.dashboard_change_request($1)", NULL},
    {"POST", "/api/schedule-plan", ROUTE_CHANGE, "select natsweep.dashboard_plan_schedule($1)", NULL},
    {"POST", "/api/schedules", ROUTE_CHANGE, "select natsweep.dashboard_add_schedule($1)", NULL},
    {"POST", "/api/schedule", ROUTE_CHANGE, "select natsweep.dashboard_change_schedule($1)", NULL},
    {"GET", "/healthz", ROUTE_HEALTH, NULL, NULL},
    {"GET", "/readyz", ROUTE_READY, NULL, NULL},
    {"GET", "/metrics", ROUTE_METRICS, NULL, NULL},
};

enum route_match route_find(const char *method, const char *path, const struct route **route)
{
    enum route_match match = ROUTE_UNKNOWN;
    method = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].path, path) != 0)
            continue;
        match = ROUTE_OTHER_METHOD;
        if (strcmp(routes[i].method, method) == 0) {
            *route = &routes[i];
            return ROUTE_FOUND;
        }
    }
    return match;
}
