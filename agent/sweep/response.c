#include "sweep/response.h"

#include "stun/attribute.h"
#include "sweep/this_side.h"

#include <errno.h>
#include <string.h>

bool response_from_server(const struct request *request, const struct address *from)
{
    return address_equal(from, &request->to) || address_equal(from, &request->source);
}

bool response_arrived(const struct request *request, uint32_t endpoint)
{
    return endpoint == request->endpoint || endpoint == request->listener;
}

enum test_outcome response_outcome(const struct request *request, uint32_t endpoint, const struct address *from,
                                   const struct stun_message *message)
{
    bool changed = request->change != 0, there = endpoint == request->listener;
    struct address origin;
    bool lies = changed && stun_attribute_address(message, STUN_RESPONSE_ORIGIN, &origin) == 0 &&
                !address_equal(&origin, &request->source);
    if (address_equal(from, &request->source) && !lies)
        return there ? TEST_ANSWERED : TEST_WRONG_PORT;
    return changed ? TEST_WRONG_SOURCE : TEST_NOT_MADE;
}

/* A client cannot be there: an address of the other family, nobody's, or no port. */
static bool impossible(const struct address *mapped, const struct request *request)
{
    static const uint8_t nobody[sizeof(mapped->ip)];
    return mapped->family != request->to.family || mapped->port == 0 || memcmp(mapped->ip, nobody, sizeof(nobody)) == 0;
}

static struct address read_other(const struct stun_message *message)
{
    struct address other = {0};
    if (stun_attribute_address(message, STUN_OTHER_ADDRESS, &other) == 0 ||
        stun_attribute_address(message, STUN_CHANGED_ADDRESS, &other) == 0)
        return other;
    return (struct address){0};
}

int response_read(const struct request *request, const struct address *from, const struct stun_message *message,
                  struct answer *answer)
{
    struct address plain = {0}, xored = {0};
    bool has_plain = stun_attribute_address(message, STUN_MAPPED_ADDRESS, &plain) == 0;
    bool has_xored = stun_attribute_xor_address(message, STUN_XOR_MAPPED_ADDRESS, &xored) == 0;
    struct address mapped = has_xored ? xored : plain;
    if ((!has_plain && !has_xored) || impossible(&mapped, request) || stun_attribute_unknown(message) != 0)
        return -EBADMSG;
    if (has_plain && has_xored)
        answer->rewritten = address_equal(&plain, &xored) ? TRI_NO : TRI_YES;
    answer->mapped = mapped;
    answer->other = read_other(message);
    answer->from = *from;
    return 0;
}

enum test_outcome response_astray(const struct request *request, uint32_t endpoint, const struct address *from,
                                  const struct stun_message *message)
{
    bool unasked = request->change != 0 || request->response_port != 0;
    struct answer answer = {0};
    if (!unasked || endpoint != request->listener || message->message_class != STUN_SUCCESS)
        return TEST_NOT_MADE;
    if (response_read(request, from, message, &answer) != 0)
        return TEST_NOT_MADE;
    return this_side(from, &answer.mapped, &request->to) ? TEST_REWRITTEN : TEST_ELSEWHERE;
}
