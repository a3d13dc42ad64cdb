#include "net/nat_pmp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

static void the_request_asks_for_the_external_address(void **state)
{
    (void)state;
    uint8_t request[NAT_PMP_REQUEST_BYTES] = {1, 1};
    nat_pmp_write_request(request);
    assert_memory_equal(request, "\0\0", 2);
}

static void the_answer_tells_it(void **state)
{
    (void)state;
    static const uint8_t answer[] = {0, 128, 0, 0, 0, 0, 3, 232, 203, 0, 113, 2};
    static const struct address wan = {.family = 4, .ip = {203, 0, 113, 2}};
    struct address external;
    assert_int_equal(nat_pmp_read(answer, sizeof answer, &external), 0);
    assert_true(address_equal(&external, &wan));
    for (size_t len = 0; len < sizeof answer; len++)
        assert_int_equal(nat_pmp_read(answer, len, &external), -EBADMSG);
}

static void what_is_no_address_has_its_error(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[12];
        int error;
    } rows[] = {
        {{0, 128, 0, 2}, -EREMOTEIO},                         /* not authorized */
        {{0, 128, 0, 3}, -EREMOTEIO},                         /* network failure */
        {{0, 128, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0}, -EREMOTEIO}, /* no uplink */
        {{0, 128, 0, 1}, -EPROTONOSUPPORT},                   /* RFC 6886 section 3.5 */
        {{2, 128, 0, 1}, -EPROTONOSUPPORT},                   /* RFC 6887 appendix A: PCP only */
        {{0, 129, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4}, -EBADMSG},
        {{0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4}, -EBADMSG}, /* a request */
        {{1, 128, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4}, -EBADMSG},
    };
    struct address external;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(nat_pmp_read(rows[i].bytes, sizeof rows[i].bytes, &external), rows[i].error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_asks_for_the_external_address),
        cmocka_unit_test(the_answer_tells_it),
        cmocka_unit_test(what_is_no_address_has_its_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
