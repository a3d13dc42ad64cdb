/* STUN attributes (RFC 8489 section 14, RFC 5780 section 7, RFC 3489 section 11.2): typed reading and writing. Readers
 * return 0, -ENOENT when the attribute is absent, -EBADMSG when it is malformed; `out` is written only on success. The
 * first of several equal attributes counts (RFC 8489 section 14); what follows MESSAGE-INTEGRITY, FINGERPRINT apart, is
 * ignored. */
#ifndef STUN_ATTRIBUTE_H
#define STUN_ATTRIBUTE_H

#include "base/address.h"
#include "base/attributes.h"
#include "stun/message.h"

#include <stddef.h>
#include <stdint.h>

enum stun_attribute {
    STUN_MAPPED_ADDRESS = 0x0001,
    STUN_CHANGE_REQUEST = 0x0003,
    STUN_SOURCE_ADDRESS = 0x0004,  /* RFC 3489 */
    STUN_CHANGED_ADDRESS = 0x0005, /* RFC 3489 */
    STUN_USERNAME = 0x0006,
    STUN_MESSAGE_INTEGRITY = 0x0008,
    STUN_ERROR_CODE = 0x0009,
    STUN_UNKNOWN_ATTRIBUTES = 0x000A,
    STUN_REALM = 0x0014,
    STUN_NONCE = 0x0015,
    STUN_MESSAGE_INTEGRITY_SHA256 = 0x001C,
    STUN_PASSWORD_ALGORITHM = 0x001D,
    STUN_USERHASH = 0x001E,
    STUN_XOR_MAPPED_ADDRESS = 0x0020,
    STUN_PADDING = 0x0026,
    STUN_RESPONSE_PORT = 0x0027,
    STUN_SOFTWARE = 0x8022,
    STUN_ALTERNATE_SERVER = 0x8023,
    STUN_FINGERPRINT = 0x8028,
    STUN_RESPONSE_ORIGIN = 0x802B,
    STUN_OTHER_ADDRESS = 0x802C
};

#define STUN_CHANGE_IP 0x4u
#define STUN_CHANGE_PORT 0x2u

/* The raw value. */
int stun_attribute_find(const struct stun_message *message, uint16_t type, const uint8_t **value,
                        size_t *len) MUST_CHECK;

/* MAPPED-ADDRESS, RESPONSE-ORIGIN, OTHER-ADDRESS, CHANGED-ADDRESS, SOURCE-ADDRESS, ALTERNATE-SERVER. */
int stun_attribute_address(const struct stun_message *message, uint16_t type, struct address *out) MUST_CHECK;
/* XOR-MAPPED-ADDRESS, XOR-RELAYED-ADDRESS, XOR-PEER-ADDRESS. */
int stun_attribute_xor_address(const struct stun_message *message, uint16_t type, struct address *out) MUST_CHECK;
int stun_attribute_u32(const struct stun_message *message, uint16_t type, uint32_t *out) MUST_CHECK;
/* The first comprehension-required attribute (RFC 8489 section 14) that this codec does not know, 0 when there is none:
 * a response that carries one is no answer (section 6.3.3). */
uint16_t stun_attribute_unknown(const struct stun_message *message);
/* 300..699; the reason phrase is ignored: it comes from a stranger. */
int stun_attribute_error_code(const struct stun_message *message, uint16_t *code) MUST_CHECK;

void stun_write_address(struct stun_writer *writer, uint16_t type, const struct address *address);
void stun_write_xor_address(struct stun_writer *writer, uint16_t type, const struct address *address);
void stun_write_change_request(struct stun_writer *writer, uint32_t flags);
void stun_write_response_port(struct stun_writer *writer, uint16_t port);
void stun_write_error_code(struct stun_writer *writer, uint16_t code, const char *phrase);
void stun_write_fingerprint(struct stun_writer *writer);

#endif
