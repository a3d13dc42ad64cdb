#include "sip/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SESSION_BYTES 256

static const char *const method_names[SIP_METHODS] = {"OPTIONS", "REGISTER", "INVITE"};

const char *sip_method_name(enum sip_method method)
{
    return method_names[method];
}

/* IPv6 addresses wear brackets in SIP (RFC 3261 section 25.1) but not in SDP (RFC 4566). */
static void format_host(const struct address *address, char text[ADDRESS_TEXT_BYTES + 2])
{
    char ip[ADDRESS_TEXT_BYTES];
    address_format_ip(address, ip);
    const bool v6 = address->family == 6;
    snprintf(text, ADDRESS_TEXT_BYTES + 2, "%s%s%s", v6 ? "[" : "", ip, v6 ? "]" : "");
}

static void write_session(char session[SESSION_BYTES], const struct address *local, uint16_t media_port)
{
    char ip[ADDRESS_TEXT_BYTES];
    address_format_ip(local, ip);
    const int version = local->family;
    snprintf(session, SESSION_BYTES,
             "v=0\r\no=natsweep 1 1 IN IP%d %s\r\ns=-\r\nc=IN IP%d %s\r\nt=0 0\r\nm=audio %u RTP/AVP 0\r\n", version,
             ip, version, ip, (unsigned)media_port);
}

int sip_probe_write(struct sip_probe *probe, enum sip_method method, const struct address *local,
                    const struct address *echo, uint16_t media_port, uint64_t token)
{
    const char *name = method_names[method];
    char here[ADDRESS_TEXT_BYTES + 2], there[ADDRESS_TEXT_BYTES + 2], session[SESSION_BYTES] = "";
    format_host(local, here);
    format_host(echo, there);
    if (method == SIP_INVITE)
        write_session(session, local, media_port);
    probe->method = method;
    probe->token = token;
    int len = snprintf(probe->text, sizeof probe->text,
                       "%s sip:echo@%s SIP/2.0\r\n"
                       "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%016" PRIx64 ";rport\r\n"
                       "Max-Forwards: 70\r\n"
                       "From: <sip:natsweep@%s>;tag=%08" PRIx32 "\r\n"
                       "To: <sip:echo@%s>\r\n"
                       "Call-ID: %016" PRIx64 "@%s\r\n"
                       "CSeq: 1 %s\r\n"
                       "Contact: <sip:natsweep@%s:%u>\r\n"
                       "%sContent-Length: %zu\r\n\r\n%s",
                       name, there, here, (unsigned)local->port, token, here, (uint32_t)token, there, token, here, name,
                       here, (unsigned)local->port, session[0] ? "Content-Type: application/sdp\r\n" : "",
                       strlen(session), session);
    if (len < 0 || (size_t)len >= sizeof probe->text)
        return -EMSGSIZE;
    probe->len = (size_t)len;
    return 0;
}
