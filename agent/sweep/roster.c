#include "sweep/roster.h"

#include "sweep/order.h"

#include <stdlib.h>

struct roster {
    const struct port_list *list;
    uint32_t size, udp_size;
    uint32_t taken; /* of the shuffled order */
    struct order order;
    uint32_t back_first, back_count; /* a ring of udp_size numbers */
    uint32_t *back;
    uint32_t starts[PORT_RANGES_MAX + 1]; /* number of each range's first port */
};

struct roster *roster_create(const struct port_list *list, uint64_t seed)
{
    struct roster *roster = calloc(1, sizeof(*roster));
    if (roster == NULL)
        return NULL;
    roster->list = list;
    for (size_t i = 0; i < list->count; i++) {
        const struct port_range *range = &list->ranges[i];
        roster->size += range->last - range->first + 1u;
        roster->starts[i + 1] = roster->size;
        if (range->transport == TRANSPORT_UDP)
            roster->udp_size = roster->size;
    }
    roster->order = order_make(roster->udp_size, seed);
    roster->back = calloc(roster->udp_size + 1u, sizeof(*roster->back));
    if (roster->back == NULL) {
        roster_destroy(roster);
        return NULL;
    }
    return roster;
}

void roster_destroy(struct roster *roster)
{
    if (roster == NULL)
        return;
    free(roster->back);
    free(roster);
}

uint32_t roster_size(const struct roster *roster)
{
    return roster->size;
}

uint32_t roster_udp_size(const struct roster *roster)
{
    return roster->udp_size;
}

const struct port_range *roster_range(const struct roster *roster, uint32_t index, uint16_t *port)
{
    size_t low = 0, high = roster->list->count - 1;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (roster->starts[middle] <= index)
            low = middle;
        else
            high = middle - 1;
    }
    const struct port_range *range = &roster->list->ranges[low];
    *port = (uint16_t)(range->first + (index - roster->starts[low]));
    return range;
}

uint32_t roster_find(const struct roster *roster, uint16_t port)
{
    uint32_t low = 0, high = roster->udp_size;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint16_t found;
        roster_range(roster, middle, &found);
        if (found == port)
            return middle;
        if (found < port)
            low = middle + 1;
        else
            high = middle;
    }
    return ROSTER_NOBODY;
}

uint32_t roster_take(struct roster *roster)
{
    if (roster->back_count > 0) {
        uint32_t index = roster->back[roster->back_first];
        roster->back_first = (roster->back_first + 1) % roster->udp_size;
        roster->back_count--;
        return index;
    }
    return roster->taken < roster->udp_size ? order_at(&roster->order, roster->taken++) : ROSTER_NOBODY;
}

void roster_put_back(struct roster *roster, uint32_t index)
{
    roster->back[(roster->back_first + roster->back_count) % roster->udp_size] = index;
    roster->back_count++;
}

uint32_t roster_left(const struct roster *roster)
{
    return roster->back_count + roster->udp_size - roster->taken;
}
