#include "proto/wire.h"

#include "proto/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* A command that keeps all rules, to be broken one field at a time. */
struct command {
    Envelope envelope;
    Natsweep__StartSweep start;
    Natsweep__SweepKey key;
    Natsweep__PortRange ranges[2];
    Natsweep__PortRange *range_pointers[2];
    Natsweep__Credentials credentials;
    char *servers[1];
};

static void make_command(struct command *command)
{
    natsweep__envelope__init(&command->envelope);
    natsweep__start_sweep__init(&command->start);
    natsweep__sweep_key__init(&command->key);
    natsweep__credentials__init(&command->credentials);
    command->key.sweep_id = 77;
    command->key.generation = 2;
    for (uint32_t i = 0; i < 2; i++) {
        Natsweep__PortRange *range = &command->ranges[i];
        natsweep__port_range__init(range);
        range->first = 5060 + 10 * i;
        range->last = 5065 + 10 * i;
        range->transport = TRANSPORT_UDP;
        range->role = ROLE_SIP;
        range->expect = EXPECT_OPEN;
        command->range_pointers[i] = range;
    }
    command->credentials.user = (char *)"1767225600:agent";
    command->credentials.password = (char *)"secret";
    command->servers[0] = (char *)"stun.example.net:3478";
    command->start.key = &command->key;
    command->start.at_us = INT64_C(1767225600000000);
    command->start.expires_in_s = 60;
    command->start.deadline_s = 300;
    command->start.n_ports = 2;
    command->start.ports = command->range_pointers;
    command->start.n_servers = 1;
    command->start.servers = command->servers;
    command->start.credentials = &command->credentials;
    command->start.family = 4;
    command->start.mode = MODE_AUTO;
    command->start.pace_pps = 400;
    command->envelope.body_case = NATSWEEP__ENVELOPE__BODY_START_SWEEP;
    command->envelope.start_sweep = &command->start;
}

static int encode_and_free(Envelope *envelope)
{
    uint8_t *frame;
    size_t len;
    int error = wire_encode(envelope, &frame, &len);
    if (!error)
        free(frame);
    return error;
}

/* Packs without the encoder's check, as a hostile peer would. */
static int decode_unchecked(const Envelope *envelope)
{
    static uint8_t frame[4 * WIRE_FRAME_BYTES_MAX];
    assert_true(natsweep__envelope__get_packed_size(envelope) <= sizeof frame);
    size_t len = natsweep__envelope__pack(envelope, frame);
    Envelope *decoded = NULL;
    int error = wire_decode(frame, len, &decoded);
    wire_free(decoded);
    return error;
}

static void a_command_comes_back(void **state)
{
    (void)state;
    struct command command;
    uint8_t *frame;
    size_t len;
    Envelope *decoded;
    make_command(&command);
    assert_int_equal(wire_encode(&command.envelope, &frame, &len), WIRE_OK);
    assert_int_equal(wire_decode(frame, len, &decoded), WIRE_OK);
    free(frame);
    assert_int_equal(decoded->version, PROTOCOL_VERSION);
    assert_int_equal(decoded->body_case, NATSWEEP__ENVELOPE__BODY_START_SWEEP);
    const Natsweep__StartSweep *start = decoded->start_sweep;
    assert_int_equal(start->key->sweep_id, 77);
    assert_int_equal(start->n_ports, 2);
    assert_int_equal(start->ports[1]->last, 5075);
    assert_string_equal(start->servers[0], "stun.example.net:3478");
    assert_string_equal(start->credentials->password, "secret");
    wire_free(decoded);
}

/* Both sides refuse it: the encoder because a mistake should be found at home, the decoder because a peer may be
 * hostile. */
#define CHECK_REFUSED(change)                                                                                          \
    do {                                                                                                               \
        struct command command;                                                                                        \
        make_command(&command);                                                                                        \
        command.envelope.version = PROTOCOL_VERSION;                                                                   \
        assert_int_equal(decode_unchecked(&command.envelope), WIRE_OK);                                                \
        change;                                                                                                        \
        assert_int_equal(decode_unchecked(&command.envelope), WIRE_FIELD);                                             \
        assert_int_equal(encode_and_free(&command.envelope), WIRE_FIELD);                                              \
    } while (0)

static char long_name[WIRE_NAME_BYTES_MAX + 1];

static void bad_commands_are_refused(void **state)
{
    (void)state;
    memset(long_name, 'a', WIRE_NAME_BYTES_MAX);
    CHECK_REFUSED(command.start.key = NULL);
    CHECK_REFUSED(command.key.sweep_id = 0);
    CHECK_REFUSED(command.key.sweep_id = UINT64_MAX); /* no bigint */
    CHECK_REFUSED(command.start.at_us = 0);
    CHECK_REFUSED(command.start.at_us = INT64_MAX);
    CHECK_REFUSED(command.start.deadline_s = 0);
    CHECK_REFUSED(command.start.family = 5);
    CHECK_REFUSED(command.start.family = 0);
    CHECK_REFUSED(command.start.mode = 0);
    CHECK_REFUSED(command.start.mode = MODE_EXCLUSIVE + 1);
    CHECK_REFUSED(command.start.pace_pps = UINT32_MAX);
    CHECK_REFUSED(command.start.n_ports = 0);
    CHECK_REFUSED(command.start.n_servers = 0);
    CHECK_REFUSED(command.credentials.password = (char *)"");
}

static void bad_texts_are_refused(void **state)
{
    (void)state;
    CHECK_REFUSED(command.servers[0] = long_name);
    CHECK_REFUSED(command.servers[0] = (char *)"two\nlines");
    CHECK_REFUSED(command.servers[0] = (char *)"\xff");
    CHECK_REFUSED(command.start.turn_server = (char *)"\x1b[2J");
}

static void bad_ranges_are_refused(void **state)
{
    (void)state;
    CHECK_REFUSED(command.ranges[0].first = 0);
    CHECK_REFUSED(command.ranges[1].last = 65536);
    CHECK_REFUSED(command.ranges[1].last = 5000);               /* backwards */
    CHECK_REFUSED(command.ranges[0].last = 5070);               /* overlaps the next */
    CHECK_REFUSED(command.ranges[0].transport = TRANSPORT_TCP); /* out of order */
    CHECK_REFUSED(command.ranges[0].role = 0);
    CHECK_REFUSED(command.ranges[0].expect = 99);
    CHECK_REFUSED(command.ranges[0].group = 256);
}

static void a_list_over_its_cap_is_refused(void **state)
{
    (void)state;
    Natsweep__Hello hello = NATSWEEP__HELLO__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    uint64_t ids[HELLO_SWEEPS_MAX + 1];
    for (size_t i = 0; i < HELLO_SWEEPS_MAX + 1; i++)
        ids[i] = i + 1;
    hello.finished = ids;
    hello.n_finished = HELLO_SWEEPS_MAX;
    envelope.version = PROTOCOL_VERSION;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HELLO;
    envelope.hello = &hello;
    assert_int_equal(decode_unchecked(&envelope), WIRE_OK);
    hello.n_finished++;
    assert_int_equal(decode_unchecked(&envelope), WIRE_FIELD);
}

static void versions(void **state)
{
    (void)state;
    struct command command;
    make_command(&command);
    command.envelope.version = PROTOCOL_VERSION_OLDEST - 1;
    assert_int_equal(decode_unchecked(&command.envelope), WIRE_VERSION);
    command.envelope.version = PROTOCOL_VERSION + 1; /* a newer peer adds fields and keeps the old ones */
    assert_int_equal(decode_unchecked(&command.envelope), WIRE_OK);
}

static void garbage_is_malformed(void **state)
{
    (void)state;
    static const uint8_t garbage[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t only_version[] = {0x08, PROTOCOL_VERSION};
    static uint8_t huge[WIRE_FRAME_BYTES_MAX + 1];
    Envelope *decoded;
    assert_int_equal(wire_decode(garbage, sizeof garbage, &decoded), WIRE_MALFORMED);
    assert_int_equal(wire_decode(only_version, sizeof only_version, &decoded), WIRE_MALFORMED);
    assert_int_equal(wire_decode(only_version, 0, &decoded), WIRE_VERSION);
    assert_int_equal(wire_decode(huge, sizeof huge, &decoded), WIRE_TOO_LONG);
    Envelope empty = NATSWEEP__ENVELOPE__INIT;
    assert_int_equal(encode_and_free(&empty), WIRE_MALFORMED);
}

/* Every two bytes {0x2a, 0} of a command are one more empty port range: 32,000 of them want megabytes. */
static void a_frame_that_unfolds_is_refused(void **state)
{
    (void)state;
    static uint8_t frame[WIRE_FRAME_BYTES_MAX];
    size_t at = 0, inner = (sizeof frame - 8) & ~(size_t)1;
    frame[at++] = 0x08;
    frame[at++] = PROTOCOL_VERSION;
    frame[at++] = 0x2a; /* start_sweep */
    frame[at++] = (uint8_t)(inner | 0x80);
    frame[at++] = (uint8_t)(inner >> 7 | 0x80);
    frame[at++] = (uint8_t)(inner >> 14);
    for (size_t i = 0; i < inner; i += 2)
        frame[at + i] = 0x2a; /* ports, length 0 */
    Envelope *decoded;
    assert_int_equal(wire_decode(frame, at + inner, &decoded), WIRE_FIELD);
}

static void truncated_frames_never_decode_to_more(void **state)
{
    (void)state;
    struct command command;
    uint8_t *frame;
    size_t len;
    make_command(&command);
    assert_int_equal(wire_encode(&command.envelope, &frame, &len), WIRE_OK);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1); /* so that a sanitizer sees a read past the end */
        Envelope *decoded;
        memcpy(copy, frame, cut);
        assert_int_not_equal(wire_decode(copy, cut, &decoded), WIRE_OK);
        free(copy);
    }
    free(frame);
}

static void errors_have_a_sentence(void **state)
{
    (void)state;
    for (int error = WIRE_MEMORY; error <= WIRE_OK; error++)
        assert_string_not_equal(wire_error_text(error), "unknown error");
    assert_string_equal(wire_error_text(-99), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_comes_back),
        cmocka_unit_test(bad_commands_are_refused),
        cmocka_unit_test(bad_texts_are_refused),
        cmocka_unit_test(bad_ranges_are_refused),
        cmocka_unit_test(a_list_over_its_cap_is_refused),
        cmocka_unit_test(versions),
        cmocka_unit_test(garbage_is_malformed),
        cmocka_unit_test(a_frame_that_unfolds_is_refused),
        cmocka_unit_test(truncated_frames_never_decode_to_more),
        cmocka_unit_test(errors_have_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
