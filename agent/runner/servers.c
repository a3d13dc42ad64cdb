#include "runner/servers.h"

#include "net/host_port.h"
#include "net/resolver.h"
#include "net/route.h"

#include <errno.h>
#include <stdio.h>

/* Adds the addresses this host has a route to, and returns how many those are. */
static size_t add(struct plan *plan, const char *name, const struct resolver_answer *answer)
{
    size_t before = plan->server_count;
    for (size_t i = 0; i < answer->count && plan->server_count < PLAN_SERVERS_MAX; i++) {
        struct address local;
        if (route_local_address(&answer->addresses[i], &local) != 0)
            continue;
        struct plan_server *server = &plan->servers[plan->server_count++];
        snprintf(server->name, sizeof server->name, "%s", name);
        server->address = answer->addresses[i];
    }
    return plan->server_count - before;
}

/* The first address is as good as any. What cannot be resolved keeps its name and has no address. */
static void resolve_one(const char *name, uint16_t default_port, const struct plan *plan, int timeout_ms, int cancel_fd,
                        struct plan_server *server)
{
    char host[HOST_BYTES];
    uint16_t port;
    struct resolver_answer answer;
    *server = (struct plan_server){0};
    snprintf(server->name, sizeof server->name, "%s", name);
    if (name[0] == '\0' || host_port_parse(name, default_port, host, &port) != 0)
        return;
    resolver_lookup(host, port, plan->family, timeout_ms, cancel_fd, &answer);
    if (answer.status == RESOLVER_OK)
        server->address = answer.addresses[0];
}

int servers_resolve(const struct server_names *servers, struct plan *plan, int timeout_ms, int cancel_fd,
                    char message[REPORT_MESSAGE_BYTES])
{
    int error = -ENOENT;
    snprintf(message, REPORT_MESSAGE_BYTES, "no STUN server is given");
    plan->server_count = 0;
    for (size_t i = 0; i < servers->count; i++) {
        char host[HOST_BYTES];
        uint16_t port;
        const char *name = servers->names[i];
        if (host_port_parse(name, SERVERS_DEFAULT_PORT, host, &port)) {
            snprintf(message, REPORT_MESSAGE_BYTES, "'%s' is no STUN server: it must be HOST or HOST:PORT", name);
            return -EINVAL;
        }
        struct resolver_answer answer;
        resolver_lookup(host, port, plan->family, timeout_ms, cancel_fd, &answer);
        if (answer.status == RESOLVER_OK && add(plan, name, &answer) == 0)
            snprintf(message, REPORT_MESSAGE_BYTES,
                     "this host has no IPv%u route to %s: check its network and default gateway%s", plan->family, host,
                     plan->family == 6 ? ", or use IPv4" : "");
        if (answer.status == RESOLVER_NO_ADDRESS)
            snprintf(message, REPORT_MESSAGE_BYTES,
                     "cannot resolve %s: the name has no IPv%u address; use another server or --family %u", host,
                     plan->family, plan->family == 4 ? 6u : 4u);
        else if (answer.status != RESOLVER_OK)
            snprintf(message, REPORT_MESSAGE_BYTES, "cannot resolve %s: %s", host, resolver_status_text(answer.status));
        if (answer.status == RESOLVER_CANCELLED)
            error = -ECANCELED;
    }
    if (plan->server_count == 0)
        return error;
    resolve_one(servers->turn, SERVERS_DEFAULT_PORT, plan, timeout_ms, cancel_fd, &plan->turn);
    resolve_one(servers->sip_echo, SERVERS_SIP_PORT, plan, timeout_ms, cancel_fd, &plan->sip_echo);
    return 0;
}
