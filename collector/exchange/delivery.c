#include "exchange/delivery.h"

#include <stdlib.h>
#include <string.h>

struct delivery *delivery_create(int64_t agent_id, int64_t site_id, Envelope *envelope, const void *frame,
                                 size_t frame_bytes)
{
    struct delivery *delivery = calloc(1, sizeof(*delivery));
    uint8_t *copy = malloc(frame_bytes ? frame_bytes : 1);
    if (!delivery || !copy) {
        free(delivery);
        free(copy);
        wire_free(envelope);
        return NULL;
    }
    memcpy(copy, frame, frame_bytes);
    *delivery = (struct delivery){
        .agent_id = agent_id, .site_id = site_id, .envelope = envelope, .frame = copy, .frame_bytes = frame_bytes};
    return delivery;
}

void delivery_free(void *object)
{
    struct delivery *delivery = object;
    if (!delivery)
        return;
    wire_free(delivery->envelope);
    free(delivery->frame);
    free(delivery);
}
