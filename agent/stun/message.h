/* STUN messages (RFC 8489 section 5 and 14): reading and writing. Pure; reads are bounds-checked. */
#ifndef STUN_MESSAGE_H
#define STUN_MESSAGE_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STUN_HEADER_BYTES 20
#define STUN_MAGIC_COOKIE 0x2112A442u
#define STUN_TRANSACTION_ID_BYTES 12
#define STUN_MESSAGE_BYTES_MAX 1500

enum stun_method {
    STUN_BINDING = 0x001,
    STUN_ALLOCATE = 0x003,
    STUN_REFRESH = 0x004,
    STUN_CONNECT = 0x00A,
    STUN_CONNECTION_BIND = 0x00B,
    STUN_CONNECTION_ATTEMPT = 0x00C
};
enum stun_class { STUN_REQUEST = 0, STUN_INDICATION = 1, STUN_SUCCESS = 2, STUN_ERROR = 3 };

/* A message somebody else owns: checked by stun_message_parse, then read through the functions of attribute.h. */
struct stun_message {
    const uint8_t *bytes;
    size_t len; /* of header and attributes, without trailing junk */
    uint16_t method;
    uint8_t message_class; /* enum stun_class */
    uint8_t transaction_id[STUN_TRANSACTION_ID_BYTES];
};

/* Checks header, length and that the attributes tile the body exactly. Returns 0, or -EBADMSG when it is no well-formed
 * RFC 8489 message (a bad FINGERPRINT included). */
int stun_message_parse(const uint8_t *bytes, size_t len, struct stun_message *message) MUST_CHECK;

/* Whether bytes look like STUN at all (first two bits, cookie): what is not is somebody else's packet and no answer. */
bool stun_message_is_stun(const uint8_t *bytes, size_t len);

/* One attribute where it lies in its message. */
struct stun_attribute_view {
    uint16_t type;
    const uint8_t *value;
    size_t len; /* without the padding */
};

/* Walks the attributes in their order; *offset starts at STUN_HEADER_BYTES. Returns 1 with the next one filled in, 0
 * after the last, -EBADMSG when it does not fit into what is left (never, in a parsed message). */
int stun_message_next(const struct stun_message *message, size_t *offset, struct stun_attribute_view *out) MUST_CHECK;

/* A message being written. An overflow is remembered and reported by stun_writer_finish. */
struct stun_writer {
    uint8_t *bytes;
    size_t capacity, len;
    bool overflow;
};

void stun_writer_begin(struct stun_writer *writer, uint8_t *bytes, size_t capacity, enum stun_class message_class,
                       enum stun_method method, const uint8_t transaction_id[STUN_TRANSACTION_ID_BYTES]);
/* Appends an attribute, padded to 4 bytes, and updates the length in the header. */
void stun_writer_attribute(struct stun_writer *writer, uint16_t type, const void *value, size_t len);
/* Returns the message's length or -EMSGSIZE. */
int stun_writer_finish(struct stun_writer *writer) MUST_CHECK;

#endif
