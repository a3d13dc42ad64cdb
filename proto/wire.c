#include "proto/wire.h"

#include "proto/limits.h"
#include "proto/report_key.h"
#include "proto/wire_arena.h"
#include "proto/wire_rules.h"

#include <stdlib.h>

/* The largest message that keeps the rules, a full batch of ports that all differ, takes half of it. */
#define DECODED_BYTES_MAX ((size_t)1024 * 1024)

const char *wire_error_text(int error)
{
    switch (error) {
    case WIRE_OK: return "no error";
    case WIRE_TOO_LONG: return "the frame is too long";
    case WIRE_MALFORMED: return "the frame is not a natsweep message";
    case WIRE_VERSION: return "the protocol version is too old";
    case WIRE_FIELD: return "a field of the message is out of range";
    case WIRE_MEMORY: return "out of memory";
    default: return "unknown error";
    }
}

static int unpack(struct wire_arena *arena, const uint8_t *frame, size_t len)
{
    Envelope *unpacked = natsweep__envelope__unpack(&arena->allocator, len, frame);
    if (!unpacked)
        return arena->exhausted ? WIRE_FIELD : WIRE_MALFORMED;
    arena->envelope = *unpacked;
    if (arena->envelope.version < PROTOCOL_VERSION_OLDEST)
        return WIRE_VERSION;
    if (arena->envelope.body_case == NATSWEEP__ENVELOPE__BODY__NOT_SET)
        return WIRE_MALFORMED;
    return wire_check(&arena->envelope.base, &wire_envelope_rules, NULL) ? WIRE_OK : WIRE_FIELD;
}

int wire_decode(const uint8_t *frame, size_t len, Envelope **out)
{
    if (len > WIRE_FRAME_BYTES_MAX)
        return WIRE_TOO_LONG;
    struct wire_arena *arena = wire_arena_create(DECODED_BYTES_MAX);
    if (!arena)
        return WIRE_MEMORY;
    int error = unpack(arena, frame, len);
    if (error) {
        wire_arena_destroy(arena);
        return error;
    }
    *out = &arena->envelope;
    return WIRE_OK;
}

int wire_decode_key(const uint8_t *frame, size_t len, Envelope **out)
{
    struct report_key key;
    if (!report_key_find(frame, len, &key))
        return WIRE_MALFORMED;
    struct wire_arena *arena = wire_arena_create(DECODED_BYTES_MAX);
    if (!arena)
        return WIRE_MEMORY;
    ProtobufCAllocator *allocator = &arena->allocator;
    Natsweep__ReportBatch *batch = allocator->alloc(allocator->allocator_data, sizeof *batch);
    if (!batch) {
        wire_arena_destroy(arena);
        return WIRE_MEMORY;
    }
    natsweep__report_batch__init(batch);
    batch->sweep_id = key.sweep_id;
    batch->batch = key.batch;
    natsweep__envelope__init(&arena->envelope);
    arena->envelope.body_case = NATSWEEP__ENVELOPE__BODY_REPORT_BATCH;
    arena->envelope.report_batch = batch;
    *out = &arena->envelope;
    return WIRE_OK;
}

void wire_free(Envelope *envelope)
{
    wire_arena_destroy((struct wire_arena *)(void *)envelope); /* its first member */
}

int wire_encode(Envelope *envelope, uint8_t **frame, size_t *len)
{
    envelope->version = PROTOCOL_VERSION;
    if (envelope->body_case == NATSWEEP__ENVELOPE__BODY__NOT_SET)
        return WIRE_MALFORMED;
    if (!wire_check(&envelope->base, &wire_envelope_rules, NULL))
        return WIRE_FIELD;
    size_t size = natsweep__envelope__get_packed_size(envelope);
    if (size > WIRE_FRAME_BYTES_MAX)
        return WIRE_TOO_LONG;
    uint8_t *packed = malloc(size);
    if (!packed)
        return WIRE_MEMORY;
    *len = natsweep__envelope__pack(envelope, packed);
    *frame = packed;
    return WIRE_OK;
}
