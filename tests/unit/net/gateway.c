#include "net/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"

/* What gateway_find says of a table, in a /proc of the test's own. */
static int find_in(const char *table, struct address *gateway)
{
    char proc[] = "/tmp/natsweep-gateway-XXXXXX", folder[64], path[80];
    assert_non_null(mkdtemp(proc));
    (void)snprintf(folder, sizeof folder, "%s/net", proc);
    (void)snprintf(path, sizeof path, "%s/route", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(table, file);
    (void)fclose(file);
    int rc = gateway_find(proc, gateway);
    (void)unlink(path);
    (void)rmdir(folder);
    (void)rmdir(proc);
    return rc;
}

/* An address as the kernel prints it there. */
static const char *shown(uint8_t a, uint8_t b, uint8_t c, uint8_t d, char text[16])
{
    uint8_t bytes[4] = {a, b, c, d};
    uint32_t number;
    memcpy(&number, bytes, sizeof number);
    (void)snprintf(text, 16, "%08X", number);
    return text;
}

static void the_default_route_with_the_lowest_metric_counts(void **state)
{
    (void)state;
    char table[1024], far[16], near[16], net[16];
    static const struct address expected = {.family = 4, .ip = {192, 168, 77, 1}};
    struct address gateway;
    (void)snprintf(table, sizeof table,
                   HEAD "eth1\t00000000\t%s\t0003\t0\t0\t200\t00000000\t0\t0\t0\n"
                        "eth0\t00000000\t%s\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                        "eth0\t%s\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
                   shown(10, 0, 0, 1, far), shown(192, 168, 77, 1, near), shown(192, 168, 77, 0, net));
    assert_int_equal(find_in(table, &gateway), 0);
    assert_true(address_equal(&gateway, &expected));
}

static void without_a_gateway_there_is_none(void **state)
{
    (void)state;
    struct address gateway;
    assert_int_equal(find_in(HEAD, &gateway), -ENOENT);
    assert_int_equal(find_in(HEAD "ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", &gateway), -ENOENT);
    assert_int_equal(find_in(HEAD "eth0\t00000000\n\n", &gateway), -ENOENT);
    assert_int_equal(gateway_find("/nonexistent", &gateway), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_route_with_the_lowest_metric_counts),
        cmocka_unit_test(without_a_gateway_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
