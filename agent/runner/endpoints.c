#include "runner/endpoints.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PORTS 65536u /* endpoints below are ports under test; the ephemeral ones follow */
#define GROWTH 1024u

/* A slot holds 0 for "not open", so that untouched pages cost no memory. */
enum { SLOT_EMPTY = 0, SLOT_LIVE = 1, SLOT_FIRST_FD = 2 };

struct endpoints {
    int *slots;
    uint32_t capacity; /* never less than PORTS */
};

struct endpoints *endpoints_create(void)
{
    struct endpoints *endpoints = calloc(1, sizeof *endpoints);
    if (!endpoints)
        return NULL;
    endpoints->capacity = PORTS + GROWTH;
    endpoints->slots = calloc(endpoints->capacity, sizeof *endpoints->slots);
    if (endpoints->slots)
        return endpoints;
    free(endpoints);
    return NULL;
}

void endpoints_destroy(struct endpoints *endpoints)
{
    if (!endpoints)
        return;
    for (uint32_t i = 0; i < endpoints->capacity; i++)
        endpoints_remove(endpoints, i);
    free(endpoints->slots);
    free(endpoints);
}

static int grow(struct endpoints *endpoints, uint32_t number)
{
    uint32_t capacity = number + GROWTH;
    int *slots = realloc(endpoints->slots, capacity * sizeof *slots);
    if (!slots)
        return -ENOMEM;
    memset(slots + endpoints->capacity, 0, (capacity - endpoints->capacity) * sizeof *slots);
    endpoints->slots = slots;
    endpoints->capacity = capacity;
    return 0;
}

int endpoints_add(struct endpoints *endpoints, uint32_t number, int fd)
{
    if (number >= endpoints->capacity && grow(endpoints, number) != 0)
        return -ENOMEM;
    endpoints_remove(endpoints, number);
    endpoints->slots[number] = fd + SLOT_FIRST_FD;
    return 0;
}

void endpoints_add_live(struct endpoints *endpoints, uint16_t port)
{
    endpoints_remove(endpoints, port);
    endpoints->slots[port] = SLOT_LIVE;
}

void endpoints_remove(struct endpoints *endpoints, uint32_t number)
{
    int fd = endpoints_fd(endpoints, number);
    if (fd >= 0)
        close(fd);
    if (number < endpoints->capacity && endpoints->slots[number] != SLOT_EMPTY)
        endpoints->slots[number] = SLOT_EMPTY;
}

int endpoints_fd(const struct endpoints *endpoints, uint32_t number)
{
    if (number >= endpoints->capacity || endpoints->slots[number] < SLOT_FIRST_FD)
        return -1;
    return endpoints->slots[number] - SLOT_FIRST_FD;
}

bool endpoints_is_live(const struct endpoints *endpoints, uint32_t number)
{
    return number < endpoints->capacity && endpoints->slots[number] == SLOT_LIVE;
}
