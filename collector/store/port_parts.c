#include "store/port_parts.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

static bool same_part(const struct port_result *a, const struct port_result *b)
{
    return a->transport == b->transport && a->verdict == b->verdict && a->reason == b->reason &&
           a->reached == b->reached && a->preserved == b->preserved && a->inbound == b->inbound &&
           a->unsolicited == b->unsolicited && a->live == b->live;
}

/* The part of `port`, a new one at need. Neighbours mostly share theirs, so `likely` is tried first. */
static size_t part_of(struct port_parts *parts, const struct port_result *port, size_t likely)
{
    if (likely < parts->count && same_part(parts->parts[likely].sample, port))
        return likely;
    for (size_t i = 0; i < parts->count; i++)
        if (same_part(parts->parts[i].sample, port))
            return i;
    parts->parts[parts->count] = (struct port_part){.sample = port};
    return parts->count++;
}

/* Counts each part's ports and notes the part of each port in `part_of_port`. */
static void assign(const struct report *report, struct port_parts *parts, uint16_t *part_of_port)
{
    size_t part = 0;
    for (size_t i = 0; i < report->port_count; i++) {
        part = part_of(parts, &report->ports[i], part);
        parts->parts[part].count++;
        part_of_port[i] = (uint16_t)part;
    }
}

static void put_in_order(const struct report *report, struct port_parts *parts, const uint16_t *part_of_port)
{
    size_t first = 0;
    for (size_t i = 0; i < parts->count; i++) {
        parts->parts[i].first = first;
        first += parts->parts[i].count;
        parts->parts[i].count = 0;
    }
    for (size_t i = 0; i < report->port_count; i++) {
        struct port_part *part = &parts->parts[part_of_port[i]];
        parts->order[part->first + part->count++] = &report->ports[i];
    }
}

int port_parts_make(const struct report *report, struct port_parts *out)
{
    size_t room = report->port_count ? report->port_count : 1;
    struct port_parts parts = {
        .parts = calloc(room, sizeof *parts.parts),
        .order = (const struct port_result **)calloc(room, sizeof(void *)),
    };
    uint16_t *part_of_port = calloc(room, sizeof *part_of_port); /* a batch has at most REPORT_BATCH_PORTS */
    if (!parts.parts || !parts.order || !part_of_port) {
        port_parts_free(&parts);
        free(part_of_port);
        return -ENOMEM;
    }
    assign(report, &parts, part_of_port);
    put_in_order(report, &parts, part_of_port);
    free(part_of_port);
    *out = parts;
    return 0;
}

void port_parts_free(struct port_parts *parts)
{
    free(parts->parts);
    free((void *)parts->order);
    *parts = (struct port_parts){0};
}
