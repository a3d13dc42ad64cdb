#include "sweep/tcp_ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define UDP_PORTS 2u
#define TCP_PORTS 5u

static const struct plan plan = {.family = 4, .live = true, .seed = 7};

static struct tcp_ports make(void)
{
    struct tcp_ports ports;
    struct report *report = report_create(UDP_PORTS + TCP_PORTS, 0);
    assert_non_null(report);
    for (uint32_t i = 0; i < UDP_PORTS + TCP_PORTS; i++) {
        report->ports[i].transport = i < UDP_PORTS ? TRANSPORT_UDP : TRANSPORT_TCP;
        report->ports[i].verdict = VERDICT_PASS;
    }
    assert_int_equal(tcp_ports_init(&ports, &plan, report), 0);
    return ports;
}

static void end(struct tcp_ports *ports)
{
    for (uint32_t i = 0; i < UDP_PORTS; i++)
        assert_int_equal(tcp_ports_at(ports, i)->verdict, VERDICT_PASS); /* none of its business */
    report_free(ports->report);
    tcp_ports_free(ports);
}

static void each_port_is_taken_once(void **state)
{
    (void)state;
    struct tcp_ports ports = make();
    bool taken[UDP_PORTS + TCP_PORTS] = {false};
    for (uint32_t left = TCP_PORTS; left > 0; left--) {
        assert_int_equal(tcp_ports_left(&ports), left);
        uint32_t index = tcp_ports_take(&ports);
        assert_in_range(index, UDP_PORTS, UDP_PORTS + TCP_PORTS - 1);
        assert_false(taken[index]);
        taken[index] = true;
    }
    assert_int_equal(tcp_ports_take(&ports), TCP_PORTS_NONE);
    end(&ports);
}

static void what_is_put_back_comes_first(void **state)
{
    (void)state;
    struct tcp_ports ports = make();
    uint32_t index = tcp_ports_take(&ports);
    tcp_ports_put_back(&ports, index);
    assert_int_equal(tcp_ports_left(&ports), TCP_PORTS);
    assert_int_equal(tcp_ports_take(&ports), index);
    end(&ports);
}

static void a_verdict_says_what_it_proves(void **state)
{
    (void)state;
    static const struct {
        enum verdict verdict;
        enum reason reason;
        enum tri reached, inbound;
    } rows[TCP_PORTS] = {{VERDICT_PASS, REASON_NONE, TRI_YES, TRI_YES},
                         {VERDICT_WRONG_HOST, REASON_NONE, TRI_YES, TRI_NO},
                         {VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT, TRI_YES, TRI_UNKNOWN},
                         {VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR, TRI_UNKNOWN, TRI_UNKNOWN},
                         {VERDICT_IN_USE, REASON_NONE, TRI_UNKNOWN, TRI_UNKNOWN}};
    struct tcp_ports ports = make();
    for (uint32_t i = 0; i < TCP_PORTS; i++) {
        tcp_ports_judge(&ports, UDP_PORTS + i, rows[i].verdict, rows[i].reason);
        assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + i)->verdict, rows[i].verdict);
        assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + i)->reached, rows[i].reached);
        assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + i)->inbound, rows[i].inbound);
    }
    assert_int_equal(ports.done, TCP_PORTS);
    end(&ports);
}

static void the_rest_is_what_has_no_verdict(void **state)
{
    (void)state;
    struct tcp_ports ports = make();
    tcp_ports_judge(&ports, UDP_PORTS, VERDICT_PASS, REASON_NONE);
    tcp_ports_judge_rest(&ports, VERDICT_UNREACHABLE, REASON_TIMEOUT, TRI_NO);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS)->verdict, VERDICT_PASS);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 1)->verdict, VERDICT_UNREACHABLE);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 1)->reached, TRI_NO);
    assert_int_equal(ports.done, TCP_PORTS);
    end(&ports);
}

static void only_failures_are_doubted(void **state)
{
    (void)state;
    struct tcp_ports ports = make();
    tcp_ports_judge(&ports, UDP_PORTS, VERDICT_PASS, REASON_NONE);
    assert_false(tcp_ports_some_failed(&ports));
    tcp_ports_judge(&ports, UDP_PORTS + 1, VERDICT_WRONG_HOST, REASON_NONE);
    assert_true(tcp_ports_some_failed(&ports));
    tcp_ports_judge(&ports, UDP_PORTS + 2, VERDICT_CLOSED, REASON_TIMEOUT);
    tcp_ports_doubt_failures(&ports, REASON_SCAN_PROTECTION);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS)->verdict, VERDICT_PASS);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 1)->verdict, VERDICT_WRONG_HOST);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 2)->verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 2)->reason, REASON_SCAN_PROTECTION);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 2)->inbound, TRI_UNKNOWN);
    end(&ports);
}

static void what_is_tried_again_is_told_by_its_verdict(void **state)
{
    (void)state;
    static const uint16_t numbers[TCP_PORTS] = {5000, 5001, 5060, 5061, 5090};
    static const enum verdict verdicts[TCP_PORTS] = {VERDICT_PASS, VERDICT_PASS, VERDICT_REFUSED, VERDICT_PASS,
                                                     VERDICT_CLOSED};
    struct tcp_ports ports = make();
    for (uint32_t i = 0; i < TCP_PORTS; i++) {
        tcp_ports_at(&ports, UDP_PORTS + i)->port = numbers[i];
        (void)tcp_ports_take(&ports);
    }
    for (uint32_t i = 0; i < TCP_PORTS; i++)
        tcp_ports_judge(&ports, UDP_PORTS + i, verdicts[i],
                        verdicts[i] == VERDICT_CLOSED ? REASON_TIMEOUT : REASON_NONE);
    tcp_ports_put_back_nearest(&ports);
    assert_int_equal(tcp_ports_at(&ports, tcp_ports_take(&ports))->port, 5061);
    assert_true(tcp_ports_put_back_turned_away(&ports));
    assert_int_equal(tcp_ports_at(&ports, tcp_ports_take(&ports))->port, 5060);
    tcp_ports_put_back_answered(&ports, UDP_PORTS);
    assert_int_equal(tcp_ports_left(&ports), 3);
    while (tcp_ports_left(&ports) > 0)
        assert_in_range(tcp_ports_at(&ports, tcp_ports_take(&ports))->port, 5001, 5061);
    assert_true(tcp_ports_put_back_silent(&ports));
    assert_int_equal(ports.done, TCP_PORTS - 1);
    assert_int_equal(tcp_ports_at(&ports, UDP_PORTS + 4)->verdict, VERDICT_NOT_TESTED);
    end(&ports);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_port_is_taken_once),       cmocka_unit_test(what_is_put_back_comes_first),
        cmocka_unit_test(a_verdict_says_what_it_proves), cmocka_unit_test(the_rest_is_what_has_no_verdict),
        cmocka_unit_test(only_failures_are_doubted),     cmocka_unit_test(what_is_tried_again_is_told_by_its_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
