/* The state of a sweep, shared by the parts of the engine and by nobody else: sweep.c hands out actions and takes what
 * comes from outside; server.c chooses servers, probing.c asks them from ephemeral ports, scouting.c finds what to ask
 * from where those stay silent, field.c tests ports, doubt.c believes or doubts their failures, filtering.c that of the
 * NAT's filter, second_look.c looks at some of them once more, summary.c writes the report. */
#ifndef SWEEP_ENGINE_H
#define SWEEP_ENGINE_H

#include "base/list.h"
#include "sweep/candidates.h"
#include "sweep/courier.h"
#include "sweep/outcome.h"
#include "sweep/port_test.h"
#include "sweep/qualification.h"
#include "sweep/roster.h"
#include "sweep/suspects.h"
#include "sweep/sweep.h"
#include "sweep/verdict.h"

#define NO_SLOT UINT16_MAX
#define NO_ROLE ROLE_COUNT
#define SCOUTS_MAX 5              /* ports whose Test 1 is tried before a silent server is given up */
#define SECOND_LOOKS 64           /* each is a packet or three at the end of a sweep: 0.3 s at the usual pace */
#define UNREACHED_LOOKS 8         /* each may cost its timeout; a limit shows in the first, but some may be blocked */
#define RETRIES_MAX 3             /* of one port, because of loss or a server that failed */
#define ROUND_INTERVAL_US 500000u /* between two proofs of the second address */
#define CONSENT_RETRY_US 300000u

enum stage { STAGE_QUALIFYING, STAGE_SCOUTING, STAGE_SWEEPING, STAGE_ENDED };

/* Why a port is under test: to be judged; to be judged before it stands in for ephemeral ports; to see whether a silent
 * server answers ports (Test 1 only); or, as it passed (or at least answered) before, to see whether the second address
 * (or the first) still gets through; or, as it failed, to see whether it really does. */
enum errand { ERRAND_JUDGE, ERRAND_STAND_IN, ERRAND_SCOUT, ERRAND_SENTINEL, ERRAND_LOOK };

/* What speaks for a router that guards against strangers: nothing; a proof of the second address that failed as one
 * does then; or failures that no proof explains, so that none is believed any more. */
enum guard { GUARD_NONE, GUARD_SHOWN, GUARD_HIDDEN };

/* A port under test; its exchange is PROBE_COUNT + the slot's number. */
struct slot {
    struct list link; /* in one of the lists of struct sweep */
    uint32_t index;   /* in the roster */
    uint16_t port;
    enum port_state state;
    enum errand errand;
    uint64_t began_us, t1_us; /* its tests; the first send of Test 1 */
    bool opened;
};

/* When the NAT's filtering was asked for, with how few sends, and how often again. */
struct filter_proof {
    uint64_t began_us, ended_us;
    uint64_t ports_began_us; /* when the ports' tests did, if it was asked for before */
    uint8_t sends, tries;
    bool vouched; /* a stranger came in to a port since: none was banned */
    bool early;   /* the second address may not have worked yet */
    bool refused; /* its silence was believed, and asked for again all the same */
};

/* Which failures are looked at once more: see second_look.h. */
struct second_look {
    enum { LOOK_NONE, LOOK_QUIET, LOOK_UNREACHED, LOOK_OUT, LOOK_CONTROL, LOOK_OVER } state;
    uint64_t at_us;
    uint32_t unreached[UNREACHED_LOOKS], unreached_count, unreached_next; /* whose Test 1 is asked again */
    uint32_t ports[SECOND_LOOKS], count, next;                            /* in any order */
    bool rule_contradicted;  /* a port's Test 2 came in by a rule that its Test 3 did not find */
    uint32_t control;        /* a port that passed, or ROSTER_NOBODY */
    bool crosses;            /* the first address's other port is asked for, too */
    bool second_silent;      /* to PROBE_FILTER_BOTH, before the controls asked it again */
    bool crossed, uncrossed; /* it came in to a port that failed; it did not to another one */
    bool turned_away;        /* it did not to the one that passed */
    bool contradicted;       /* the second address came in to one that failed */
};

/* A port that another program holds. */
struct held_port {
    uint32_t index;
    struct port_owner owner;
};

struct sweep {
    const struct plan *plan;
    uint64_t started_us, ended_us, swept_since_us;
    enum stage stage;
    enum sweep_end end;
    struct courier *courier;
    struct roster *roster;
    struct suspects *suspects;
    struct candidates candidates;
    struct qualification qualification;
    struct filter_proof filter;
    struct second_look look;
    size_t server;             /* in the plan */
    struct qualification told; /* of the server that the report tells of: the last that ports were tested with */
    size_t told_server;
    bool blind; /* ephemeral ports get no answer, ports under test do: one of them stands in */
    uint32_t stand_in;
    uint32_t scouts[SCOUTS_MAX], scouts_sent;
    uint64_t scout_at_us; /* when the next may start */
    bool scout_answered;
    bool scout_misheard;                                     /* something that is no answer came for one */
    uint32_t endpoints;                                      /* ephemeral ones opened so far */
    enum role opening;                                       /* the role whose endpoint is being opened, or NO_ROLE */
    uint32_t pings;                                          /* still to be sent without waiting */
    uint64_t consent_us;                                     /* when PROBE_CONSENT is due */
    uint64_t round_began_us, round_ended_us, round_first_us; /* first_proven_us when it began */
    bool round_open;
    bool round_worked;        /* a round has proven the second address before, so that a failed one means something */
    bool began_unproven;      /* ports are tested before any round has proven the second address */
    uint64_t second_shown_us; /* ... until a port did; 0 = not yet */
    bool blocked;             /* the second address stopped getting through: nothing new is tested */
    enum guard guard;
    uint64_t blocked_since_us, blocked_until_us, patience_us;
    uint32_t passed;   /* the newest port whose Test 2 was answered, the next sentinel */
    uint32_t answered; /* the newest whose Test 1 was: the sentinel of a blind sweep that nothing passed in */
    bool sentinel_wanted, sentinel_out;
    uint32_t starts;              /* ports tested so far */
    uint32_t starts_before;       /* and before the server in use was */
    enum probe asking;            /* waits for its endpoints to be opened, or PROBE_COUNT */
    uint64_t last_finished_us;    /* when the newest port was */
    uint64_t first_proven_us;     /* when the newest probe that the first address answered was asked */
    struct address scouted_other; /* OTHER-ADDRESS as a scout heard it */
    bool limited;                 /* Test 1 of a port that stayed silent among others was answered alone */
    struct address rewriter;      /* what the router makes of the server's address, see TEST_REWRITTEN */
    uint32_t done;                /* ports, for the progress */
    uint32_t window, slot_count, active;
    struct slot *slots;
    struct list free_slots, active_slots, closing_slots;
    uint32_t closing[ROLE_COUNT * 2]; /* ephemeral endpoints to be closed */
    unsigned closing_count;
    uint16_t *slot_of; /* of each UDP port */
    struct observation *seen;
    struct circumstances circumstances[PLAN_SERVERS_MAX];
    struct held_port *held;
    size_t held_count, held_capacity;
};

/* Ends it; what is not tested by now stays so. */
void sweep_end(struct sweep *sweep, enum sweep_end end, uint64_t now_us);

#endif
