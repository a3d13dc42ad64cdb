#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stun/fingerprint.h"
#include "vectors.h"

static void matches_the_crc_check_value(void **state)
{
    (void)state;
    /* The check value that every catalogue of CRCs gives for "123456789". */
    assert_int_equal(stun_fingerprint((const uint8_t *)"123456789", 9) ^ 0x5354554Eu, 0xCBF43926u);
    assert_int_equal(stun_fingerprint(NULL, 0) ^ 0x5354554Eu, 0);
}

static void matches_the_vectors(void **state)
{
    (void)state;
    assert_int_equal(stun_fingerprint(vector_request, sizeof vector_request - STUN_FINGERPRINT_BYTES), 0xE57A3BCFu);
    assert_int_equal(stun_fingerprint(vector_ipv4_response, sizeof vector_ipv4_response - STUN_FINGERPRINT_BYTES),
                     0xC07D4C96u);
    assert_int_equal(stun_fingerprint(vector_ipv6_response, sizeof vector_ipv6_response - STUN_FINGERPRINT_BYTES),
                     0xC8FB0B4Cu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_the_crc_check_value),
        cmocka_unit_test(matches_the_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
