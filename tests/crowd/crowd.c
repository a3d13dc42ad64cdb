/* Many agents in one program: each is the agent's own uplink with its spool and its key, and answers the command of a
 * sweep at once with a made-up report.
 *
 *     crowd FOLDER PORTS AGENTS     reports are on PORTS, a port list; spools are made in FOLDER
 *
 * Prints the agents' public keys, a line of Z85 each, then reads a line with the endpoints of collectors and a line
 * with their keys, both as in an agent's settings. From then on prints what has changed, at most every 50 ms:
 *
 *     SECONDS ONLINE SESSIONS BEGUN SPOOLED LOST
 *
 * SECONDS since the second line, SESSIONS welcomes, BEGUN different sweeps, SPOOLED and LOST reports. Ends when its
 * input does. */
#include "base/clock.h"
#include "base/curve_key.h"
#include "base/log.h"
#include "member.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define EVENTS 256
#define LOOK_MS 10 /* for those whose time has come */
#define LOOK_US (LOOK_MS * 1000u)
#define TELL_US 50000u
#define SOCKETS_A_MEMBER 4 /* dealer, monitor and its other end, and one that is closing still */
#define LINE_BYTES 4096

struct crowd {
    struct member_config config;
    size_t count;
    struct member **members;
    uint64_t *wake_us;
    uint64_t begun_us, looked_us, told_us;
    char told[160];
};

static void fail(const char *what)
{
    fprintf(stderr, "crowd: %s\n", what);
    exit(EX_SOFTWARE);
}

static void make_members(struct crowd *crowd)
{
    char text[CURVE_KEY_TEXT_BYTES];
    for (size_t i = 0; i < crowd->count; i++) {
        crowd->members[i] = member_create(&crowd->config, (uint32_t)i);
        if (!crowd->members[i])
            exit(EX_OSERR);
        puts(curve_key_format(member_public_key(crowd->members[i]), text));
    }
    fflush(stdout);
}

static void read_line(char line[LINE_BYTES])
{
    if (!fgets(line, LINE_BYTES, stdin))
        exit(EX_OK);
    line[strcspn(line, "\n")] = '\0';
}

static void read_enrolment(struct enrolment *enrolment)
{
    char line[LINE_BYTES], message[SETTINGS_MESSAGE_BYTES];
    read_line(line);
    if (enrolment_set_endpoints(enrolment, line, message) != 0)
        fail(message);
    read_line(line);
    if (enrolment_set_keys(enrolment, line, message) != 0)
        fail(message);
}

static void open_crowd(struct crowd *crowd, char **argv)
{
    crowd->count = strtoul(argv[3], NULL, 10);
    crowd->members = calloc(crowd->count, sizeof(struct member *));
    crowd->wake_us = calloc(crowd->count, sizeof *crowd->wake_us);
    crowd->config = (struct member_config){
        .folder = argv[1], .ports = argv[2], .context = zmq_ctx_new(), .epoll = epoll_create1(0)};
    int sockets = (int)crowd->count * SOCKETS_A_MEMBER;
    if (!crowd->members || !crowd->wake_us || !crowd->config.context || crowd->config.epoll < 0 ||
        zmq_ctx_set(crowd->config.context, ZMQ_MAX_SOCKETS, sockets) != 0)
        fail("cannot begin; too many agents for one program?");
}

static void begin_members(struct crowd *crowd)
{
    struct enrolment enrolment = {.endpoint_count = 0};
    read_enrolment(&enrolment);
    crowd->begun_us = clock_monotonic_us();
    for (size_t i = 0; i < crowd->count; i++)
        if (member_begin(crowd->members[i], &enrolment, crowd->begun_us) != 0)
            fail("out of memory");
}

static void handle(struct crowd *crowd, size_t number, uint64_t now_us)
{
    member_handle(crowd->members[number], now_us);
    crowd->wake_us[number] = member_wake_us(crowd->members[number], now_us);
}

static void look(struct crowd *crowd, uint64_t now_us)
{
    crowd->looked_us = now_us;
    for (size_t i = 0; i < crowd->count; i++)
        if (now_us >= crowd->wake_us[i])
            handle(crowd, i, now_us);
}

static void tell(struct crowd *crowd, uint64_t now_us)
{
    struct member_counts sum = {0};
    unsigned long online = 0;
    for (size_t i = 0; i < crowd->count; i++) {
        const struct member_counts *counts = member_counts(crowd->members[i]);
        online += counts->online;
        sum.sessions += counts->sessions;
        sum.begun += counts->begun;
        sum.depth += counts->depth;
        sum.lost += counts->lost;
    }
    char line[sizeof crowd->told];
    snprintf(line, sizeof line, "%lu %lu %lu %ld %ld", online, sum.sessions, sum.begun, sum.depth, sum.lost);
    crowd->told_us = now_us;
    if (strcmp(line, crowd->told) == 0)
        return;
    printf("%.3f %s\n", (double)(now_us - crowd->begun_us) / 1e6, line);
    fflush(stdout);
    memcpy(crowd->told, line, sizeof line);
}

static bool ended(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) != 0;
}

static void run(struct crowd *crowd)
{
    struct epoll_event events[EVENTS];
    while (!ended()) {
        int ready = epoll_wait(crowd->config.epoll, events, EVENTS, LOOK_MS);
        uint64_t now_us = clock_monotonic_us();
        for (int i = 0; i < ready; i++)
            handle(crowd, events[i].data.u32, now_us);
        if (now_us - crowd->looked_us >= LOOK_US)
            look(crowd, now_us);
        if (now_us - crowd->told_us >= TELL_US)
            tell(crowd, now_us);
    }
}

int main(int argc, char **argv)
{
    struct crowd crowd = {.count = 0};
    if (argc != 4) {
        fputs("usage: crowd FOLDER PORTS AGENTS\n", stderr);
        return EX_USAGE;
    }
    log_set_level(LOG_LEVEL_ERROR);
    open_crowd(&crowd, argv);
    make_members(&crowd);
    begin_members(&crowd);
    run(&crowd);
    for (size_t i = 0; i < crowd.count; i++)
        member_destroy(crowd.members[i]);
    zmq_ctx_term(crowd.config.context);
    free(crowd.members);
    free(crowd.wake_us);
    return EX_OK;
}
