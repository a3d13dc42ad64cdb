#include "sweep/port_test.h"

#include "stun/attribute.h"

#include <assert.h>

struct transition {
    enum port_state from;
    enum port_event event;
    enum port_state to;
    const char *why;
};

static const struct transition transitions[] = {
    {PORT_OPENING, PORT_OPENED, PORT_T3, "the port has sent nothing, so only a forward can let a packet in"},
    {PORT_OPENING, PORT_OPENED_WITHOUT_T3, PORT_T1, "the server has no RESPONSE-PORT"},
    {PORT_OPENING, PORT_NOT_OPENED, PORT_DONE, "another program holds the port"},
    {PORT_OPENING, PORT_OPENED_TO_CROSS, PORT_CROSS, "the second address alone may be banned"},
    {PORT_OPENING, PORT_OPENED_FOR_T2, PORT_T2, "it may have been one too many"},
    {PORT_CROSS, PORT_ANSWERED, PORT_T2, "strangers get in after all"},
    {PORT_CROSS, PORT_FAILED, PORT_T2, "no stranger gets in"},
    {PORT_CROSS, PORT_CROSSED, PORT_DONE, "the Test 2 of a few ports is repeated, not of all"},
    {PORT_T3, PORT_ANSWERED, PORT_T1, "a static forward is shown"},
    {PORT_T3, PORT_FAILED, PORT_T1, "no unsolicited packet came in"},
    {PORT_T1, PORT_ANSWERED, PORT_T2, "the port's mapping is made"},
    {PORT_T1, PORT_ANSWERED_WITHOUT_T2, PORT_DONE, "the server has no second address"},
    {PORT_T1, PORT_FAILED, PORT_DONE, "without Test 1 the others mean nothing"},
    {PORT_T2, PORT_ANSWERED, PORT_DONE, "a stranger's answer came in"},
    {PORT_T2, PORT_ANSWERED_UNLIKE_T3, PORT_ECHO, "the server may have left Test 3 out"},
    {PORT_T2, PORT_FAILED, PORT_DONE, "no stranger's answer came in"},
    {PORT_ECHO, PORT_ANSWERED, PORT_DONE, "the server does answer to this port"},
    {PORT_ECHO, PORT_FAILED, PORT_DONE, "the silence of Test 3 says nothing"},
};

enum port_state port_test_after(enum port_state state, enum port_event event, const char **why)
{
    for (unsigned i = 0; i < ARRAY_LEN(transitions); i++) {
        if (transitions[i].from != state || transitions[i].event != event)
            continue;
        if (why != NULL)
            *why = transitions[i].why;
        return transitions[i].to;
    }
    assert(false && "an event that the state does not know");
    return PORT_DONE;
}

void port_test_request(enum port_state state, uint16_t port, uint32_t identity,
                       const struct qualification *qualification, struct request *request)
{
    *request = (struct request){.endpoint = port,
                                .listener = port,
                                .identity = identity,
                                .to = qualification->server,
                                .source = qualification->server};
    if (state == PORT_T3 || state == PORT_ECHO) {
        request->endpoint = qualification->endpoints[ROLE_CONTROL];
        request->identity = ROLE_CONTROL;
        request->response_port = port;
    }
    if (state == PORT_T3) {
        request->source = qualification_other_primary(qualification);
        request->change = STUN_CHANGE_IP;
    } else if (state == PORT_T2 || state == PORT_ECHO) {
        request->source = qualification->other;
        request->change = STUN_CHANGE_IP | STUN_CHANGE_PORT;
    } else if (state == PORT_CROSS) {
        request->source.port = qualification->other.port;
        request->change = STUN_CHANGE_PORT;
    }
}

static void record_t1(struct observation *observation, const struct answer *answer)
{
    observation->t1 = (uint8_t)answer->outcome;
    observation->sends_t1 = answer->sends;
    observation->reason = (uint8_t)answer->reason;
    observation->rtt_us = answer->rtt_us;
    if (answer->outcome == TEST_ANSWERED)
        observation->mapped = answer->mapped;
}

void port_test_record(struct observation *observation, enum port_state state, const struct answer *answer)
{
    if (answer->outcome == TEST_ERROR)
        observation->error_code = answer->error_code;
    if (state == PORT_T1) {
        record_t1(observation, answer);
    } else if (state == PORT_T2) {
        observation->t2 = (uint8_t)answer->outcome;
        observation->sends_t2 = answer->sends;
    } else if (state == PORT_ECHO) {
        observation->echo = (uint8_t)answer->outcome;
    } else {
        observation->t3 = (uint8_t)answer->outcome;
        observation->sends_t3 = answer->sends;
    }
}
