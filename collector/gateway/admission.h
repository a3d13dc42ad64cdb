/* Admission control of the way to the store (pure): closes at 80 % of the queue, opens again at 60 %, so that it does
 * not flutter. Reports that come while it is closed are still taken up to the limit, with a request to wait. */
#ifndef GATEWAY_ADMISSION_H
#define GATEWAY_ADMISSION_H

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
/* False: no room, and nothing is counted. */
bool admission_take(struct admission *admission, size_t frame_bytes);
void admission_give_back(struct admission *admission, size_t frame_bytes);

#endif
