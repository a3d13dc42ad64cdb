#include "net/host_port.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int parse_port(const char *text, uint16_t *port)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '\0')
        return -EINVAL;
    unsigned long value = strtoul(text, NULL, 10);
    if (value == 0 || value > UINT16_MAX)
        return -EINVAL;
    *port = (uint16_t)value;
    return 0;
}

static bool is_host(const char *host, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isgraph((unsigned char)host[i]))
            return false;
    return len > 0 && len < HOST_BYTES;
}

int host_port_parse(const char *text, uint16_t default_port, char host[HOST_BYTES], uint16_t *port)
{
    const char *begin = text, *end = text + strlen(text), *port_text = NULL;
    uint16_t parsed = default_port;

    if (text[0] == '[') {
        begin = text + 1;
        end = strchr(begin, ']');
        if (!end || (end[1] != '\0' && end[1] != ':'))
            return -EINVAL;
        port_text = end[1] == ':' ? end + 2 : NULL;
    } else {
        const char *colon = strchr(text, ':');
        if (colon && strchr(colon + 1, ':') == NULL) { /* two colons: a bare IPv6 address */
            end = colon;
            port_text = colon + 1;
        }
    }
    size_t len = (size_t)(end - begin);
    if (!is_host(begin, len) || (port_text && parse_port(port_text, &parsed) != 0))
        return -EINVAL;
    memcpy(host, begin, len);
    host[len] = '\0';
    *port = parsed;
    return 0;
}
