/* What a server can do, and what the NAT does, asked from ephemeral ports that nobody forwarded: a table of probes,
 * each with the endpoint it leaves from, where its answer must come from and arrive, and the probes it waits for. No
 * port under test takes part: one packet from it to the server's second address would open the NAT's filter and fake a
 * pass. */
#ifndef SWEEP_QUALIFICATION_H
#define SWEEP_QUALIFICATION_H

#include "base/address.h"
#include "sweep/courier.h"

#include <stdbool.h>
#include <stdint.h>

/* Each is a socket. SUBJECT opens the NAT's filter towards the second address, so that an answer from there proves the
 * server also where the NAT lets no stranger in; it is a new one in each round. FILTER never sends to the second
 * address, nor to another port of the first. GUEST sends to one port of the second address and to the other one of the
 * first. NAKED never sends at all. */
enum role { ROLE_CONTROL, ROLE_SUBJECT, ROLE_FILTER, ROLE_GUEST, ROLE_NAKED, ROLE_COUNT };

enum probe {
    PROBE_BASIC,   /* is the server there */
    PROBE_CONSENT, /* is it still there; repeated all through the sweep */
    PROBE_MAP_PRIMARY,
    PROBE_MAP_OTHER_IP,
    PROBE_MAP_OTHER,
    PROBE_CHANGE_BOTH,      /* proves CHANGE-REQUEST, unless the mapping depends on the address */
    PROBE_CHANGE_BOTH_SENT, /* the same through RESPONSE-PORT, which then need not be the same mapping */
    PROBE_CHANGE_IP_SENT,   /* proves what T3 needs: CHANGE-REQUEST and RESPONSE-PORT together */
    PROBE_FILTER_BASIC,     /* the silence of the next two means nothing where this is not answered */
    PROBE_FILTER_BOTH,
    PROBE_FILTER_PORT,
    PROBE_GUEST, /* asked where the last one was answered: who lets in the other port of an address that it asked */
    PROBE_GUEST_PORT, /* lets in that of the second address, too, unless that is banned */
    PROBE_PORT,       /* the silence of the first address's other port means nothing where the next is not answered: */
    PROBE_PORT_ASKED, /* it proves that the server changes the port alone */
    PROBE_NAKED,      /* without NAT: does a packet reach a port that never sent */
    PROBE_MAPPED,     /* with a mapped port that is not the own: does what the server sends there arrive */
    PROBE_COUNT
};

/* The port under test that is CONTROL and SUBJECT where ephemeral ports get no answer: see scouting.h. Nothing it sends
 * may reach the second address before its own tests are over. */
enum stand_in { STAND_IN_NONE, STAND_IN_UNTESTED, STAND_IN_TESTED };

enum second_fault { SECOND_FINE, SECOND_NOT_ANNOUNCED, SECOND_SAME_IP, SECOND_PRIVATE, SECOND_IGNORED, SECOND_REFUSED };

struct probe_record {
    enum { PROBE_WAITING, PROBE_ASKED, PROBE_ENDED } state;
    enum test_outcome outcome;
    uint16_t error_code;
    uint8_t reason;
    bool at_once; /* the first send was answered */
    struct address mapped;
};

struct qualification {
    struct address server;    /* A1:P1 */
    struct address other;     /* A2:P2 as announced; family 0 = none that can be used */
    struct address announced; /* the same, be it of use or not */
    enum second_fault fault;
    enum tri second;        /* Test 2 can be made: proven, disproven, or unknown */
    enum tri response_port; /* the same for what T3 needs */
    enum stand_in stand_in;
    enum tri rewritten;  /* MAPPED-ADDRESS differs from XOR-MAPPED-ADDRESS somewhere */
    bool second_heard;   /* something came from A2 */
    bool filter_proven;  /* the silence of the filter's probes is believed: see filtering.h */
    bool lets_in_second; /* PROBE_FILTER_BOTH has been answered, be it once */
    bool lets_in_port;   /* the same for PROBE_FILTER_PORT */
    bool guest_refused;  /* PROBE_GUEST_PORT has not, be it once */
    uint32_t held;       /* probes that must wait, as bits */
    bool round_proven;   /* the newest round of the subject proved the second address */
    struct probe_record records[PROBE_COUNT];
    uint32_t endpoints[ROLE_COUNT]; /* 0 = not opened */
    struct address locals[ROLE_COUNT];
};

/* Starts anew with `server`. */
void qualification_begin(struct qualification *qualification, const struct address *server);
/* Repeats the probes of the subject, whose endpoint must be a new one by the next qualification_next. */
void qualification_repeat(struct qualification *qualification);
/* The same for the filter's probes and its endpoint. */
void qualification_repeat_filter(struct qualification *qualification);

/* PROBE_FILTER_PORT, or what proves that it can be answered, may be asked from now on; until then they must wait. */
void qualification_release(struct qualification *qualification, enum probe probe);
bool qualification_holds(const struct qualification *qualification, enum probe probe);

/* Gives a probe that may be asked now and marks it asked; false when none may. Its role's endpoints may have to be
 * opened. */
bool qualification_next(struct qualification *qualification, enum probe *probe);
void qualification_roles(enum probe probe, enum role *sender, enum role *listener);
void qualification_request(const struct qualification *qualification, enum probe probe, struct request *request);
void qualification_answered(struct qualification *qualification, enum probe probe, const struct answer *answer);

/* An OTHER-ADDRESS heard by another way than PROBE_BASIC. */
void qualification_announced(struct qualification *qualification, const struct address *other);
/* A Test 2 or 3 of a port got `outcome`: any answer from the second address proves the server. */
void qualification_learn_t2(struct qualification *qualification, enum test_outcome outcome, uint16_t error_code);
void qualification_learn_t3(struct qualification *qualification, enum test_outcome outcome);

bool qualification_answers(const struct qualification *qualification);    /* PROBE_BASIC was answered */
bool qualification_round_over(const struct qualification *qualification); /* the subject's probes have ended */
/* All but PROBE_CONSENT have ended, and those that must wait. */
bool qualification_over(const struct qualification *qualification);

/* The server tells a mapped address at which its own answers do not arrive. */
bool qualification_mapping_false(const struct qualification *qualification);

/* A2:P1, where T3's answers come from; T2's come from `other`. */
struct address qualification_other_primary(const struct qualification *qualification);

#endif
