#include "store/port_parts.h"

#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void like_goes_with_like(void **state)
{
    (void)state;
    struct report *report = report_sample(SAMPLE_PARTIAL, "9000-9099/udp,5061/tcp", 1);
    struct port_parts parts;
    assert_int_equal(port_parts_make(report, &parts), 0);
    assert_int_equal(parts.count, 3); /* udp pass, udp closed, tcp pass */
    assert_int_equal(parts.parts[0].count + parts.parts[1].count, 100);
    assert_int_equal(parts.parts[2].count, 1);
    assert_int_equal(parts.order[parts.parts[2].first]->port, 5061);
    port_parts_free(&parts);
    report_free(report);
}

static void check_part(const struct port_parts *parts, size_t number, unsigned char *seen, const struct report *report)
{
    const struct port_part *part = &parts->parts[number];
    for (size_t i = 0; i < part->count; i++) {
        const struct port_result *port = parts->order[part->first + i];
        assert_true(i == 0 || parts->order[part->first + i - 1]->port < port->port);
        assert_int_equal(port->verdict, part->sample->verdict);
        assert_int_equal(port->reason, part->sample->reason);
        assert_int_equal(port->unsolicited, part->sample->unsolicited);
        assert_int_equal(port->live, part->sample->live);
        assert_false(seen[port - report->ports]++);
    }
}

static void every_port_is_in_one_part(void **state)
{
    (void)state;
    unsigned char seen[4000] = {0};
    struct report *report = report_sample(SAMPLE_RANDOM, "1-2000/udp,1-2000/tcp", 9);
    struct port_parts parts;
    assert_int_equal(port_parts_make(report, &parts), 0);
    for (size_t i = 0; i < parts.count; i++)
        check_part(&parts, i, seen, report);
    for (size_t i = 0; i < report->port_count; i++)
        assert_int_equal(seen[i], 1);
    port_parts_free(&parts);
    report_free(report);
}

static void no_ports_no_parts(void **state)
{
    (void)state;
    struct report *report = report_create(0, 0);
    struct port_parts parts;
    assert_int_equal(port_parts_make(report, &parts), 0);
    assert_int_equal(parts.count, 0);
    port_parts_free(&parts);
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_goes_with_like),
        cmocka_unit_test(every_port_is_in_one_part),
        cmocka_unit_test(no_ports_no_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
