#include "proto/report_key.h"

#include "natsweep.pb-c.h"
#include "proto/limits.h"
#include "proto/varint.h"

/* Of an Envelope and of a ReportBatch; a unit test compares them with natsweep.proto. */
enum { FIELD_REPORT_BATCH = 10, FIELD_SWEEP_ID = 1, FIELD_BATCH = 3 };
enum { WIRE_TYPE_VARINT = 0, WIRE_TYPE_FIXED64 = 1, WIRE_TYPE_BYTES = 2, WIRE_TYPE_FIXED32 = 5 };

#define TYPE_BITS 3
#define TYPE_MASK 7u
#define VARINT_MORE 0x80u
#define VARINT64_BYTES_MAX 10

struct field {
    uint32_t number, type;
    struct varint_reader value; /* its bytes */
};

/* Past the varint that begins here; numbers of 64 bits, too. */
static bool skip_varint(struct varint_reader *reader)
{
    for (int i = 0; i < VARINT64_BYTES_MAX && reader->at < reader->end; i++)
        if (!(*reader->at++ & VARINT_MORE))
            return true;
    return false;
}

static bool skip_bytes(struct varint_reader *reader, size_t len)
{
    if ((size_t)(reader->end - reader->at) < len)
        return false;
    reader->at += len;
    return true;
}

static bool next_field(struct varint_reader *reader, struct field *field)
{
    uint32_t tag, len;
    if (!varint_read(reader, &tag))
        return false;
    field->number = tag >> TYPE_BITS;
    field->type = tag & TYPE_MASK;
    if (field->type == WIRE_TYPE_BYTES && !varint_read(reader, &len))
        return false;
    field->value.at = reader->at;
    bool whole = false;
    switch (field->type) {
    case WIRE_TYPE_VARINT: whole = skip_varint(reader); break;
    case WIRE_TYPE_FIXED64: whole = skip_bytes(reader, sizeof(uint64_t)); break;
    case WIRE_TYPE_FIXED32: whole = skip_bytes(reader, sizeof(uint32_t)); break;
    case WIRE_TYPE_BYTES: whole = skip_bytes(reader, len); break;
    default: break;
    }
    field->value.end = reader->at;
    return whole;
}

static uint64_t fixed64(const uint8_t *bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number |= (uint64_t)bytes[i] << (8 * i);
    return number;
}

/* protobuf leaves out a batch of 0. What is damaged after the key does not matter. */
static bool find_in_batch(struct varint_reader reader, struct report_key *key)
{
    struct field field;
    struct report_key found = {0};
    while (reader.at < reader.end && next_field(&reader, &field)) {
        if (field.number == FIELD_SWEEP_ID && field.type == WIRE_TYPE_FIXED64)
            found.sweep_id = fixed64(field.value.at);
        if (field.number == FIELD_BATCH && (field.type != WIRE_TYPE_VARINT || !varint_read(&field.value, &found.batch)))
            return false;
    }
    if (found.sweep_id == 0 || found.sweep_id > INT64_MAX || found.batch >= REPORT_BATCHES_MAX)
        return false;
    *key = found;
    return true;
}

bool report_key_find(const uint8_t *frame, size_t len, struct report_key *key)
{
    struct varint_reader reader = {.at = frame, .end = frame + len};
    struct field field;
    while (reader.at < reader.end && next_field(&reader, &field))
        if (field.number == FIELD_REPORT_BATCH && field.type == WIRE_TYPE_BYTES)
            return find_in_batch(field.value, key);
    return false;
}
