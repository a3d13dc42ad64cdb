#include "sweep/sip_alg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RTT_US UINT64_C(20000)
#define SECOND UINT64_C(1000000)
#define IN_FLIGHT 16

static const struct address local = {.family = 4, .port = 5060, .ip = {192, 168, 77, 2}};
static const struct address echo = {.family = 4, .port = 5060, .ip = {203, 0, 113, 10}};

/* What the way to the echo does, and the echo. */
struct path {
    const char *rewrites; /* an address in requests to port 5060 becomes another; NULL = nothing does */
    bool rewrites_all;    /* at the control port too */
    bool silent, control_silent, no_echo;
    const char *swallowed;   /* a method that never arrives at port 5060 */
    unsigned lose_first;     /* so many of the first requests are lost */
    unsigned sends, invites; /* counted */
    char invite[SIP_PROBE_BYTES + 1];
};

struct datagram {
    uint64_t at_us;
    size_t len;
    uint8_t bytes[2048];
};

struct world {
    struct plan plan;
    struct report *report;
    struct path path;
    uint64_t now_us;
    struct datagram queue[IN_FLIGHT];
    size_t queued;
    struct sip_finding finding;
};

static struct world *make_world(void)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->plan = (struct plan){.family = 4, .seed = 42, .pace_pps = 400, .sip_echo = {.address = echo}};
    world->report = report_create(0, 0);
    assert_non_null(world->report);
    world->now_us = 5 * SECOND;
    return world;
}

static void free_world(struct world *world)
{
    report_free(world->report);
    free(world);
}

/* Replaces every `old` by `new`, which is as long. */
static void rewrite(char *text, const char *old, const char *new)
{
    for (char *at = text; (at = strstr(at, old)); at += strlen(new))
        for (size_t i = 0; new[i] != '\0'; i++)
            at[i] = new[i];
}

static void answer(struct world *world, const struct sip_alg_action *action, const char *arrived)
{
    struct datagram *datagram = &world->queue[world->queued++];
    const char *call_id = strstr(arrived, "Call-ID");
    char encoded[BASE64_ENCODE_RAW_LENGTH(SIP_PROBE_BYTES) + 1];

    assert_true(world->queued <= IN_FLIGHT);
    base64_encode_raw(encoded, action->len, (const uint8_t *)arrived);
    encoded[BASE64_ENCODE_RAW_LENGTH(action->len)] = '\0';
    datagram->at_us = world->now_us + RTT_US;
    datagram->len = (size_t)snprintf((char *)datagram->bytes, sizeof datagram->bytes, "SIP/2.0 %s\r\n%.*s\r\n\r\n%s",
                                     world->path.no_echo ? "404 Not Found" : "200 OK", (int)strcspn(call_id, "\r"),
                                     call_id, world->path.no_echo ? "" : encoded);
}

static void deliver(struct world *world, const struct sip_alg_action *action)
{
    char text[SIP_PROBE_BYTES + 1] = "";
    struct path *path = &world->path;
    bool control = action->to.port != echo.port;

    memcpy(text, action->bytes, action->len);
    if (strncmp(text, "INVITE", 6) == 0) {
        path->invites++;
        memcpy(path->invite, text, sizeof text);
    }
    assert_true(address_same_ip(&action->to, &echo));
    assert_true(control ? action->to.port == 15060 : action->to.port == 5060);
    if (path->sends++ < path->lose_first || (control ? path->control_silent : path->silent))
        return;
    if (!control && path->swallowed && strncmp(text, path->swallowed, strlen(path->swallowed)) == 0)
        return;
    if (path->rewrites && (!control || path->rewrites_all))
        rewrite(text, path->rewrites, "203.0.113.22");
    answer(world, action, text);
}

static void hand_over(struct world *world, struct sip_alg *alg)
{
    for (size_t i = 0; i < world->queued; i++)
        if (world->queue[i].at_us <= world->now_us) {
            sip_alg_received(alg, world->now_us, &echo, world->queue[i].bytes, world->queue[i].len);
            world->queue[i--] = world->queue[--world->queued];
        }
}

/* Runs to the end; fake time makes it instant. Returns how long it took. */
static uint64_t run(struct world *world)
{
    struct sip_alg_action action;
    uint64_t began_us = world->now_us;
    struct sip_alg *alg = sip_alg_create(&world->plan, &local, world->report);
    assert_non_null(alg);
    for (enum sip_alg_action_kind kind; (kind = sip_alg_next(alg, world->now_us, &action)) != SIP_ALG_DONE;) {
        if (kind == SIP_ALG_SEND) {
            deliver(world, &action);
            continue;
        }
        assert_true(action.wake_us > world->now_us);
        for (size_t i = 0; i < world->queued; i++)
            if (world->queue[i].at_us < action.wake_us)
                action.wake_us = world->queue[i].at_us;
        world->now_us = action.wake_us;
        hand_over(world, alg);
    }
    world->finding = *sip_alg_finding(alg);
    sip_alg_destroy(alg);
    return world->now_us - began_us;
}

static void assert_fates(const struct world *world, enum sip_place place, enum sip_fate options, enum sip_fate reg,
                         enum sip_fate invite)
{
    const uint8_t *fates = world->finding.fates[place];
    assert_int_equal(fates[SIP_OPTIONS], options);
    assert_int_equal(fates[SIP_REGISTER], reg);
    assert_int_equal(fates[SIP_INVITE], invite);
}

static void a_clean_path_leaves_all_as_it_was(void **state)
{
    (void)state;
    struct world *world = make_world();
    uint64_t took_us = run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_INTACT, SIP_INTACT, SIP_INTACT);
    assert_fates(world, SIP_AT_CONTROL, SIP_INTACT, SIP_INTACT, SIP_INTACT);
    assert_string_equal(world->finding.diff, "");
    assert_int_equal(world->path.sends, 6);
    assert_true(took_us < 5 * RTT_US);
    free_world(world);
}

static void a_gateway_shows_in_the_diff_of_the_invite(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.rewrites = "192.168.77.2";
    (void)run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_REWRITTEN, SIP_REWRITTEN, SIP_REWRITTEN);
    assert_fates(world, SIP_AT_CONTROL, SIP_INTACT, SIP_INTACT, SIP_INTACT);
    assert_non_null(strstr(world->finding.diff, "-Via: SIP/2.0/UDP 192.168.77.2:5060"));
    assert_non_null(strstr(world->finding.diff, "+c=IN IP4 203.0.113.22"));
    assert_null(strstr(world->finding.diff, "CSeq"));
    free_world(world);
}

static void a_proxy_rewrites_the_control_too(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.rewrites = "192.168.77.2";
    world->path.rewrites_all = true;
    (void)run(world);
    assert_fates(world, SIP_AT_CONTROL, SIP_REWRITTEN, SIP_REWRITTEN, SIP_REWRITTEN);
    free_world(world);
}

static void what_is_swallowed_is_silent_and_asked_again(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.swallowed = "INVITE";
    (void)run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_INTACT, SIP_INTACT, SIP_SILENT);
    assert_fates(world, SIP_AT_CONTROL, SIP_INTACT, SIP_INTACT, SIP_INTACT);
    assert_int_equal(world->path.invites, 1 + 8);
    free_world(world);
}

static void loss_only_takes_time(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.lose_first = 9;
    (void)run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_INTACT, SIP_INTACT, SIP_INTACT);
    assert_fates(world, SIP_AT_CONTROL, SIP_INTACT, SIP_INTACT, SIP_INTACT);
    free_world(world);
}

/* Who never answered is not to be flooded: an echo's address can come from a stolen collector. */
static void a_silent_address_gets_fewer_than_twenty_packets(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.silent = world->path.control_silent = true;
    uint64_t took_us = run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_SILENT, SIP_SILENT, SIP_SILENT);
    assert_int_equal(world->path.sends, 18);
    assert_true(took_us < 4 * SECOND);
    free_world(world);
}

static void the_users_patience_ends_it_sooner(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.silent = world->path.control_silent = true;
    world->plan.timeout_us = 300000;
    assert_true(run(world) < 400000);
    assert_int_equal(world->path.sends, 12);
    free_world(world);
}

static void the_ports_round_trips_set_the_pace_of_repeats(void **state)
{
    (void)state;
    struct world *world = make_world();
    report_free(world->report);
    world->report = report_create(8, 0);
    assert_non_null(world->report);
    for (size_t i = 0; i < 8; i++)
        world->report->ports[i].rtt_us = RTT_US;
    world->path.silent = world->path.control_silent = true;
    assert_true(run(world) < SECOND);
    free_world(world);
}

static void a_server_that_is_no_echo_is_unreadable(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->path.no_echo = true;
    (void)run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_UNREADABLE, SIP_UNREADABLE, SIP_UNREADABLE);
    assert_int_equal(world->path.sends, 18);
    free_world(world);
}

static void an_answer_from_elsewhere_is_nobodys(void **state)
{
    (void)state;
    struct world *world = make_world();
    struct address stranger = echo;
    struct sip_alg_action action;
    struct sip_alg *alg = sip_alg_create(&world->plan, &local, world->report);
    assert_non_null(alg);
    stranger.ip[3] = 66;
    assert_int_equal(sip_alg_next(alg, world->now_us, &action), SIP_ALG_SEND);
    deliver(world, &action);
    assert_int_equal(world->queued, 1);
    sip_alg_received(alg, world->now_us, &stranger, world->queue[0].bytes, world->queue[0].len);
    assert_int_equal(sip_alg_finding(alg)->fates[SIP_AT_ECHO][SIP_OPTIONS], SIP_SILENT);
    sip_alg_received(alg, world->now_us, &echo, world->queue[0].bytes, world->queue[0].len);
    assert_int_equal(sip_alg_finding(alg)->fates[SIP_AT_ECHO][SIP_OPTIONS], SIP_INTACT);
    sip_alg_destroy(alg);
    free_world(world);
}

/* A gateway opens the media port and the next: neither may be one that is swept. */
static void the_media_port_lies_outside_the_plan(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->plan.ports = (struct port_list){.count = 2,
                                           .ranges = {{5060, 40000, TRANSPORT_UDP, ROLE_RTP, EXPECT_OPEN, 0},
                                                      {40003, 40003, TRANSPORT_UDP, ROLE_RTP, EXPECT_OPEN, 0}}};
    (void)run(world);
    const char *media = strstr(world->path.invite, "m=audio ");
    assert_non_null(media);
    assert_int_equal(strtoul(media + strlen("m=audio "), NULL, 10), 40004);
    free_world(world);
}

static void a_plan_of_all_ports_leaves_the_invite_out(void **state)
{
    (void)state;
    struct world *world = make_world();
    world->plan.ports = (struct port_list){.count = 1, .ranges = {{1, 65535, TRANSPORT_UDP, ROLE_RTP, EXPECT_OPEN, 0}}};
    (void)run(world);
    assert_fates(world, SIP_AT_ECHO, SIP_INTACT, SIP_INTACT, SIP_NOT_SENT);
    assert_int_equal(world->path.invites, 0);
    free_world(world);
}

static void the_control_port_stays_a_port(void **state)
{
    (void)state;
    struct address high = echo;
    high.port = 60000;
    assert_int_equal(sip_alg_control_address(&echo).port, 15060);
    assert_int_equal(sip_alg_control_address(&high).port, 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_path_leaves_all_as_it_was),
        cmocka_unit_test(a_gateway_shows_in_the_diff_of_the_invite),
        cmocka_unit_test(a_proxy_rewrites_the_control_too),
        cmocka_unit_test(what_is_swallowed_is_silent_and_asked_again),
        cmocka_unit_test(loss_only_takes_time),
        cmocka_unit_test(a_silent_address_gets_fewer_than_twenty_packets),
        cmocka_unit_test(the_users_patience_ends_it_sooner),
        cmocka_unit_test(the_ports_round_trips_set_the_pace_of_repeats),
        cmocka_unit_test(a_server_that_is_no_echo_is_unreadable),
        cmocka_unit_test(an_answer_from_elsewhere_is_nobodys),
        cmocka_unit_test(the_media_port_lies_outside_the_plan),
        cmocka_unit_test(a_plan_of_all_ports_leaves_the_invite_out),
        cmocka_unit_test(the_control_port_stays_a_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
