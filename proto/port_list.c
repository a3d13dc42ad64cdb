#include "proto/port_list.h"

#include "proto/port_profile.h"
#include "proto/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PART_BYTES 64 /* longer parts are wrong anyway; the message shows their beginning */
#define GRAMMAR "write PORT/udp, PORT/tcp, FIRST-LAST/udp or FIRST-LAST/tcp, separated by commas, or the profile @3cx"

/* The list being made, and where to say what is wrong. */
struct parse {
    struct port_list list;
    char *message;
};

static int refuse(struct parse *parse, const char *part, const char *format, ...) PRINTF_LIKE(3, 4);

static int refuse(struct parse *parse, const char *part, const char *format, ...)
{
    char shown[PART_BYTES], what[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    text_copy(shown, sizeof shown, part, TEXT_LINE);
    snprintf(parse->message, PORT_LIST_MESSAGE_BYTES, "port list: \"%s\" %s", shown, what);
    return -EINVAL;
}

static int insert(struct port_list *list, size_t at, struct port_range range)
{
    if (list->count == PORT_RANGES_MAX)
        return -ENOSPC;
    memmove(&list->ranges[at + 1], &list->ranges[at], (list->count - at) * sizeof range);
    list->ranges[at] = range;
    list->count++;
    return 0;
}

/* Adds those ports of `range` that the list does not hold yet: the first mention of a port decides its role. */
static int add_range(struct port_list *list, struct port_range range)
{
    uint32_t next = range.first; /* the first port not dealt with */
    for (size_t i = 0; i <= list->count && next <= range.last; i++) {
        const struct port_range *at = i < list->count ? &list->ranges[i] : NULL;
        if (at && (at->transport < range.transport || (at->transport == range.transport && at->last < next)))
            continue;
        bool blocked = at && at->transport == range.transport && at->first <= range.last;
        struct port_range piece = range;
        piece.first = (uint16_t)next;
        piece.last = blocked ? (uint16_t)(at->first - 1) : range.last;
        next = blocked ? at->last + 1u : range.last + 1u;
        if (piece.first > piece.last)
            continue;
        if (insert(list, i, piece))
            return -ENOSPC;
        i++; /* past the piece, to the range that ended it */
    }
    return 0;
}

static bool continues(const struct port_range *left, const struct port_range *right)
{
    return left->transport == right->transport && left->last + 1 == right->first && left->role == right->role &&
           left->expect == right->expect && left->group == right->group;
}

static void merge_neighbours(struct port_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kept && continues(&list->ranges[kept - 1], &list->ranges[i]))
            list->ranges[kept - 1].last = list->ranges[i].last;
        else
            list->ranges[kept++] = list->ranges[i];
    }
    list->count = kept;
}

static int add_or_refuse(struct parse *parse, const char *part, struct port_range range)
{
    if (add_range(&parse->list, range) == 0)
        return 0;
    return refuse(parse, part, "makes more than %d separate ranges; ask for fewer, wider ones", PORT_RANGES_MAX);
}

static int add_profile(struct parse *parse, const char *part)
{
    const struct port_profile *profile = port_profile_find(part);
    if (!profile)
        return refuse(parse, part, "is no known profile; the built-in one is @3cx");
    for (size_t i = 0; i < profile->count; i++) {
        int error = add_or_refuse(parse, part, profile->ranges[i]);
        if (error)
            return error;
    }
    return 0;
}

/* Reads a port at *at and moves past it. 0 when there is none or it is out of range. */
static uint16_t read_port(const char **at)
{
    uint32_t port = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        if (port <= UINT16_MAX)
            port = port * 10 + (uint32_t)(**at - '0');
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

static uint8_t read_transport(const char *text)
{
    if (strcmp(text, "/udp") == 0)
        return TRANSPORT_UDP;
    return strcmp(text, "/tcp") == 0 ? TRANSPORT_TCP : 0;
}

static int add_ports(struct parse *parse, const char *part)
{
    const char *at = part;
    struct port_range range = {.role = ROLE_OTHER, .expect = EXPECT_OPEN};
    if (*at < '0' || *at > '9')
        return refuse(parse, part, "is not a port; " GRAMMAR);
    range.first = range.last = read_port(&at);
    if (*at == '-') {
        at++;
        range.last = read_port(&at);
    }
    if (range.first == 0 || range.last == 0)
        return refuse(parse, part, "has a port outside 1-65535");
    if (range.first > range.last)
        return refuse(parse, part, "runs backwards; write the lower port first");
    range.transport = read_transport(at);
    if (range.transport == 0)
        return refuse(parse, part, "must end in /udp or /tcp");
    return add_or_refuse(parse, part, range);
}

/* Copies the part that begins at `text` without the spaces around it; returns where the next one begins, NULL after the
 * last. */
static const char *next_part(const char *text, char part[PART_BYTES])
{
    const char *comma = strchr(text, ','), *end = comma ? comma : text + strlen(text);
    while (text < end && *text == ' ')
        text++;
    const char *last = end;
    while (last > text && last[-1] == ' ')
        last--;
    size_t len = (size_t)(last - text);
    snprintf(part, PART_BYTES, "%.*s", len < PART_BYTES ? (int)len : PART_BYTES - 1, text);
    return comma ? comma + 1 : NULL;
}

/* Adds either the profiles or the plain ports of the list. */
static int add_parts(struct parse *parse, const char *text, bool profiles)
{
    char part[PART_BYTES];
    while (text) {
        text = next_part(text, part);
        if ((part[0] == '@') != profiles)
            continue;
        int error = profiles ? add_profile(parse, part) : add_ports(parse, part);
        if (error)
            return error;
    }
    return 0;
}

int port_list_parse(const char *text, struct port_list *list, char message[PORT_LIST_MESSAGE_BYTES])
{
    struct parse parse = {.message = message};
    int error =
        add_parts(&parse, text, true); /* first, because a profile knows a port's role and a plain list does not */
    if (!error)
        error = add_parts(&parse, text, false);
    if (error)
        return error;
    merge_neighbours(&parse.list);
    *list = parse.list;
    return 0;
}

size_t port_list_size(const struct port_list *list)
{
    size_t ports = 0;
    for (size_t i = 0; i < list->count; i++)
        ports += list->ranges[i].last - list->ranges[i].first + 1u;
    return ports;
}

bool port_list_contains(const struct port_list *list, enum transport transport, uint16_t port)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct port_range *range = &list->ranges[i];
        if (range->transport == transport && port >= range->first && port <= range->last)
            return true;
    }
    return false;
}
