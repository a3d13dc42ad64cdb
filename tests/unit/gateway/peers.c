#include "gateway/peers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct route route(uint8_t number)
{
    return (struct route){.id = {0, 0, 0, 0, number}};
}

/* A hello of `instance` of agent 1 by connection `number`. */
static int hello(struct peers *peers, uint8_t number, uint64_t instance)
{
    struct peer *peer;
    struct route by = route(number);
    int arrival = peers_hello(peers, 1, &by, instance, 1000, &peer);
    assert_true(route_equal(&peer->route, &by));
    return arrival;
}

static void the_newest_route_wins(void **state)
{
    (void)state;
    struct peers *peers = peers_create();
    assert_int_equal(hello(peers, 1, 100), PEER_NEW);
    assert_int_equal(hello(peers, 2, 100), PEER_RETURNED);
    assert_int_equal(hello(peers, 3, 101), PEER_RESTARTED);
    struct route newest = route(3);
    assert_true(route_equal(&peers_find(peers, 1)->route, &newest));
    assert_int_equal(peers_count(peers), 1);
    peers_destroy(peers);
}

static void who_is_put_off_again_waits_longer(void **state)
{
    (void)state;
    struct peer peer = {.agent_id = 1};
    uint64_t now_us = 1000;
    const uint32_t least_ms[] = {1000, 2000, 4000, 8000, 16000, 16000};
    for (size_t i = 0; i < sizeof least_ms / sizeof *least_ms; i++) {
        assert_int_equal(peer_put_off(&peer, now_us, 0), least_ms[i]);
        assert_int_equal(peer_put_off(&peer, now_us + least_ms[i] * 1000 - 1, 0), 0); /* it knows */
        now_us += least_ms[i] * 1000;
    }
    peer_takes_credit(&peer);
    assert_int_equal(peer_put_off(&peer, now_us, 1999), 2999);
}

static void credit_never_falls_below_nothing(void **state)
{
    (void)state;
    struct peer peer = {.agent_id = 1};
    peer_gives_back_credit(&peer);
    assert_int_equal(peer.reports_out, 0);
    peer_takes_credit(&peer);
    peer_takes_credit(&peer);
    peer_gives_back_credit(&peer);
    assert_int_equal(peer.reports_out, 1);
}

static void restarts_are_no_clone(void **state)
{
    (void)state;
    struct peers *peers = peers_create();
    (void)hello(peers, 1, 1);
    for (uint64_t instance = 2; instance < 20; instance++)
        assert_int_equal(hello(peers, 2, instance), PEER_RESTARTED);
    peers_destroy(peers);
}

static void one_alternation_is_no_clone(void **state)
{
    (void)state;
    struct peers *peers = peers_create();
    (void)hello(peers, 1, 100);
    assert_int_equal(hello(peers, 2, 200), PEER_RESTARTED);
    assert_int_equal(hello(peers, 3, 100), PEER_RESTARTED);
    assert_int_equal(hello(peers, 4, 100), PEER_RETURNED);
    peers_destroy(peers);
}

static void taking_turns_is_a_clone_told_once(void **state)
{
    (void)state;
    struct peers *peers = peers_create();
    (void)hello(peers, 1, 100);
    (void)hello(peers, 2, 200);
    (void)hello(peers, 3, 100);
    assert_int_equal(hello(peers, 4, 200), PEER_CLONE);
    assert_int_equal(hello(peers, 5, 100), PEER_RESTARTED);
    assert_int_equal(hello(peers, 6, 300), PEER_RESTARTED);
    assert_int_equal(hello(peers, 7, 100), PEER_RESTARTED);
    assert_int_equal(hello(peers, 8, 300), PEER_CLONE);
    peers_destroy(peers);
}

static void the_silent_are_found_oldest_first(void **state)
{
    (void)state;
    struct peers *peers = peers_create();
    struct peer *peer[3];
    for (uint8_t i = 0; i < 3; i++) {
        struct route by = route(i);
        assert_int_equal(peers_hello(peers, i + 1, &by, i, 100u + i, &peer[i]), PEER_NEW);
    }
    peers_heard(peers, peer[0], 200);
    assert_null(peers_silent(peers, 101));
    assert_ptr_equal(peers_silent(peers, 150), peer[1]);
    peers_remove(peers, peer[1]);
    assert_ptr_equal(peers_silent(peers, 150), peer[2]);
    peers_remove(peers, peer[2]);
    assert_null(peers_silent(peers, 150));
    assert_null(peers_find(peers, 2));
    assert_ptr_equal(peers_find(peers, 1), peer[0]);
    peers_destroy(peers);
}

static void thousands_of_peers(void **state)
{
    (void)state;
    struct peers *peers = peers_create();
    struct route by = route(1);
    struct peer *peer;
    for (int64_t id = 1; id <= 10000; id++)
        assert_int_equal(peers_hello(peers, id, &by, 1, 1, &peer), PEER_NEW);
    assert_int_equal(peers_count(peers), 10000);
    assert_int_equal(peers_find(peers, 7777)->agent_id, 7777);
    assert_null(peers_find(peers, 10001));
    peers_destroy(peers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_route_wins),
        cmocka_unit_test(who_is_put_off_again_waits_longer),
        cmocka_unit_test(credit_never_falls_below_nothing),
        cmocka_unit_test(restarts_are_no_clone),
        cmocka_unit_test(one_alternation_is_no_clone),
        cmocka_unit_test(taking_turns_is_a_clone_told_once),
        cmocka_unit_test(the_silent_are_found_oldest_first),
        cmocka_unit_test(thousands_of_peers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
