/* Admission control of the way to the store (pure): closes at 80 % of the queue, opens again at 60 %, so that it does
 * not flutter. */
#ifndef GATEWAY_ADMISSION_H
#define GATEWAY_ADMISSION_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct admission {
    uint64_t limit_bytes;
    uint64_t out_bytes; /* with the store, not yet back */
    size_t out;         /* the same in reports */
    bool closed;
};

struct admission admission_make(uint64_t limit_bytes);
/* False: closed, or no room, and nothing is counted. */
bool admission_take(struct admission *admission, size_t frame_bytes) MUST_CHECK;
void admission_give_back(struct admission *admission, size_t frame_bytes);

#endif
