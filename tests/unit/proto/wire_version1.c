/* Frames recorded from programs of protocol version 1 are still read, and mean what they meant. */
#include "proto/limits.h"
#include "proto/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES TEST_DIR "/unit/proto/wire_version1.frames"
#define LINE_BYTES 8192
#define FRAME_BYTES (LINE_BYTES / 2)

static const struct {
    const char *name; /* the line's name begins so */
    Natsweep__Envelope__BodyCase body;
} bodies[] = {
    {"accepted", NATSWEEP__ENVELOPE__BODY_ACCEPTED},
    {"ack", NATSWEEP__ENVELOPE__BODY_ACK},
    {"cancel", NATSWEEP__ENVELOPE__BODY_CANCEL},
    {"enrolled", NATSWEEP__ENVELOPE__BODY_ENROLLED},
    {"enroll", NATSWEEP__ENVELOPE__BODY_ENROLL},
    {"heartbeat", NATSWEEP__ENVELOPE__BODY_HEARTBEAT},
    {"hello", NATSWEEP__ENVELOPE__BODY_HELLO},
    {"progress", NATSWEEP__ENVELOPE__BODY_PROGRESS},
    {"refused", NATSWEEP__ENVELOPE__BODY_REFUSED},
    {"report", NATSWEEP__ENVELOPE__BODY_REPORT_BATCH},
    {"start_sweep", NATSWEEP__ENVELOPE__BODY_START_SWEEP},
    {"wait", NATSWEEP__ENVELOPE__BODY_WAIT},
    {"welcome", NATSWEEP__ENVELOPE__BODY_WELCOME},
};
#define BODIES (sizeof bodies / sizeof bodies[0])

static size_t body_of(const char *name)
{
    for (size_t i = 0; i < BODIES; i++)
        if (strncmp(name, bodies[i].name, strlen(bodies[i].name)) == 0)
            return i;
    fail_msg("no body is called '%s'", name);
    return 0;
}

static size_t unhex(const char *hex, uint8_t frame[FRAME_BYTES])
{
    size_t len = 0;
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        frame[len++] = (uint8_t)byte;
    return len;
}

/* Nothing of it is lost: written again it is the same to the byte. */
static void assert_reads(const char *name, const uint8_t *frame, size_t len)
{
    Envelope *envelope;
    uint8_t again[FRAME_BYTES];
    print_message("%s\n", name);
    assert_int_equal(wire_decode(frame, len, &envelope), 0);
    assert_int_equal(envelope->version, 1);
    assert_int_equal(envelope->body_case, bodies[body_of(name)].body);
    assert_int_equal(natsweep__envelope__get_packed_size(envelope), len);
    assert_int_equal(natsweep__envelope__pack(envelope, again), len);
    assert_memory_equal(again, frame, len);
    wire_free(envelope);
}

static void every_recorded_frame_is_read(void **state)
{
    (void)state;
    char line[LINE_BYTES], name[64];
    uint8_t frame[FRAME_BYTES];
    bool seen[BODIES] = {false};
    FILE *file = fopen(FRAMES, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        int at = 0;
        if (line[0] == '#' || sscanf(line, "%63s %n", name, &at) != 1)
            continue;
        assert_reads(name, frame, unhex(line + at, frame));
        seen[body_of(name)] = true;
    }
    (void)fclose(file);
    for (size_t i = 0; i < BODIES; i++)
        assert_true(seen[i]);
}

static void version_1_is_not_given_up(void **state)
{
    (void)state;
    assert_int_equal(PROTOCOL_VERSION_OLDEST, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_frame_is_read),
        cmocka_unit_test(version_1_is_not_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
