#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stun/attribute.h"
#include "vectors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static const uint8_t transaction_id[STUN_TRANSACTION_ID_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/* A response on the test's stack with whatever attributes the test adds. */
struct letter {
    uint8_t bytes[1024];
    struct stun_writer writer;
};

static void begin(struct letter *letter, enum stun_class message_class)
{
    stun_writer_begin(&letter->writer, letter->bytes, sizeof letter->bytes, message_class, STUN_BINDING,
                      transaction_id);
}

static struct stun_message sent(struct letter *letter)
{
    struct stun_message message;
    assert_true(stun_writer_finish(&letter->writer) > 0);
    assert_int_equal(stun_message_parse(letter->bytes, letter->writer.len, &message), 0);
    return message;
}

static struct address ipv4(const char *ip, uint16_t port)
{
    struct address address = {.family = 4, .port = port};
    assert_int_equal(inet_pton(AF_INET, ip, address.ip), 1);
    return address;
}

static struct address ipv6(const char *ip, uint16_t port)
{
    struct address address = {.family = 6, .port = port};
    assert_int_equal(inet_pton(AF_INET6, ip, address.ip), 1);
    return address;
}

static void assert_same(const struct address *a, const struct address *b)
{
    assert_int_equal(a->family, b->family);
    assert_int_equal(a->port, b->port);
    assert_memory_equal(a->ip, b->ip, sizeof a->ip);
}

static void reads_the_addresses_of_the_vectors(void **state)
{
    (void)state;
    struct stun_message message;
    struct address mapped, v4 = ipv4("192.0.2.1", 32853), v6 = ipv6("2001:db8:1234:5678:11:2233:4455:6677", 32853);
    assert_int_equal(stun_message_parse(vector_ipv4_response, sizeof vector_ipv4_response, &message), 0);
    assert_int_equal(stun_attribute_xor_address(&message, STUN_XOR_MAPPED_ADDRESS, &mapped), 0);
    assert_same(&mapped, &v4);
    assert_int_equal(stun_message_parse(vector_ipv6_response, sizeof vector_ipv6_response, &message), 0);
    assert_int_equal(stun_attribute_xor_address(&message, STUN_XOR_MAPPED_ADDRESS, &mapped), 0);
    assert_same(&mapped, &v6);
}

static void writes_xor_addresses_as_in_the_vectors(void **state)
{
    (void)state;
    uint8_t bytes[128];
    memcpy(bytes, vector_ipv6_response, 36); /* the header and SOFTWARE */
    struct stun_writer writer = {.bytes = bytes, .capacity = sizeof bytes, .len = 36};
    struct address v6 = ipv6("2001:db8:1234:5678:11:2233:4455:6677", 32853);
    stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, &v6);
    assert_memory_equal(bytes + 36, vector_ipv6_response + 36, 24);
    memcpy(bytes, vector_ipv4_response, 36);
    writer.len = 36;
    struct address v4 = ipv4("192.0.2.1", 32853);
    stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, &v4);
    assert_memory_equal(bytes + 36, vector_ipv4_response + 36, 12);
}

/* What an RFC 3489 server says to a request of RFC 8489: it takes cookie and transaction id for one id and echoes both.
 */
static void reads_a_legacy_answer(void **state)
{
    (void)state;
    static const uint8_t answer[] = {0x01, 0x01, 0x00, 0x24, 0x21, 0x12, 0xA4, 0x42, 1,    2,    3,    4,    5,    6,
                                     7,    8,    9,    10,   11,   12,   0x00, 0x01, 0x00, 0x08, 0x00, 0x01, 0x13, 0xC4,
                                     203,  0,    113,  2,    0x00, 0x04, 0x00, 0x08, 0x00, 0x01, 0x0D, 0x96, 203,  0,
                                     113,  10,   0x00, 0x05, 0x00, 0x08, 0x00, 0x01, 0x0D, 0x97, 203,  0,    113,  11};
    struct stun_message message;
    assert_int_equal(stun_message_parse(answer, sizeof answer, &message), 0);
    assert_memory_equal(message.transaction_id, transaction_id, sizeof transaction_id);
    struct address address, mapped = ipv4("203.0.113.2", 5060), source = ipv4("203.0.113.10", 3478),
                            changed = ipv4("203.0.113.11", 3479);
    assert_int_equal(stun_attribute_address(&message, STUN_MAPPED_ADDRESS, &address), 0);
    assert_same(&address, &mapped);
    assert_int_equal(stun_attribute_address(&message, STUN_SOURCE_ADDRESS, &address), 0);
    assert_same(&address, &source);
    assert_int_equal(stun_attribute_address(&message, STUN_CHANGED_ADDRESS, &address), 0);
    assert_same(&address, &changed);
    assert_int_equal(stun_attribute_address(&message, STUN_OTHER_ADDRESS, &address), -ENOENT);
    assert_same(&address, &changed);
    assert_int_equal(stun_attribute_unknown(&message), 0);
}

static void plain_addresses_come_back(void **state)
{
    (void)state;
    struct letter letter;
    struct address other = ipv4("203.0.113.11", 3479), origin = ipv6("2001:db8::a", 3478), read;
    begin(&letter, STUN_SUCCESS);
    stun_write_address(&letter.writer, STUN_OTHER_ADDRESS, &other);
    stun_write_address(&letter.writer, STUN_RESPONSE_ORIGIN, &origin);
    struct stun_message message = sent(&letter);
    assert_int_equal(stun_attribute_address(&message, STUN_OTHER_ADDRESS, &read), 0);
    assert_same(&read, &other);
    assert_int_equal(stun_attribute_address(&message, STUN_RESPONSE_ORIGIN, &read), 0);
    assert_same(&read, &origin);
}

static void refuses_malformed_addresses(void **state)
{
    (void)state;
    static const uint8_t value[20] = {0, 1, 0x13, 0xC4, 203, 0, 113, 2};
    static const struct {
        size_t len;
        uint8_t family;
    } cases[] = {{0, 1}, {1, 1}, {3, 1}, {4, 1}, {7, 1}, {9, 1}, {20, 1}, {8, 2}, {19, 2}, {8, 0}, {8, 3}, {8, 0xFF}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct letter letter;
        uint8_t bad[20];
        memcpy(bad, value, sizeof bad);
        bad[1] = cases[i].family;
        begin(&letter, STUN_SUCCESS);
        stun_writer_attribute(&letter.writer, STUN_XOR_MAPPED_ADDRESS, bad, cases[i].len);
        struct stun_message message = sent(&letter);
        struct address address = {.port = 77};
        assert_int_equal(stun_attribute_xor_address(&message, STUN_XOR_MAPPED_ADDRESS, &address), -EBADMSG);
        assert_int_equal(stun_attribute_address(&message, STUN_XOR_MAPPED_ADDRESS, &address), -EBADMSG);
        assert_int_equal(address.port, 77);
    }
}

static void the_first_of_equal_attributes_counts(void **state)
{
    (void)state;
    struct letter letter;
    struct address first = ipv4("203.0.113.2", 1), second = ipv4("203.0.113.3", 2), read;
    begin(&letter, STUN_SUCCESS);
    stun_write_xor_address(&letter.writer, STUN_XOR_MAPPED_ADDRESS, &first);
    stun_write_xor_address(&letter.writer, STUN_XOR_MAPPED_ADDRESS, &second);
    struct stun_message message = sent(&letter);
    assert_int_equal(stun_attribute_xor_address(&message, STUN_XOR_MAPPED_ADDRESS, &read), 0);
    assert_same(&read, &first);
}

static void what_follows_the_integrity_is_ignored(void **state)
{
    (void)state;
    struct letter letter;
    struct address forged = ipv4("192.0.2.66", 6), read;
    uint8_t digest[32] = {0};
    uint32_t number = 0;
    begin(&letter, STUN_SUCCESS);
    stun_writer_attribute(&letter.writer, STUN_MESSAGE_INTEGRITY, digest, 20);
    stun_write_xor_address(&letter.writer, STUN_XOR_MAPPED_ADDRESS, &forged);
    stun_writer_attribute(&letter.writer, 0x7777, NULL, 0);
    stun_writer_attribute(&letter.writer, STUN_MESSAGE_INTEGRITY_SHA256, digest, 32);
    stun_write_change_request(&letter.writer, 6);
    stun_write_fingerprint(&letter.writer);
    struct stun_message message = sent(&letter);
    const uint8_t *value = NULL;
    size_t len = 0;
    assert_int_equal(stun_attribute_xor_address(&message, STUN_XOR_MAPPED_ADDRESS, &read), -ENOENT);
    assert_int_equal(stun_attribute_unknown(&message), 0);
    assert_int_equal(stun_attribute_find(&message, STUN_MESSAGE_INTEGRITY_SHA256, &value, &len), 0);
    assert_int_equal(len, 32);
    assert_int_equal(stun_attribute_u32(&message, STUN_CHANGE_REQUEST, &number), -ENOENT);
    assert_int_equal(stun_attribute_u32(&message, STUN_FINGERPRINT, &number), 0);
}

static void names_the_unknown_required_attribute(void **state)
{
    (void)state;
    struct letter letter;
    begin(&letter, STUN_SUCCESS);
    stun_writer_attribute(&letter.writer, 0xC001, "vendor", 6); /* optional: may be unknown */
    struct stun_message message = sent(&letter);
    assert_int_equal(stun_attribute_unknown(&message), 0);
    stun_writer_attribute(&letter.writer, 0x7001, "demand", 6);
    stun_writer_attribute(&letter.writer, 0x7002, NULL, 0);
    message = sent(&letter);
    assert_int_equal(stun_attribute_unknown(&message), 0x7001);
}

static void error_codes_within_the_range_only(void **state)
{
    (void)state;
    static const struct {
        uint8_t value[4];
        size_t len;
        int error;
        uint16_t code;
    } cases[] = {{{0, 0, 4, 1}, 4, 0, 401},       {{0, 0, 6, 99}, 4, 0, 699},     {{0xFF, 0xFF, 0xFB, 0}, 4, 0, 300},
                 {{0, 0, 2, 99}, 4, -EBADMSG, 0}, {{0, 0, 7, 0}, 4, -EBADMSG, 0}, {{0, 0, 4, 100}, 4, -EBADMSG, 0},
                 {{0, 0, 4, 20}, 3, -EBADMSG, 0}, {{0, 0, 4, 20}, 0, -EBADMSG, 0}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct letter letter;
        begin(&letter, STUN_ERROR);
        stun_writer_attribute(&letter.writer, STUN_ERROR_CODE, cases[i].value, cases[i].len);
        struct stun_message message = sent(&letter);
        uint16_t code = 0;
        assert_int_equal(stun_attribute_error_code(&message, &code), cases[i].error);
        assert_int_equal(code, cases[i].code);
    }
}

static void error_codes_come_back(void **state)
{
    (void)state;
    struct letter letter;
    uint16_t code = 0;
    begin(&letter, STUN_ERROR);
    stun_write_error_code(&letter.writer, 438, "Stale Nonce");
    struct stun_message message = sent(&letter);
    assert_int_equal(stun_attribute_error_code(&message, &code), 0);
    assert_int_equal(code, 438);
    assert_int_equal(message.len, STUN_HEADER_BYTES + 4 + 16);
}

static void requests_of_rfc_5780_byte_by_byte(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x00, 0x01, 0x00, 0x10, 0x21, 0x12, 0xA4, 0x42, 1,    2,    3,    4,
                                       5,    6,    7,    8,    9,    10,   11,   12,   0x00, 0x03, 0x00, 0x04,
                                       0x00, 0x00, 0x00, 0x04, 0x00, 0x27, 0x00, 0x04, 0x13, 0xC4, 0x00, 0x00};
    struct letter letter;
    begin(&letter, STUN_REQUEST);
    stun_write_change_request(&letter.writer, STUN_CHANGE_IP);
    stun_write_response_port(&letter.writer, 5060);
    assert_int_equal(stun_writer_finish(&letter.writer), sizeof expected);
    assert_memory_equal(letter.bytes, expected, sizeof expected);
}

static void numbers_are_four_bytes(void **state)
{
    (void)state;
    struct stun_message message;
    uint32_t number = 0;
    assert_int_equal(stun_message_parse(vector_request, sizeof vector_request, &message), 0);
    assert_int_equal(stun_attribute_u32(&message, 0x0024, &number), 0);
    assert_int_equal(number, 0x6E0001FF);
    assert_int_equal(stun_attribute_u32(&message, 0x8029, &number), -EBADMSG);
    assert_int_equal(stun_attribute_u32(&message, STUN_CHANGE_REQUEST, &number), -ENOENT);
    assert_int_equal(number, 0x6E0001FF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_addresses_of_the_vectors),
        cmocka_unit_test(writes_xor_addresses_as_in_the_vectors),
        cmocka_unit_test(reads_a_legacy_answer),
        cmocka_unit_test(plain_addresses_come_back),
        cmocka_unit_test(refuses_malformed_addresses),
        cmocka_unit_test(the_first_of_equal_attributes_counts),
        cmocka_unit_test(what_follows_the_integrity_is_ignored),
        cmocka_unit_test(names_the_unknown_required_attribute),
        cmocka_unit_test(error_codes_within_the_range_only),
        cmocka_unit_test(error_codes_come_back),
        cmocka_unit_test(requests_of_rfc_5780_byte_by_byte),
        cmocka_unit_test(numbers_are_four_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
