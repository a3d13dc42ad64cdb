/* Memory for one decoded message: everything protobuf-c allocates for it lies here, is capped in sum, and is freed at
 * once. A frame of 64 kB can otherwise unfold into megabytes (two bytes make an empty submessage of 60). */
#ifndef PROTO_WIRE_ARENA_H
#define PROTO_WIRE_ARENA_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

struct wire_arena {
    Natsweep__Envelope envelope; /* first, so that a caller's envelope leads back to its arena */
    ProtobufCAllocator allocator;
    struct wire_block *blocks;
    size_t spare;     /* bytes left in the newest block */
    size_t allocated; /* bytes of all blocks */
    size_t limit;
    bool exhausted; /* an allocation was refused */
};

/* At most `limit` bytes in all. NULL when memory is short. */
struct wire_arena *wire_arena_create(size_t limit) MUST_CHECK;
void wire_arena_destroy(struct wire_arena *arena); /* NULL is fine */

#endif
