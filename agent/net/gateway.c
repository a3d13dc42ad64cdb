#include "net/gateway.h"

#include <errno.h>
#include <limits.h>
#include <linux/route.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 8 /* interface, destination, gateway, flags, refcnt, use, metric, mask */
#define LINE_BYTES 256

static size_t split(char *line, char *fields[FIELDS])
{
    char *rest = NULL;
    size_t count = 0;
    for (char *field = strtok_r(line, " \t\n", &rest); field && count < FIELDS; field = strtok_r(NULL, " \t\n", &rest))
        fields[count++] = field;
    return count;
}

/* The table shows addresses as numbers of the host's byte order. */
static struct address read_address(const char *hex)
{
    uint32_t ip = (uint32_t)strtoul(hex, NULL, 16);
    struct address address = {.family = 4};
    memcpy(address.ip, &ip, sizeof ip);
    return address;
}

int gateway_find(const char *proc, struct address *gateway)
{
    char path[PATH_MAX], line[LINE_BYTES], *fields[FIELDS];
    unsigned long best = ULONG_MAX;

    if ((size_t)snprintf(path, sizeof path, "%s/net/route", proc) >= sizeof path)
        return -ENAMETOOLONG;
    FILE *table = fopen(path, "re");
    if (!table)
        return -errno;
    while (fgets(line, sizeof line, table)) {
        if (split(line, fields) < FIELDS)
            continue;
        unsigned long flags = strtoul(fields[3], NULL, 16), metric = strtoul(fields[6], NULL, 10);
        bool is_default = strtoul(fields[1], NULL, 16) == 0 && strtoul(fields[7], NULL, 16) == 0;
        bool wanted = is_default && (flags & RTF_UP) && (flags & RTF_GATEWAY) && metric < best;
        if (!wanted)
            continue;
        best = metric;
        *gateway = read_address(fields[2]);
    }
    (void)fclose(table);
    return best == ULONG_MAX ? -ENOENT : 0;
}
