#include "net/pcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static const struct address local = {.family = 4, .port = 40000, .ip = {192, 168, 77, 2}};
static const uint8_t nonce[PCP_NONCE_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/* The answer of RFC 6887 figures 3 and 10. */
static void write_answer(uint8_t answer[PCP_MAP_BYTES])
{
    static const uint8_t end[] = {17, 0, 0, 0, 0x9c, 0x40, 0xc3, 0xcb, 0,   0,  0, 0,
                                  0,  0, 0, 0, 0,    0,    0xff, 0xff, 100, 64, 0, 9};
    memset(answer, 0, PCP_MAP_BYTES);
    answer[0] = 2;
    answer[1] = 0x81;
    answer[7] = 30;
    memcpy(answer + 24, nonce, sizeof nonce);
    memcpy(answer + 36, end, sizeof end);
}

static void the_request_is_laid_out_as_the_rfc_says(void **state)
{
    (void)state;
    static const uint8_t expected[PCP_MAP_BYTES] = {2, 1, 0, 0,    0,    1,   0,   30, 0, 0,    0,    0,    0, 0, 0,
                                                    0, 0, 0, 0xff, 0xff, 192, 168, 77, 2, 1,    2,    3,    4, 5, 6,
                                                    7, 8, 9, 10,   11,   12,  17,  0,  0, 0,    0x9c, 0x40, 0, 0, 0,
                                                    0, 0, 0, 0,    0,    0,   0,   0,  0, 0xff, 0xff, 0,    0, 0, 0};
    uint8_t request[PCP_MAP_BYTES];
    pcp_write_map(request, &local, nonce, 65536 + 30);
    assert_memory_equal(request, expected, sizeof expected);
}

static void the_answer_tells_the_external_address(void **state)
{
    (void)state;
    uint8_t answer[PCP_MAP_BYTES];
    static const struct address wan = {.family = 4, .port = 50123, .ip = {100, 64, 0, 9}};
    struct address external;
    write_answer(answer);
    assert_int_equal(pcp_read_map(answer, sizeof answer, &local, nonce, &external), 0);
    assert_true(address_equal(&external, &wan));
    for (size_t len = 0; len < sizeof answer; len++)
        assert_int_equal(pcp_read_map(answer, len, &local, nonce, &external), -EBADMSG);
}

static void an_answer_to_something_else_is_none(void **state)
{
    (void)state;
    static const uint8_t places[] = {0, 1, 24, 35, 36, 40, 54}; /* version, opcode, nonce, protocol, port, IPv6 */
    uint8_t answer[PCP_MAP_BYTES];
    struct address external;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        write_answer(answer);
        answer[places[i]] ^= 1;
        assert_int_equal(pcp_read_map(answer, sizeof answer, &local, nonce, &external), -EBADMSG);
    }
}

static void a_refusal_is_told(void **state)
{
    (void)state;
    uint8_t answer[PCP_MAP_BYTES];
    struct address external;
    write_answer(answer);
    answer[3] = 2;
    assert_int_equal(pcp_read_map(answer, sizeof answer, &local, nonce, &external), -EREMOTEIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_laid_out_as_the_rfc_says),
        cmocka_unit_test(the_answer_tells_the_external_address),
        cmocka_unit_test(an_answer_to_something_else_is_none),
        cmocka_unit_test(a_refusal_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
