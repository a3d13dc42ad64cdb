#include "dashboard/sign_in.h"

#include "base/log.h"
#include "dashboard/form.h"
#include "dashboard/forwarded.h"
#include "dashboard/http.h"
#include "proto/text.h"

#include <stdio.h>
#include <string.h>

static struct address source_of(const struct server *server, const struct call *call)
{
    struct address peer = http_source(call->http);
    return forwarded_source(&peer, &server->settings->proxy_address, http_last_header(call->http, "X-Forwarded-For"));
}

void sign_in_log(const struct server *server, const struct call *call, const char *role, const char *what)
{
    char source[ADDRESS_TEXT_BYTES], name[SESSION_ROLE_BYTES];
    struct address address = source_of(server, call);
    (void)address_format_ip(&address, source);
    (void)text_copy(name, sizeof(name), role, TEXT_LINE);
    log_info("sign-in", source, "%s: %s", name, what);
}

static bool may_try(struct server *server, const struct call *call, const char *role, uint64_t now_us)
{
    char source[ADDRESS_TEXT_BYTES], key[ADDRESS_TEXT_BYTES + SESSION_ROLE_BYTES + 1];
    struct address address = source_of(server, call);
    snprintf(key, sizeof(key), "%s %s", address_format_ip(&address, source), role);
    return limiter_allows(&server->sign_ins, key, now_us);
}

/* The header is one that pages of other sites cannot send unasked: nobody is signed in as somebody else behind his back
 * (login CSRF). */
enum failure sign_in_try(struct server *server, struct call *call, struct session **session, uint64_t now_us)
{
    char role[SESSION_ROLE_BYTES], password[SESSION_PASSWORD_BYTES];
    const char *body = call->body ? call->body : "";
    enum failure failure = FAILURE_NONE;
    if (!http_header(call->http, "X-Sign-In"))
        return FAILURE_CSRF;
    bool whole = form_value(body, call->body_len, "role", role, sizeof(role)) == 0 &&
                 form_value(body, call->body_len, "password", password, sizeof(password)) == 0;
    if (!may_try(server, call, role, now_us))
        failure = FAILURE_TOO_MANY_SIGN_INS;
    else if (!whole || !role[0] || !password[0])
        failure = FAILURE_WRONG_PASSWORD; /* an empty password would send libpq looking for another */
    else if ((*session = session_add(&server->sessions, role, password, now_us)) == NULL)
        failure = FAILURE_TOO_MANY_SESSIONS;
    explicit_bzero(password, sizeof(password));
    if (failure != FAILURE_NONE)
        sign_in_log(server, call, role, failure_word(failure));
    return failure;
}
