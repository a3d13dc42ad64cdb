#include "runner/host_ports.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

static void list_planned(struct host_ports *ports, const struct port_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (unsigned port = list->ranges[i].first; port <= list->ranges[i].last; port++)
            if (list->ranges[i].transport == TRANSPORT_UDP)
                port_set_add(&ports->planned, (uint16_t)port);
}

/* A UDP port is silent when no program holds it and no sweep of ours used it lately; unless both are known, none is. */
static void mark_silent(const struct host_ports *ports, struct plan *plan, uint64_t now_us)
{
    struct port_set recent;

    memset(plan->silent, 0, sizeof plan->silent);
    if (!ports->owners || ports->recent_path[0] == '\0' || recent_ports_read(ports->recent_path, now_us, &recent) != 0)
        return;
    for (unsigned port = 1; port <= UINT16_MAX; port++)
        if (port_set_has(&ports->planned, (uint16_t)port) && !port_set_has(&recent, (uint16_t)port) &&
            !port_owner_find(ports->owners, (uint16_t)port))
            plan_mark_silent(plan, (uint16_t)port);
}

static void mark_probed(const struct host_ports *ports, struct plan *plan, uint64_t now_us)
{
    struct port_set probed;

    memset(plan->probed, 0, sizeof plan->probed);
    if (ports->probes_path[0] == '\0' || recent_ports_read(ports->probes_path, now_us, &probed) != 0)
        return;
    for (unsigned port = 1; port <= UINT16_MAX; port++)
        if (port_set_has(&probed, (uint16_t)port))
            plan_mark_probed(plan, (uint16_t)port);
}

/* Beside the other file, and cleared away with it. */
static void choose_probes_path(struct host_ports *ports)
{
    int len = snprintf(ports->probes_path, sizeof ports->probes_path, "%s-probes", ports->recent_path);
    if (ports->recent_path[0] == '\0' || len < 0 || (size_t)len >= sizeof ports->probes_path)
        ports->probes_path[0] = '\0';
}

void host_ports_look(struct host_ports *ports, struct plan *plan, uint64_t now_us)
{
    *ports = (struct host_ports){0};
    list_planned(ports, &plan->ports);
    if (port_owner_table_read("/proc", TRANSPORT_UDP, &ports->owners) != 0)
        ports->owners = NULL;
    if (recent_ports_path(ports->recent_path, sizeof ports->recent_path) != 0)
        ports->recent_path[0] = '\0';
    choose_probes_path(ports);
    mark_silent(ports, plan, now_us);
    mark_probed(ports, plan, now_us);
}

void host_ports_release(struct host_ports *ports)
{
    port_owner_table_free(ports->owners);
    ports->owners = NULL;
}

void host_ports_probe(struct host_ports *ports, uint16_t port)
{
    port_set_add(&ports->probes, port);
}

static void note(const char *path, uint64_t now_us, const struct port_set *ports)
{
    int rc = path[0] != '\0' ? recent_ports_note(path, now_us, ports) : 0;
    if (rc != 0)
        log_warning("runner", NULL, "cannot remember in %s which ports were used: %s", path, strerror(-rc));
}

void host_ports_note(const struct host_ports *ports, uint64_t now_us)
{
    note(ports->recent_path, now_us, &ports->planned);
    note(ports->probes_path, now_us, &ports->probes);
}

static void forget_free(const struct port_owner_table *owners, struct port_set *ports)
{
    struct port_set held = {0};
    for (unsigned port = 1; port <= UINT16_MAX; port++)
        if (port_set_has(ports, (uint16_t)port) && port_owner_find(owners, (uint16_t)port))
            port_set_add(&held, (uint16_t)port);
    *ports = held;
}

int host_ports_note_held(const struct plan *plan, uint64_t now_us)
{
    struct host_ports ports = {0};
    list_planned(&ports, &plan->ports);
    if (recent_ports_path(ports.recent_path, sizeof ports.recent_path) != 0)
        return 0; /* then no port is called silent anyway */
    if (port_owner_table_read("/proc", TRANSPORT_UDP, &ports.owners) == 0)
        forget_free(ports.owners, &ports.planned);
    host_ports_release(&ports);
    return recent_ports_note(ports.recent_path, now_us, &ports.planned);
}

const struct port_owner *host_ports_owner(const struct host_ports *ports, uint16_t port)
{
    return ports->owners ? port_owner_find(ports->owners, port) : NULL;
}
