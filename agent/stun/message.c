#include "stun/message.h"

#include "stun/attribute.h"
#include "stun/bytes.h"
#include "stun/fingerprint.h"

#include <errno.h>
#include <string.h>

#define ATTRIBUTE_HEADER_BYTES 4

static size_t padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

/* RFC 8489 section 5: the two bits of the class lie between those of the method, M11..M7 C1 M6..M4 C0 M3..M0. */
static uint16_t type_of(uint16_t method, unsigned message_class)
{
    return (uint16_t)((method & 0xF80u) << 2 | (method & 0x070u) << 1 | (method & 0x00Fu) | (message_class & 2u) << 7 |
                      (message_class & 1u) << 4);
}

static uint16_t method_of(uint16_t type)
{
    return (uint16_t)((type & 0x3E00u) >> 2 | (type & 0x00E0u) >> 1 | (type & 0x000Fu));
}

static uint8_t class_of(uint16_t type)
{
    return (uint8_t)((type & 0x0100u) >> 7 | (type & 0x0010u) >> 4);
}

bool stun_message_is_stun(const uint8_t *bytes, size_t len)
{
    return len >= STUN_HEADER_BYTES && (bytes[0] & 0xC0u) == 0 && read_u32(bytes + 4) == STUN_MAGIC_COOKIE;
}

int stun_message_next(const struct stun_message *message, size_t *offset, struct stun_attribute_view *out)
{
    size_t left = message->len - *offset;
    if (left == 0)
        return 0;
    if (left < ATTRIBUTE_HEADER_BYTES)
        return -EBADMSG;
    const uint8_t *header = message->bytes + *offset;
    size_t len = read_u16(header + 2);
    if (padded(len) > left - ATTRIBUTE_HEADER_BYTES)
        return -EBADMSG;
    *out = (struct stun_attribute_view){read_u16(header), header + ATTRIBUTE_HEADER_BYTES, len};
    *offset += ATTRIBUTE_HEADER_BYTES + padded(len);
    return 1;
}

/* FINGERPRINT is the last attribute or none. */
static bool fingerprint_good(const struct stun_message *message, const struct stun_attribute_view *view)
{
    size_t before = (size_t)(view->value - message->bytes) - ATTRIBUTE_HEADER_BYTES;
    return before + STUN_FINGERPRINT_BYTES == message->len && view->len == 4 &&
           read_u32(view->value) == stun_fingerprint(message->bytes, before);
}

static int check_attributes(const struct stun_message *message)
{
    struct stun_attribute_view view;
    size_t offset = STUN_HEADER_BYTES;
    int found = 0;
    while ((found = stun_message_next(message, &offset, &view)) == 1)
        if (view.type == STUN_FINGERPRINT && !fingerprint_good(message, &view))
            return -EBADMSG;
    return found;
}

int stun_message_parse(const uint8_t *bytes, size_t len, struct stun_message *message)
{
    if (!stun_message_is_stun(bytes, len))
        return -EBADMSG;
    size_t body_len = read_u16(bytes + 2);
    if (body_len % 4 != 0 || body_len > len - STUN_HEADER_BYTES)
        return -EBADMSG;
    uint16_t type = read_u16(bytes);
    struct stun_message parsed = {.bytes = bytes,
                                  .len = STUN_HEADER_BYTES + body_len,
                                  .method = method_of(type),
                                  .message_class = class_of(type)};
    memcpy(parsed.transaction_id, bytes + 8, STUN_TRANSACTION_ID_BYTES);
    int error = check_attributes(&parsed);
    if (error == 0)
        *message = parsed;
    return error;
}

void stun_writer_begin(struct stun_writer *writer, uint8_t *bytes, size_t capacity, enum stun_class message_class,
                       enum stun_method method, const uint8_t transaction_id[STUN_TRANSACTION_ID_BYTES])
{
    *writer = (struct stun_writer){.bytes = bytes, .capacity = capacity, .overflow = capacity < STUN_HEADER_BYTES};
    if (writer->overflow)
        return;
    write_u16(bytes, type_of((uint16_t)method, message_class));
    write_u16(bytes + 2, 0);
    write_u32(bytes + 4, STUN_MAGIC_COOKIE);
    memcpy(bytes + 8, transaction_id, STUN_TRANSACTION_ID_BYTES);
    writer->len = STUN_HEADER_BYTES;
}

void stun_writer_attribute(struct stun_writer *writer, uint16_t type, const void *value, size_t len)
{
    size_t end = writer->len + ATTRIBUTE_HEADER_BYTES + padded(len);
    if (writer->overflow || len > UINT16_MAX || end > writer->capacity || end - STUN_HEADER_BYTES > UINT16_MAX) {
        writer->overflow = true;
        return;
    }
    uint8_t *header = writer->bytes + writer->len;
    write_u16(header, type);
    write_u16(header + 2, (uint16_t)len);
    if (len > 0)
        memcpy(header + ATTRIBUTE_HEADER_BYTES, value, len);
    memset(header + ATTRIBUTE_HEADER_BYTES + len, 0, padded(len) - len);
    writer->len = end;
    write_u16(writer->bytes + 2, (uint16_t)(end - STUN_HEADER_BYTES));
}

int stun_writer_finish(struct stun_writer *writer)
{
    return writer->overflow ? -EMSGSIZE : (int)writer->len;
}
