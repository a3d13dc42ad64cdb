#include "stun/attribute.h"

#include "stun/bytes.h"
#include "stun/fingerprint.h"

#include <errno.h>
#include <string.h>

#define FAMILY_IPV4 1
#define FAMILY_IPV6 2
#define ADDRESS_HEADER_BYTES 4 /* zero, family, port */
#define ADDRESS_VALUE_BYTES_MAX (ADDRESS_HEADER_BYTES + 16)
#define PHRASE_BYTES_MAX 763 /* RFC 8489 section 14.8 */
#define COMPREHENSION_OPTIONAL 0x8000u

/* Comprehension-required attributes that may stand in a message for us: those of attribute.h, of TURN (RFC 8656, RFC
 * 6062), and RESPONSE-ADDRESS, PASSWORD and REFLECTED-FROM of RFC 3489, which old servers send and clients may ignore.
 */
static const uint16_t known_required[] = {0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x0008,
                                          0x0009, 0x000A, 0x000B, 0x000C, 0x000D, 0x0012, 0x0013, 0x0014,
                                          0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x001A, 0x001C, 0x001D,
                                          0x001E, 0x0020, 0x0022, 0x0026, 0x0027, 0x002A};

/* What an integrity attribute does not cover, a stranger may have added (RFC 8489 sections 14.5 and 14.6). */
static bool counts_after(uint16_t sealed_by, uint16_t type)
{
    if (sealed_by == 0 || type == STUN_FINGERPRINT)
        return true;
    return sealed_by == STUN_MESSAGE_INTEGRITY && type == STUN_MESSAGE_INTEGRITY_SHA256;
}

int stun_attribute_find(const struct stun_message *message, uint16_t type, const uint8_t **value, size_t *len)
{
    struct stun_attribute_view view;
    uint16_t sealed_by = 0;
    size_t offset = STUN_HEADER_BYTES;
    while (stun_message_next(message, &offset, &view) == 1) {
        if (!counts_after(sealed_by, view.type))
            continue;
        if (view.type == type) {
            *value = view.value;
            *len = view.len;
            return 0;
        }
        if (view.type == STUN_MESSAGE_INTEGRITY || view.type == STUN_MESSAGE_INTEGRITY_SHA256)
            sealed_by = view.type;
    }
    return -ENOENT;
}

static bool is_known(uint16_t type)
{
    for (size_t i = 0; i < ARRAY_LEN(known_required); i++)
        if (known_required[i] == type)
            return true;
    return type >= COMPREHENSION_OPTIONAL;
}

uint16_t stun_attribute_unknown(const struct stun_message *message)
{
    struct stun_attribute_view view;
    size_t offset = STUN_HEADER_BYTES;
    while (stun_message_next(message, &offset, &view) == 1) {
        if (!is_known(view.type))
            return view.type;
        if (view.type == STUN_MESSAGE_INTEGRITY || view.type == STUN_MESSAGE_INTEGRITY_SHA256)
            break;
    }
    return 0;
}

static size_t ip_bytes(uint8_t family)
{
    return family == FAMILY_IPV4 ? 4 : family == FAMILY_IPV6 ? 16 : 0;
}

int stun_attribute_address(const struct stun_message *message, uint16_t type, struct address *out)
{
    const uint8_t *value = NULL;
    size_t len = 0;
    int error = stun_attribute_find(message, type, &value, &len);
    if (error != 0)
        return error;
    size_t ip_len = len >= ADDRESS_HEADER_BYTES ? ip_bytes(value[1]) : 0;
    if (ip_len == 0 || len != ADDRESS_HEADER_BYTES + ip_len)
        return -EBADMSG;
    *out = (struct address){.family = ip_len == 4 ? 4 : 6, .port = read_u16(value + 2)};
    memcpy(out->ip, value + ADDRESS_HEADER_BYTES, ip_len);
    return 0;
}

/* RFC 8489 section 14.2: the port with the cookie's first half, the IP with the cookie and the transaction id. Done
 * twice it is undone. `header` is that of the message. */
static void apply_xor(const uint8_t *header, struct address *address)
{
    size_t ip_len = address->family == 4 ? 4 : 16;
    address->port ^= STUN_MAGIC_COOKIE >> 16;
    for (size_t i = 0; i < ip_len; i++)
        address->ip[i] ^= header[4 + i];
}

int stun_attribute_xor_address(const struct stun_message *message, uint16_t type, struct address *out)
{
    int error = stun_attribute_address(message, type, out);
    if (error == 0)
        apply_xor(message->bytes, out);
    return error;
}

int stun_attribute_u32(const struct stun_message *message, uint16_t type, uint32_t *out)
{
    const uint8_t *value = NULL;
    size_t len = 0;
    int error = stun_attribute_find(message, type, &value, &len);
    if (error != 0)
        return error;
    if (len != 4)
        return -EBADMSG;
    *out = read_u32(value);
    return 0;
}

int stun_attribute_error_code(const struct stun_message *message, uint16_t *code)
{
    const uint8_t *value = NULL;
    size_t len = 0;
    int error = stun_attribute_find(message, STUN_ERROR_CODE, &value, &len);
    if (error != 0)
        return error;
    if (len < 4)
        return -EBADMSG;
    unsigned hundreds = value[2] & 7u, rest = value[3];
    if (hundreds < 3 || hundreds > 6 || rest > 99)
        return -EBADMSG;
    *code = (uint16_t)(hundreds * 100 + rest);
    return 0;
}

void stun_write_address(struct stun_writer *writer, uint16_t type, const struct address *address)
{
    uint8_t value[ADDRESS_VALUE_BYTES_MAX] = {0, address->family == 4 ? FAMILY_IPV4 : FAMILY_IPV6};
    size_t ip_len = ip_bytes(value[1]);
    write_u16(value + 2, address->port);
    memcpy(value + ADDRESS_HEADER_BYTES, address->ip, ip_len);
    stun_writer_attribute(writer, type, value, ADDRESS_HEADER_BYTES + ip_len);
}

void stun_write_xor_address(struct stun_writer *writer, uint16_t type, const struct address *address)
{
    struct address masked = *address;
    if (!writer->overflow) /* without room for a header there is nothing to mask with, and nothing will be sent */
        apply_xor(writer->bytes, &masked);
    stun_write_address(writer, type, &masked);
}

void stun_write_change_request(struct stun_writer *writer, uint32_t flags)
{
    uint8_t value[4];
    write_u32(value, flags);
    stun_writer_attribute(writer, STUN_CHANGE_REQUEST, value, sizeof value);
}

void stun_write_response_port(struct stun_writer *writer, uint16_t port)
{
    uint8_t value[4] = {0}; /* RFC 5780 section 7.5: the value is the port and two bytes of padding */
    write_u16(value, port);
    stun_writer_attribute(writer, STUN_RESPONSE_PORT, value, sizeof value);
}

void stun_write_error_code(struct stun_writer *writer, uint16_t code, const char *phrase)
{
    uint8_t value[4 + PHRASE_BYTES_MAX] = {0, 0, (uint8_t)(code / 100), (uint8_t)(code % 100)};
    size_t len = strnlen(phrase, PHRASE_BYTES_MAX);
    memcpy(value + 4, phrase, len);
    stun_writer_attribute(writer, STUN_ERROR_CODE, value, 4 + len);
}

void stun_write_fingerprint(struct stun_writer *writer)
{
    uint8_t value[4] = {0};
    stun_writer_attribute(writer, STUN_FINGERPRINT, value, sizeof value);
    if (writer->overflow)
        return;
    size_t before = writer->len - STUN_FINGERPRINT_BYTES;
    write_u32(writer->bytes + writer->len - sizeof value, stun_fingerprint(writer->bytes, before));
}
