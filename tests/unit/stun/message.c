#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stun/attribute.h"
#include "stun/message.h"
#include "vectors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t transaction_id[STUN_TRANSACTION_ID_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/* Parses a copy on the heap of exactly `len` bytes, so that the sanitizer sees a read past the end. */
static int parse_copy(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    struct stun_message message;
    int error = stun_message_parse(copy, len, &message);
    free(copy);
    return error;
}

static void parses_every_vector(void **state)
{
    (void)state;
    struct stun_message message;
    assert_int_equal(stun_message_parse(vector_request, sizeof vector_request, &message), 0);
    assert_int_equal(message.method, STUN_BINDING);
    assert_int_equal(message.message_class, STUN_REQUEST);
    assert_int_equal(message.len, sizeof vector_request);
    assert_memory_equal(message.transaction_id, vector_request + 8, STUN_TRANSACTION_ID_BYTES);
    assert_int_equal(stun_message_parse(vector_ipv4_response, sizeof vector_ipv4_response, &message), 0);
    assert_int_equal(message.message_class, STUN_SUCCESS);
    assert_int_equal(stun_message_parse(vector_ipv6_response, sizeof vector_ipv6_response, &message), 0);
    assert_int_equal(stun_message_parse(vector_long_term_request, sizeof vector_long_term_request, &message), 0);
}

static void refuses_what_is_cut_short_at_every_byte(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof vector_request; len++)
        assert_int_equal(parse_copy(vector_request, len), -EBADMSG);
    assert_int_equal(parse_copy(vector_request, sizeof vector_request), 0);
}

static void ignores_trailing_junk(void **state)
{
    (void)state;
    uint8_t bytes[sizeof vector_request + 5] = {0};
    memcpy(bytes, vector_request, sizeof vector_request);
    struct stun_message message;
    assert_int_equal(stun_message_parse(bytes, sizeof bytes, &message), 0);
    assert_int_equal(message.len, sizeof vector_request);
}

static void any_flipped_bit_breaks_the_fingerprint(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < sizeof vector_ipv4_response * 8; bit++) {
        uint8_t bytes[sizeof vector_ipv4_response];
        memcpy(bytes, vector_ipv4_response, sizeof bytes);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct stun_message message;
        uint32_t fingerprint = 0;
        if (stun_message_parse(bytes, sizeof bytes, &message) == 0) /* only when the flip made it something else */
            assert_int_equal(stun_attribute_u32(&message, STUN_FINGERPRINT, &fingerprint), -ENOENT);
    }
}

static void refuses_lengths_that_lie(void **state)
{
    (void)state;
    static const uint8_t header[STUN_HEADER_BYTES] = {0x01, 0x01, 0x00, 0x08, 0x21, 0x12, 0xA4, 0x42};
    static const struct {
        const char *why;
        uint8_t body_len, attributes[8];
        int error;
    } cases[] = {
        {"fits", 8, {0x80, 0x22, 0, 4, 'a', 'b', 'c', 'd'}, 0},
        {"padding is part of it", 8, {0x80, 0x22, 0, 1, 'a', 0xFF, 0xFF, 0xFF}, 0},
        {"two empty attributes", 8, {0x80, 0x22, 0, 0, 0x80, 0x23, 0, 0}, 0},
        {"header says less", 4, {0x80, 0x22, 0, 4, 'a', 'b', 'c', 'd'}, -EBADMSG},
        {"header says more", 12, {0x80, 0x22, 0, 4, 'a', 'b', 'c', 'd'}, -EBADMSG},
        {"header says no multiple of four", 6, {0x80, 0x22, 0, 1, 'a', 'b', 'c', 'd'}, -EBADMSG},
        {"value one too long", 8, {0x80, 0x22, 0, 5, 'a', 'b', 'c', 'd'}, -EBADMSG},
        {"value far too long", 8, {0x80, 0x22, 0xFF, 0xFF, 'a', 'b', 'c', 'd'}, -EBADMSG},
        {"second attribute without room", 8, {0x80, 0x22, 0, 0, 0x80, 0x22, 0, 1}, -EBADMSG},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t bytes[STUN_HEADER_BYTES + 8];
        memcpy(bytes, header, sizeof header);
        bytes[3] = cases[i].body_len;
        memcpy(bytes + sizeof header, cases[i].attributes, 8);
        if (parse_copy(bytes, sizeof bytes) != cases[i].error)
            fail_msg("%s", cases[i].why);
    }
}

static void leaves_out_alone_when_it_refuses(void **state)
{
    (void)state;
    struct stun_message message = {.method = 7};
    assert_int_equal(stun_message_parse(vector_request, 30, &message), -EBADMSG);
    assert_int_equal(message.method, 7);
}

static void fingerprint_comes_last(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_REQUEST, STUN_BINDING, transaction_id);
    stun_write_fingerprint(&writer);
    assert_int_equal(parse_copy(bytes, writer.len), 0);
    stun_writer_attribute(&writer, STUN_SOFTWARE, "late", 4);
    assert_int_equal(parse_copy(bytes, writer.len), -EBADMSG);
}

static void knows_stun_by_bits_and_cookie(void **state)
{
    (void)state;
    assert_true(stun_message_is_stun(vector_request, sizeof vector_request));
    assert_false(stun_message_is_stun(vector_request, STUN_HEADER_BYTES - 1));
    uint8_t other[STUN_HEADER_BYTES];
    memcpy(other, vector_request, sizeof other);
    other[0] = 0x80; /* RTP */
    assert_false(stun_message_is_stun(other, sizeof other));
    memcpy(other, vector_request, sizeof other);
    other[4] ^= 1; /* RFC 3489: no cookie */
    assert_false(stun_message_is_stun(other, sizeof other));
    assert_false(stun_message_is_stun((const uint8_t *)"OPTIONS sip:a@b.example SIP/2.0\r\n", 33));
}

static void methods_and_classes_come_back(void **state)
{
    (void)state;
    static const enum stun_method methods[] = {STUN_BINDING, STUN_ALLOCATE,        STUN_REFRESH,
                                               STUN_CONNECT, STUN_CONNECTION_BIND, STUN_CONNECTION_ATTEMPT};
    for (size_t i = 0; i < ARRAY_LEN(methods); i++)
        for (unsigned message_class = STUN_REQUEST; message_class <= STUN_ERROR; message_class++) {
            uint8_t bytes[STUN_HEADER_BYTES];
            struct stun_writer writer;
            struct stun_message message;
            stun_writer_begin(&writer, bytes, sizeof bytes, (enum stun_class)message_class, methods[i], transaction_id);
            assert_int_equal(stun_writer_finish(&writer), STUN_HEADER_BYTES);
            assert_int_equal(stun_message_parse(bytes, sizeof bytes, &message), 0);
            assert_int_equal(message.method, methods[i]);
            assert_int_equal(message.message_class, message_class);
        }
    uint8_t attempt[STUN_HEADER_BYTES];
    struct stun_writer writer;
    stun_writer_begin(&writer, attempt, sizeof attempt, STUN_ERROR, STUN_CONNECT, transaction_id);
    assert_int_equal(attempt[0] << 8 | attempt[1], 0x011A); /* RFC 6062 section 6.3 */
}

static void padding_is_zero_and_not_counted(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 8; len++) {
        uint8_t bytes[64];
        memset(bytes, 0xEE, sizeof bytes);
        struct stun_writer writer;
        stun_writer_begin(&writer, bytes, sizeof bytes, STUN_REQUEST, STUN_BINDING, transaction_id);
        stun_writer_attribute(&writer, STUN_SOFTWARE, "abcdefgh", len);
        size_t end = STUN_HEADER_BYTES + 4 + (len + 3) / 4 * 4;
        assert_int_equal(stun_writer_finish(&writer), end);
        assert_int_equal(bytes[3], end - STUN_HEADER_BYTES);
        assert_int_equal(bytes[STUN_HEADER_BYTES + 3], len);
        for (size_t i = STUN_HEADER_BYTES + 4 + len; i < end; i++)
            assert_int_equal(bytes[i], 0);
        assert_int_equal(bytes[end], 0xEE);
    }
}

static void overflow_is_remembered(void **state)
{
    (void)state;
    uint8_t bytes[STUN_HEADER_BYTES + 8];
    for (size_t capacity = 0; capacity < sizeof bytes; capacity++) {
        struct stun_writer writer;
        stun_writer_begin(&writer, bytes, capacity, STUN_REQUEST, STUN_BINDING, transaction_id);
        stun_write_change_request(&writer, STUN_CHANGE_IP);
        assert_int_equal(stun_writer_finish(&writer), -EMSGSIZE);
        stun_write_fingerprint(&writer);
        assert_int_equal(stun_writer_finish(&writer), -EMSGSIZE);
    }
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_REQUEST, STUN_BINDING, transaction_id);
    stun_write_change_request(&writer, STUN_CHANGE_IP);
    assert_int_equal(stun_writer_finish(&writer), sizeof bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_every_vector),           cmocka_unit_test(refuses_what_is_cut_short_at_every_byte),
        cmocka_unit_test(ignores_trailing_junk),         cmocka_unit_test(any_flipped_bit_breaks_the_fingerprint),
        cmocka_unit_test(refuses_lengths_that_lie),      cmocka_unit_test(leaves_out_alone_when_it_refuses),
        cmocka_unit_test(fingerprint_comes_last),        cmocka_unit_test(knows_stun_by_bits_and_cookie),
        cmocka_unit_test(methods_and_classes_come_back), cmocka_unit_test(padding_is_zero_and_not_counted),
        cmocka_unit_test(overflow_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
