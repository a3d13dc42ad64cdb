#include "net/dns_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

static void test_reply_codes(void **state)
{
    const uint8_t query[12] = {0x12, 0x34, 0x01};
    uint8_t reply[12] = {0x12, 0x34, 0x81, 0x82};

    (void)state;
    assert_int_equal(dns_reply_code(query, sizeof query, reply, sizeof reply), 2);
    reply[3] = 0x83;
    assert_int_equal(dns_reply_code(query, sizeof query, reply, sizeof reply), 3);
    assert_int_equal(dns_reply_code(query, sizeof query, reply, 11), -EBADMSG);
    reply[2] = 0x01; /* a query, not a reply */
    assert_int_equal(dns_reply_code(query, sizeof query, reply, sizeof reply), -EBADMSG);
    reply[2] = 0x81, reply[0] = 0x13; /* to another question */
    assert_int_equal(dns_reply_code(query, sizeof query, reply, sizeof reply), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reply_codes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
