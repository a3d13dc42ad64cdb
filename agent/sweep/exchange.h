/* One Binding request with its repeats and what becomes of it. Each send is a transaction of its own, so that an answer
 * tells which send it answers: RTT and loss are exact, where equal ids would leave them ambiguous (Karn) just when the
 * path is bad. Pure; courier.c says when to send and when to stop. */
#ifndef SWEEP_EXCHANGE_H
#define SWEEP_EXCHANGE_H

#include "base/address.h"
#include "base/list.h"
#include "stun/message.h"
#include "sweep/loss.h"
#include "sweep/observation.h"

#include <stdbool.h>
#include <stdint.h>

struct request {
    uint32_t endpoint;      /* where it is sent from */
    uint32_t listener;      /* where the answer must arrive: `endpoint`, unless RESPONSE-PORT says otherwise */
    uint32_t identity;      /* whose nonce, see credentials.h; below the courier's capacity */
    struct address to;      /* the server's address */
    struct address source;  /* where the answer must come from: `to`, unless CHANGE-REQUEST says otherwise */
    uint32_t change;        /* STUN_CHANGE_IP, STUN_CHANGE_PORT */
    uint16_t response_port; /* 0: none asked for */
    uint8_t sends_max;      /* 0: as many as the measured loss demands */
    bool urgent;            /* before those of ports under test */
    bool witness;           /* its silence is loss: it goes where answers came from before */
    bool probes;            /* see sweep_action */
};

struct answer {
    enum test_outcome outcome;
    enum reason reason; /* of TEST_REFUSED */
    uint16_t error_code;
    uint8_t sends;
    int32_t rtt_us;
    uint64_t began_us;                  /* the first send, which made the mapping if the port was fresh */
    uint64_t asked_us;                  /* the send that was answered */
    struct address from, mapped, other; /* family 0: not told; `from` also of one that went astray */
    enum tri rewritten;                 /* MAPPED-ADDRESS differs from XOR-MAPPED-ADDRESS */
};

enum exchange_state { EXCHANGE_IDLE, EXCHANGE_READY, EXCHANGE_WAITING, EXCHANGE_FINISHED };

struct exchange {
    struct list link; /* the courier's, as is the state */
    enum exchange_state state;
    struct request request;
    struct answer answer;
    uint64_t token; /* the random part of the transaction id; its lowest byte is 0 and then the number of the send */
    uint64_t first_sent_us, last_sent_us;
    uint32_t sent_after_us[LOSS_SENDS_MAX]; /* each send since the last challenge, after the first */
    uint8_t tries;                          /* sends since the last challenge */
    uint8_t heard;                          /* of these, how many are known to be answered or lost */
    uint8_t challenges, icmps;
    bool is_signed, malformed;
    enum test_outcome astray; /* what a success from a strange address proves; TEST_NOT_MADE: none came */
};

/* `random` makes the transaction ids; a renewed request is the same one, sent anew under other ids (RFC 8489 9.2.4). */
void exchange_begin(struct exchange *exchange, const struct request *request, uint64_t random);
void exchange_renew(struct exchange *exchange, uint64_t random);

/* The id of the next send; `name` comes back from exchange_name. */
void exchange_id(const struct exchange *exchange, uint32_t name, uint8_t id[STUN_TRANSACTION_ID_BYTES]);
uint32_t exchange_name(const uint8_t id[STUN_TRANSACTION_ID_BYTES]);
void exchange_sent(struct exchange *exchange, uint64_t now_us);

/* Whether an answer may still come; and whether `id` is one of its sends, and which. */
bool exchange_asked(const struct exchange *exchange);
bool exchange_made(const struct exchange *exchange, const uint8_t id[STUN_TRANSACTION_ID_BYTES], unsigned *send);
/* That send was answered. Returns the round trip, and how many sends before it were lost. */
uint64_t exchange_answered(struct exchange *exchange, uint64_t now_us, unsigned send, unsigned *lost);
/* An ICMP error, or the kernel's word for one. Returns whether they are enough to end it. */
bool exchange_refused(struct exchange *exchange, enum reason reason);
/* What it is when nothing more comes. */
enum test_outcome exchange_silence(const struct exchange *exchange);

#endif
