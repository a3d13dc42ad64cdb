#include "watch/watch.h"

#include "base/clock.h"
#include "base/log.h"
#include "database/database.h"
#include "http/arrivals.h"
#include "watch/fleet_metrics.h"
#include "watch/health.h"
#include "watch/process_metrics.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENT_MS 3000u /* a scraper gives up after ten seconds */
#define CONNECTIONS_MAX 64u
#define CONNECTIONS_PER_IP 16u
#define IDLE_S 10u
#define LISTEN_RETRY_US 2000000u
#define WAIT_MS_MAX 1000
#define US_PER_MS 1000u
#define TEXT_PLAIN "text/plain; charset=utf-8"

struct watch {
    struct watch_config config;
    struct database *database;
    struct fleet_metrics fleet;
    struct MHD_Daemon *daemon; /* NULL: not listening yet */
    struct arrivals arrivals;
    uint64_t listen_us; /* not before */
    bool listen_complained;
};

struct page {
    const char *path;
    enum MHD_Result (*answer)(struct watch *watch, struct MHD_Connection *connection);
};

struct watch *watch_create(const struct watch_config *config)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    if (!watch)
        return NULL;
    watch->config = *config;
    watch->database = database_create(
        &(struct database_config){.dsn = config->dsn, .name = "natsweep-watch", .statement_ms = STATEMENT_MS});
    arrivals_init(&watch->arrivals, CONNECTIONS_MAX, clock_monotonic_us());
    if (watch->database)
        return watch;
    free(watch);
    return NULL;
}

void watch_destroy(struct watch *watch)
{
    if (!watch)
        return;
    fleet_metrics_free(&watch->fleet);
    database_destroy(watch->database);
    free(watch);
}

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status, const char *type, const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result reply_health(struct MHD_Connection *connection, const struct health *health)
{
    return reply(connection, health->good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, TEXT_PLAIN, health->text);
}

static enum MHD_Result answer_alive(struct watch *watch, struct MHD_Connection *connection)
{
    const struct health health = health_alive(watch->config.tallies, clock_monotonic_us());
    return reply_health(connection, &health);
}

static enum MHD_Result answer_ready(struct watch *watch, struct MHD_Connection *connection)
{
    const struct health health = health_ready(watch->config.tallies);
    return reply_health(connection, &health);
}

static void write_build(struct metric_text *out)
{
    const struct metric_label version = {"version", NATSWEEP_VERSION};
    metric_text_family(out, "natsweep_build_info", METRIC_GAUGE, "1, with the version of this program");
    metric_text_sample(out, "natsweep_build_info", &version, 1, 1);
}

static enum MHD_Result answer_metrics(struct watch *watch, struct MHD_Connection *connection)
{
    struct metric_text text = {0};
    fleet_metrics_renew(&watch->fleet, watch->database, clock_monotonic_us());
    write_build(&text);
    tallies_write(watch->config.tallies, &text);
    process_metrics_write(&text);
    metric_text_append(&text, &watch->fleet.text);
    enum MHD_Result queued =
        text.failed ? MHD_NO : reply(connection, MHD_HTTP_OK, METRIC_TEXT_CONTENT_TYPE, text.bytes);
    metric_text_free(&text);
    return queued;
}

static const struct page pages[] = {
    {"/metrics", answer_metrics}, {"/healthz", answer_alive}, {"/readyz", answer_ready}};

/* MHD calls this first with the headers and again with the body, which no page wants. */
static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *upload, size_t *upload_bytes,
                                  void **state)
{
    static const char seen = 0;
    struct watch *watch = closure;
    (void)version;
    (void)upload;
    if (!*state) {
        arrivals_headers(&watch->arrivals, connection);
        *state = (void *)&seen;
        return MHD_YES;
    }
    if (*upload_bytes > 0) {
        *upload_bytes = 0;
        return MHD_YES;
    }
    arrivals_whole(connection);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED, TEXT_PLAIN, "only GET and HEAD\n");
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (strcmp(path, pages[i].path) == 0)
            return pages[i].answer(watch, connection);
    }
    return reply(connection, MHD_HTTP_NOT_FOUND, TEXT_PLAIN, "there are /metrics, /healthz and /readyz\n");
}

static void on_completed(void *closure, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    struct watch *watch = closure;
    (void)state;
    (void)why;
    arrivals_over(&watch->arrivals, connection);
}

static struct MHD_Daemon *start_http(struct watch *watch, const struct sockaddr_storage *address)
{
    const struct address *listen = &watch->config.listen;
    unsigned flags = MHD_USE_EPOLL | (listen->family == 6 ? MHD_USE_IPv6 : 0);
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, watch, MHD_OPTION_SOCK_ADDR, address,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, watch, MHD_OPTION_NOTIFY_CONNECTION,
                            arrivals_notify, &watch->arrivals, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, address_is_loopback(listen) ? 0 : CONNECTIONS_PER_IP,
                            MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_END);
}

/* Complains once; whoever watches will miss the metrics, too. */
static void try_to_listen(struct watch *watch, uint64_t now_us)
{
    struct sockaddr_storage address;
    char text[ADDRESS_TEXT_BYTES];
    if (address_to_sockaddr(&watch->config.listen, &address) == 0)
        return;
    address_format(&watch->config.listen, text);
    errno = 0;
    watch->daemon = start_http(watch, &address);
    if (watch->daemon) {
        log_info("watch", NULL, "serves metrics and health on http://%s", text);
    } else if (!watch->listen_complained) {
        log_error("watch", NULL,
                  "cannot serve metrics on %s: %s; trying again, and all else goes on; watch.listen says where", text,
                  errno ? strerror(errno) : "out of memory or threads");
        watch->listen_complained = true;
    }
    watch->listen_us = now_us + LISTEN_RETRY_US;
}

static int epoll_of(struct watch *watch)
{
    const union MHD_DaemonInfo *info =
        watch->daemon ? MHD_get_daemon_info(watch->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    return info ? info->epoll_fd : -1;
}

static int wait_ms(const struct watch *watch)
{
    MHD_UNSIGNED_LONG_LONG ms = WAIT_MS_MAX;
    bool sooner = watch->daemon && MHD_get_timeout(watch->daemon, &ms) == MHD_YES && ms < WAIT_MS_MAX;
    return sooner ? (int)ms : WAIT_MS_MAX;
}

/* Returns true when it is to end. */
static bool wait_for_something(struct watch *watch)
{
    struct pollfd items[] = {
        {.fd = watch->config.stop_fd, .events = POLLIN},
        {.fd = epoll_of(watch), .events = POLLIN},
        {.fd = database_fd(watch->database), .events = database_events(watch->database)},
    };
    (void)poll(items, ARRAY_LEN(items), wait_ms(watch));
    return items[0].revents != 0;
}

void watch_run(struct watch *watch)
{
    while (!wait_for_something(watch)) {
        uint64_t now_us = clock_monotonic_us();
        bool up = database_advance(watch->database, now_us) == DATABASE_UP;
        tallies_set(watch->config.tallies, TALLY_DATABASE_WATCH, up);
        if (!watch->daemon && now_us >= watch->listen_us)
            try_to_listen(watch, now_us);
        arrivals_advance(&watch->arrivals, now_us);
        if (watch->daemon)
            (void)MHD_run(watch->daemon);
    }
    if (watch->daemon)
        MHD_stop_daemon(watch->daemon);
}
