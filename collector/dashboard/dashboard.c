#include "dashboard/dashboard.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/signals.h"
#include "dashboard/http.h"
#include "dashboard/reception.h"
#include "dashboard/server.h"
#include "http/arrivals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define HTTP_CONNECTIONS_MAX 1000u
#define HTTP_CONNECTIONS_PER_IP 250u /* many people behind one NAT */
#define HTTP_IDLE_S 30u
#define US_PER_MS 1000u
#define PASS_MAX_US UINT64_C(10000000) /* sessions end within seconds of their time */

enum { ITEM_SIGNAL, ITEM_HTTP, ITEMS_FIXED };

struct dashboard {
    struct server server;
    struct arrivals arrivals;
    struct MHD_Daemon *daemon;
    struct pollfd *items;
    size_t capacity;
    int signals;
};

static enum MHD_Result refuse_unclear(struct server *server, const struct call *call)
{
    struct MHD_Response *response = http_failure(FAILURE_BAD_REQUEST, NULL);
    http_close_after(response);
    counts_answer(&server->counts, MHD_HTTP_BAD_REQUEST);
    return http_send(call->http, MHD_HTTP_BAD_REQUEST, response, server->settings->behind_tls);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *http, const char *url, const char *method,
                              const char *version, const char *bytes, size_t *len, void **slot)
{
    struct dashboard *dashboard = context;
    struct server *server = &dashboard->server;
    struct call *call = *slot;
    (void)version;
    if (!call) {
        arrivals_headers(&dashboard->arrivals, http);
        *slot = call_create(http, &server->calls);
        if (!*slot)
            return MHD_NO;
        if (!http_ends_clearly(http))
            return refuse_unclear(server, *slot);
        reception_admit(server, *slot, clock_monotonic_us());
        return MHD_YES;
    }
    if (*len > 0) {
        call_receive(call, bytes, *len);
        *len = 0;
        return MHD_YES;
    }
    arrivals_whole(http);
    if (call->state == CALL_RECEIVING)
        reception_begin(server, call, method, url, clock_monotonic_us());
    if (call->state != CALL_ANSWERED)
        return MHD_YES; /* suspended */
    struct MHD_Response *response = call->response;
    call->response = NULL;
    counts_answer(&server->counts, call->status);
    return http_send(http, call->status, response, call->behind_tls);
}

static void completed(void *context, struct MHD_Connection *http, void **slot, enum MHD_RequestTerminationCode why)
{
    struct dashboard *dashboard = context;
    struct call *call = *slot;
    (void)why;
    arrivals_over(&dashboard->arrivals, http);
    if (!call)
        return;
    server_forget(&dashboard->server, call);
    call_destroy(call);
    *slot = NULL;
}

__attribute__((format(printf, 2, 0))) static void log_http(void *context, const char *format, va_list arguments)
{
    char line[256];
    (void)context;
    vsnprintf(line, sizeof(line), format, arguments);
    line[strcspn(line, "\n")] = '\0';
    log_debug("http", NULL, "%s", line);
}

/* Behind a proxy all come from one address. */
static unsigned connections_per_ip(const struct dashboard_settings *settings)
{
    return settings->behind_tls || address_is_loopback(&settings->address) ? 0 : HTTP_CONNECTIONS_PER_IP;
}

static struct MHD_Daemon *start_http(struct dashboard *dashboard)
{
    const struct dashboard_settings *settings = dashboard->server.settings;
    struct sockaddr_storage address;
    if (address_to_sockaddr(&settings->address, &address) == 0)
        return NULL;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    if (settings->address.family == 6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, dashboard, MHD_OPTION_EXTERNAL_LOGGER, log_http, NULL,
                            MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED, completed,
                            dashboard, MHD_OPTION_NOTIFY_CONNECTION, arrivals_notify, &dashboard->arrivals,
                            MHD_OPTION_CONNECTION_LIMIT, HTTP_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                            connections_per_ip(settings), MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_S,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
}

static int milliseconds_until(const struct dashboard *dashboard, uint64_t wake_us, uint64_t now_us)
{
    MHD_UNSIGNED_LONG_LONG http_ms = 0;
    uint64_t wait_ms = wake_us <= now_us ? 0 : (wake_us - now_us) / US_PER_MS + 1;
    if (MHD_get_timeout(dashboard->daemon, &http_ms) == MHD_YES && http_ms < wait_ms)
        wait_ms = http_ms;
    return (int)wait_ms;
}

/* Waits once, then lets both sides go on. Returns whether to go on at all. */
static bool pass(struct dashboard *dashboard)
{
    uint64_t now_us = clock_monotonic_us(), wake_us = now_us + PASS_MAX_US;
    size_t count = ITEMS_FIXED + server_poll(&dashboard->server, dashboard->items + ITEMS_FIXED,
                                             dashboard->capacity - ITEMS_FIXED, &wake_us);
    if (arrivals_wake_us(&dashboard->arrivals) < wake_us)
        wake_us = arrivals_wake_us(&dashboard->arrivals);
    if (poll(dashboard->items, count, milliseconds_until(dashboard, wake_us, now_us)) < 0 && errno != EINTR)
        log_error("dashboard", NULL, "poll: %s", strerror(errno));
    now_us = clock_monotonic_us();
    server_advance(&dashboard->server, now_us);
    arrivals_advance(&dashboard->arrivals, now_us);
    (void)MHD_run(dashboard->daemon);
    return !(dashboard->items[ITEM_SIGNAL].revents & POLLIN);
}

static void announce(const struct dashboard *dashboard)
{
    struct address address = dashboard->server.settings->address;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(dashboard->daemon, MHD_DAEMON_INFO_BIND_PORT);
    char text[ADDRESS_TEXT_BYTES];
    if (info)
        address.port = info->port;
    log_info("dashboard", NULL, "serving http://%s/", address_format(&address, text));
    if (!address_is_loopback(&address) && !dashboard->server.settings->behind_tls)
        log_warning("dashboard", NULL,
                    "passwords cross the network in the clear: listen on loopback behind a proxy "
                    "that speaks TLS, and set dashboard.behind_tls");
}

static int serve(struct dashboard *dashboard)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(dashboard->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    dashboard->items[ITEM_SIGNAL] = (struct pollfd){.fd = dashboard->signals, .events = POLLIN};
    dashboard->items[ITEM_HTTP] = (struct pollfd){.fd = info->epoll_fd, .events = POLLIN};
    announce(dashboard);
    while (pass(dashboard))
        ;
    server_stop(&dashboard->server);
    (void)MHD_run(dashboard->daemon);
    return EX_OK;
}

int dashboard_run(const struct dashboard_settings *settings)
{
    struct dashboard dashboard = {.signals = signals_open(0)};
    int exit_code = EX_OSERR;
    dashboard.capacity = ITEMS_FIXED + ((size_t)settings->sessions_max + 1) * SESSION_CONNECTIONS_MAX;
    dashboard.items = calloc(dashboard.capacity, sizeof(*dashboard.items));
    if (server_init(&dashboard.server, settings, clock_monotonic_us()) != 0 || !dashboard.items ||
        dashboard.signals < 0) {
        log_error("dashboard", NULL, "cannot start: %s", strerror(errno));
        goto out;
    }
    arrivals_init(&dashboard.arrivals, HTTP_CONNECTIONS_MAX, clock_monotonic_us());
    dashboard.daemon = start_http(&dashboard);
    if (!dashboard.daemon) {
        log_error("dashboard", NULL, "cannot listen on %s: %s", settings->listen, strerror(errno));
        exit_code = EX_UNAVAILABLE;
        goto out;
    }
    exit_code = serve(&dashboard);
    MHD_stop_daemon(dashboard.daemon);
out:
    server_clear(&dashboard.server);
    free(dashboard.items);
    if (dashboard.signals >= 0)
        (void)close(dashboard.signals);
    return exit_code;
}
