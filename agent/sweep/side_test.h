/* A test beside those of the ports, in the manner of sweep.h: a pure engine that is handed time and packets and hands
 * out SWEEP_OPEN, SWEEP_SEND, SWEEP_WAIT and SWEEP_DONE. Its endpoints are ephemeral ones, or ports under test that it
 * only listens at; all are closed after SWEEP_DONE. */
#ifndef SWEEP_SIDE_TEST_H
#define SWEEP_SIDE_TEST_H

#include "sweep/sweep.h"

struct side_test {
    const char *stage; /* what it does, for the progress */
    enum sweep_action_kind (*next)(struct side_test *test, uint64_t now_us, struct sweep_action *action);
    /* Answers SWEEP_OPEN; `local` as for sweep_opened, NULL when it could not be opened. */
    void (*opened)(struct side_test *test, uint32_t endpoint, const struct address *local);
    void (*received)(struct side_test *test, uint64_t now_us, uint32_t endpoint, const struct address *from,
                     const uint8_t *bytes, size_t len);
    /* An ICMP error about a packet that `endpoint` sent to `to`. */
    void (*refused)(struct side_test *test, uint32_t endpoint, const struct address *to);
    void (*destroy)(struct side_test *test);
};

#endif
