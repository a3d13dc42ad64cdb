/* A simulated STUN server with two addresses, and every fault that servers are known for. */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "network.h"

enum sim_other { SIM_OTHER_GOOD, SIM_OTHER_NONE, SIM_OTHER_SAME_IP, SIM_OTHER_PRIVATE, SIM_OTHER_LEGACY };

struct sim_server {
    enum sim_other other;
    bool absent;                      /* nobody is there */
    bool ignores_change;              /* answers from its first address */
    uint16_t mapped_shift;            /* added to the mapped port that it tells */
    uint16_t port_from;               /* leaves RESPONSE-PORT unanswered below it */
    bool refuses_port;                /* 420 to RESPONSE-PORT */
    bool ignores_port;                /* answers to where the request came from */
    bool no_second;                   /* the announced second address is dead: it neither hears nor speaks */
    bool garbage;                     /* answers are no STUN */
    bool wrong_id;                    /* answers carry another transaction id */
    bool wrong_source;                /* answers of Test 2 and 3 come from A1:P2 */
    bool lies;                        /* RESPONSE-ORIGIN names the first address */
    bool no_mapped, rewritten;        /* no MAPPED-ADDRESS; one that differs */
    uint64_t errs_us;                 /* 500 to everything from then on; 0 = never */
    uint16_t error;                   /* to every request */
    uint16_t change_error;            /* to CHANGE-REQUEST */
    bool secure;                      /* asks for credentials, a nonce for each client port */
    uint64_t nonce_life_us;           /* then 438 */
    uint64_t dies_us, second_dies_us; /* 0 = never */
    uint64_t second_comes_us;         /* its second address is dead until then */
    unsigned second_ports;            /* its second address only answers the first so many client ports; 0 = all */
    unsigned rate_pps;                /* drops what is above; 0 = no limit */
    unsigned answers_a_port;          /* to each client port; 0 = no limit */
    uint64_t slow_us;                 /* answers late by this */
    uint32_t heard, heard_in_window;
    uint64_t window_us;
    unsigned known_count;
    bool known[65536];
    uint8_t answered[65536];
};

#define SIM_USER "agent"
#define SIM_PASSWORD "correct horse"

/* Handles a request that arrived; sends the answer into the network. */
void sim_server_receive(struct sim_server *server, struct sim_network *network, uint64_t now_us,
                        const struct sim_packet *packet);

#endif
