#include "sweep/lifetime.h"

#include "base/attributes.h"
#include "sweep/courier.h"

#include <stdlib.h>

#define TRIALS 14u
#define SECOND UINT64_C(1000000)
#define KEEPALIVE_US CONSENT_INTERVAL_US /* the server must go on wanting our packets */
#define RESOLUTION 24u                   /* bounds closer than the 24th part, ... */
#define RESOLUTION_US 200000u            /* ... or this, are close enough */

/* Exchanges: a question and a check for each trial, and the keep-alive, whose endpoint asks for the checks. */
#define KEEPALIVE (2u * TRIALS)
#define EXCHANGES (KEEPALIVE + 1u)

static const uint16_t first_waits_s[TRIALS] = {0, 1, 2, 4, 8, 15, 30, 45, 60, 90, 120, 180, 240, LIFETIME_MAX_S};

enum trial_state { TRIAL_OPENING, TRIAL_ASKING, TRIAL_IDLE, TRIAL_CHECKING, TRIAL_OVER };

struct trial {
    enum trial_state state;
    uint64_t wait_us, due_us;
    uint32_t endpoint;
    uint16_t mapped_port;
};

struct lifetime {
    struct side_test test;
    struct courier *courier;
    struct address server;
    struct trial trials[TRIALS];
    uint32_t endpoints;         /* opened so far; number 0 is the keep-alive's */
    unsigned opening;           /* the trial whose endpoint is next */
    uint64_t alive_us, dead_us; /* the longest silence survived, and the shortest that was not; 0 = none */
    uint64_t keepalive_us;      /* when the next is due */
    bool asking_keepalive, proven, failed;
};

static struct lifetime *of(struct side_test *test)
{
    return (struct lifetime *)test; /* its first member */
}

/* --- rounds --- */

static void begin_round(struct lifetime *lifetime)
{
    uint64_t from_us = lifetime->alive_us, span_us = lifetime->dead_us - lifetime->alive_us;
    lifetime->opening = 0;
    for (unsigned i = 0; i < TRIALS; i++)
        lifetime->trials[i] = (struct trial){
            .wait_us = lifetime->dead_us == 0 ? first_waits_s[i] * SECOND : from_us + span_us * (i + 1) / (TRIALS + 1)};
}

static bool close_enough(const struct lifetime *lifetime)
{
    uint64_t span_us = lifetime->dead_us - lifetime->alive_us;
    return lifetime->dead_us == 0 || span_us <= RESOLUTION_US || span_us <= lifetime->dead_us / RESOLUTION;
}

static bool round_over(const struct lifetime *lifetime)
{
    for (unsigned i = 0; i < TRIALS; i++)
        if (lifetime->trials[i].state != TRIAL_OVER)
            return false;
    return true;
}

/* --- one trial --- */

static void end_trial(struct lifetime *lifetime, unsigned number)
{
    courier_drop(lifetime->courier, number);
    courier_drop(lifetime->courier, TRIALS + number);
    lifetime->trials[number].state = TRIAL_OVER;
}

/* A silence that was too long makes every longer one needless. */
static void found_dead(struct lifetime *lifetime, uint64_t wait_us)
{
    if (wait_us <= lifetime->alive_us) /* lost on the way, several times: a longer one survived */
        return;
    if (lifetime->dead_us == 0 || wait_us < lifetime->dead_us)
        lifetime->dead_us = wait_us;
    for (unsigned i = 0; i < TRIALS; i++)
        if (lifetime->trials[i].wait_us >= lifetime->dead_us)
            end_trial(lifetime, i);
}

static void question_answered(struct lifetime *lifetime, unsigned number, const struct answer *answer, uint64_t now_us)
{
    struct trial *trial = &lifetime->trials[number];
    if (answer->outcome != TEST_ANSWERED) {
        lifetime->failed = true;
        return;
    }
    trial->state = TRIAL_IDLE;
    trial->mapped_port = answer->mapped.port;
    trial->due_us = now_us + trial->wait_us;
}

/* The check without any silence before it proves that the server honours RESPONSE-PORT: else silence means nothing. */
static void check_answered(struct lifetime *lifetime, unsigned number, const struct answer *answer)
{
    uint64_t wait_us = lifetime->trials[number].wait_us;
    end_trial(lifetime, number);
    if (answer->outcome == TEST_ANSWERED) {
        lifetime->proven = true;
        if (wait_us > lifetime->alive_us)
            lifetime->alive_us = wait_us;
    } else if (wait_us == 0 || answer->outcome != TEST_SILENT) {
        lifetime->failed = true;
    } else {
        found_dead(lifetime, wait_us);
    }
}

static void check(struct lifetime *lifetime, unsigned number)
{
    struct trial *trial = &lifetime->trials[number];
    struct request request = {.endpoint = SWEEP_EPHEMERAL,
                              .listener = trial->endpoint,
                              .identity = KEEPALIVE,
                              .to = lifetime->server,
                              .source = lifetime->server,
                              .response_port = trial->mapped_port};
    trial->state = TRIAL_CHECKING;
    courier_ask(lifetime->courier, TRIALS + number, &request);
}

static uint64_t check_due(struct lifetime *lifetime, uint64_t now_us)
{
    uint64_t wake_us = lifetime->keepalive_us;
    for (unsigned i = 0; i < TRIALS; i++) {
        struct trial *trial = &lifetime->trials[i];
        if (trial->state == TRIAL_IDLE && trial->due_us <= now_us)
            check(lifetime, i);
        else if (trial->state == TRIAL_IDLE && trial->due_us < wake_us)
            wake_us = trial->due_us;
    }
    return wake_us;
}

/* --- the server --- */

static void ask(struct lifetime *lifetime, uint32_t exchange, uint32_t endpoint)
{
    struct request request = {.endpoint = endpoint,
                              .listener = endpoint,
                              .identity = exchange,
                              .to = lifetime->server,
                              .source = lifetime->server};
    courier_ask(lifetime->courier, exchange, &request);
}

static void keep_alive(struct lifetime *lifetime, uint64_t now_us)
{
    if (lifetime->asking_keepalive || now_us < lifetime->keepalive_us)
        return;
    ask(lifetime, KEEPALIVE, SWEEP_EPHEMERAL);
    lifetime->asking_keepalive = true;
}

static void collect(struct lifetime *lifetime, uint64_t now_us)
{
    uint32_t number;
    struct answer answer;
    while (courier_collect(lifetime->courier, &number, &answer)) {
        if (number < TRIALS) {
            question_answered(lifetime, number, &answer, now_us);
        } else if (number < KEEPALIVE) {
            check_answered(lifetime, number - TRIALS, &answer);
        } else {
            lifetime->asking_keepalive = false;
            lifetime->failed |= !courier_consent(lifetime->courier)->given;
            lifetime->keepalive_us = now_us + KEEPALIVE_US;
        }
    }
    lifetime->failed |= consent_lost(courier_consent(lifetime->courier), now_us);
}

/* --- the test --- */

static bool open_next(struct lifetime *lifetime, struct sweep_action *action)
{
    action->kind = SWEEP_OPEN;
    action->endpoint = SWEEP_EPHEMERAL + lifetime->endpoints;
    if (lifetime->endpoints == 0) { /* the keep-alive's */
        lifetime->endpoints++;
        return true;
    }
    if (lifetime->opening == TRIALS || !courier_consent(lifetime->courier)->given)
        return false; /* a server that never answers is not asked by all of them */
    lifetime->trials[lifetime->opening++].endpoint = action->endpoint;
    lifetime->endpoints++;
    return true;
}

static void opened(struct side_test *test, uint32_t endpoint, const struct address *local)
{
    struct lifetime *lifetime = of(test);
    if (!local) {
        lifetime->failed = true;
    } else if (endpoint > SWEEP_EPHEMERAL) {
        unsigned number = lifetime->opening - 1;
        lifetime->trials[number].state = TRIAL_ASKING;
        courier_forget_identity(lifetime->courier, number); /* an earlier round's endpoint had its own nonce */
        ask(lifetime, number, endpoint);
    }
}

static enum sweep_action_kind next(struct side_test *test, uint64_t now_us, struct sweep_action *action)
{
    struct lifetime *lifetime = of(test);
    collect(lifetime, now_us);
    if (!lifetime->failed && round_over(lifetime) && !close_enough(lifetime))
        begin_round(lifetime);
    if (lifetime->failed || round_over(lifetime))
        return action->kind = SWEEP_DONE;
    if (open_next(lifetime, action))
        return action->kind;
    keep_alive(lifetime, now_us);
    uint64_t own_us = check_due(lifetime, now_us);
    if (courier_next(lifetime->courier, now_us, action))
        return action->kind;
    if (courier_has_finished(lifetime->courier))
        action->wake_us = now_us;
    else if (own_us < action->wake_us && own_us > now_us)
        action->wake_us = own_us;
    return action->kind = SWEEP_WAIT;
}

static void received(struct side_test *test, uint64_t now_us, uint32_t endpoint, const struct address *from,
                     const uint8_t *bytes, size_t len)
{
    courier_received(of(test)->courier, now_us, endpoint, COURIER_NOBODY, from, bytes, len);
}

static void refused(struct side_test *test, uint32_t endpoint, const struct address *to)
{
    (void)test; /* a server that is gone is silent */
    (void)endpoint;
    (void)to;
}

static void destroy(struct side_test *test)
{
    courier_destroy(of(test)->courier);
    free(test);
}

struct side_test *lifetime_create(const struct plan *plan, const struct report *report)
{
    struct lifetime *lifetime = calloc(1, sizeof *lifetime);
    if (!lifetime)
        return NULL;
    lifetime->courier = courier_create(plan, EXCHANGES);
    if (!lifetime->courier) {
        free(lifetime);
        return NULL;
    }
    lifetime->test = (struct side_test){.stage = "measuring how long the router keeps a mapping",
                                        .next = next,
                                        .opened = opened,
                                        .received = received,
                                        .refused = refused,
                                        .destroy = destroy};
    lifetime->server = report->server_address;
    begin_round(lifetime);
    return &lifetime->test;
}

void lifetime_conclude(const struct side_test *test, struct report *report)
{
    const struct lifetime *lifetime = (const struct lifetime *)test;
    report->nat.binding_lifetime_s = -1;
    if (lifetime->failed || !lifetime->proven) {
        report_warn(report, "lifetime_unknown",
                    "How long the router keeps a mapping could not be measured: the STUN server must answer and "
                    "honour RESPONSE-PORT.");
    } else if (lifetime->dead_us == 0) {
        report->nat.binding_lifetime_s = LIFETIME_MAX_S;
        report_warn(report, "lifetime_long", "The router keeps an idle mapping for %d s or longer.", LIFETIME_MAX_S);
    } else {
        uint64_t middle_us = (lifetime->alive_us + lifetime->dead_us) / 2;
        report->nat.binding_lifetime_s = (int32_t)((middle_us + SECOND / 2) / SECOND);
    }
}
