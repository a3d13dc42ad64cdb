#include "collector/service.h"

#include "alert/alert.h"
#include "base/log.h"
#include "base/signals.h"
#include "collector/identity.h"
#include "control/control.h"
#include "exchange/delivery.h"
#include "exchange/notice.h"
#include "exchange/order.h"
#include "gateway/gateway.h"
#include "metrics/tallies.h"
#include "store/store_writer.h"
#include "watch/watch.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define IO_THREADS 2    /* CURVE costs CPU; two keep a core each of a small server busy when a fleet comes back */
#define STOP_GRACE_S 25 /* beyond the drain: a statement may take 10 s, in control and in a writer */
#define BYTES_PER_MB 1048576u

enum stop_fd {
    STOP_GATEWAY,
    STOP_WRITERS,
    DRAIN_CONTROL,
    STOP_CONTROL,
    CONTROL_ENDED,
    STOP_WATCH,
    STOP_ALERT,
    STOP_FDS
};

struct service {
    const struct collector_settings *settings;
    void *context;
    int fds[STOP_FDS]; /* eventfds; readable once it is time */
    int signal_fd;
    int reload[2]; /* pipe of struct secrets to control */
    struct mailbox_pair *control_pair, *writer_pairs[SETTINGS_WRITERS_MAX];
    struct mailbox *gateway_stores[SETTINGS_WRITERS_MAX];
    size_t writer_count;
    struct gateway *gateway;
    struct control *control;
    struct alert *alert; /* NULL: others tell webhooks */
    struct watch *watch; /* NULL: nobody is to watch */
    struct tallies tallies;
    struct store_writer *writers[SETTINGS_WRITERS_MAX];
    char writer_names[SETTINGS_WRITERS_MAX][40];
    pthread_t gateway_thread, control_thread, watch_thread, alert_thread, writer_threads[SETTINGS_WRITERS_MAX];
    bool gateway_runs, control_runs, watch_runs, alert_runs;
    size_t writers_running;
    int control_exit_code;
};

/* An agent costs two descriptors; what the unit's LimitNOFILE allows is taken. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_warning("collector", NULL, "cannot raise the limit of open files: %s", strerror(errno));
}

static int out_of(const char *what)
{
    log_error("collector", NULL, "cannot start: no %s: %s", what, strerror(errno));
    return EX_OSERR;
}

static int make_context(struct service *service)
{
    raise_descriptor_limit();
    service->signal_fd = signals_open(SIGHUP);
    if (service->signal_fd < 0)
        return out_of("signal descriptor");
    for (int i = 0; i < STOP_FDS; i++) {
        service->fds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (service->fds[i] < 0)
            return out_of("event descriptors");
    }
    if (pipe2(service->reload, O_CLOEXEC | O_NONBLOCK) != 0)
        return out_of("pipe");
    service->context = zmq_ctx_new();
    if (!service->context || zmq_ctx_set(service->context, ZMQ_IO_THREADS, IO_THREADS) != 0 ||
        zmq_ctx_set(service->context, ZMQ_MAX_SOCKETS, zmq_ctx_get(service->context, ZMQ_SOCKET_LIMIT)) != 0)
        return out_of("ZeroMQ context");
    return EX_OK;
}

static int make_mailboxes(struct service *service)
{
    service->control_pair = mailbox_pair_create(service->context, "control");
    if (!service->control_pair)
        return out_of("mailbox");
    for (size_t i = 0; i < service->writer_count; i++) {
        snprintf(service->writer_names[i], sizeof(service->writer_names[i]), "natsweep-writer-%zu", i + 1);
        service->writer_pairs[i] = mailbox_pair_create(service->context, service->writer_names[i]);
        if (!service->writer_pairs[i])
            return out_of("mailbox");
        service->gateway_stores[i] = mailbox_end(service->writer_pairs[i], 0);
    }
    return EX_OK;
}

static int make_gateway(struct service *service, const struct curve_key_pair *key)
{
    const struct collector_settings *settings = service->settings;
    const struct gateway_config config = {
        .listen = settings->agents_listen,
        .listen_enroll = settings->enroll_listen,
        .server = key,
        .heartbeat_ms = (uint32_t)settings->heartbeat_ms,
        .heartbeat_misses = (uint32_t)settings->heartbeat_misses,
        .queue_bytes = (uint64_t)settings->store_queue_mb * BYTES_PER_MB,
        .enroll_source_per_minute = (uint32_t)settings->enroll_source_per_minute,
        .enroll_total_per_minute = (uint32_t)settings->enroll_total_per_minute,
        .drain_ms = (uint32_t)settings->drain_ms,
        .control = mailbox_end(service->control_pair, 0),
        .stores = service->gateway_stores,
        .store_count = service->writer_count,
        .tallies = &service->tallies,
        .stop_fd = service->fds[STOP_GATEWAY],
    };
    char message[GATEWAY_MESSAGE_BYTES];
    service->gateway = gateway_create(service->context, &config, message);
    if (service->gateway)
        return EX_OK;
    log_error("gateway", NULL, "%s", message);
    return EX_UNAVAILABLE;
}

static int make_control(struct service *service, const struct curve_key_pair *key, const struct secrets *secrets)
{
    const struct collector_settings *settings = service->settings;
    struct control_config config = {
        .dsn = settings->dsn,
        .lease = {.name = settings->name,
                  .endpoints = settings->agents_advertise,
                  .enroll_endpoints = settings->enroll_advertise},
        .secrets = *secrets,
        .secrets_fd = service->reload[0],
        .gateway = mailbox_end(service->control_pair, 1),
        .tallies = &service->tallies,
        .drain_fd = service->fds[DRAIN_CONTROL],
        .stop_fd = service->fds[STOP_CONTROL],
    };
    memcpy(config.lease.public_key, key->public_key, CURVE_KEY_BYTES);
    service->control = control_create(&config);
    return service->control ? EX_OK : out_of("memory");
}

static int make_writers(struct service *service)
{
    tallies_set(&service->tallies, TALLY_WRITERS, (int64_t)service->writer_count);
    for (size_t i = 0; i < service->writer_count; i++) {
        const struct store_writer_config config = {.dsn = service->settings->dsn,
                                                   .name = service->writer_names[i],
                                                   .gateway = mailbox_end(service->writer_pairs[i], 1),
                                                   .tallies = &service->tallies,
                                                   .stop_fd = service->fds[STOP_WRITERS]};
        service->writers[i] = store_writer_create(&config);
        if (!service->writers[i])
            return out_of("memory");
    }
    return EX_OK;
}

static int make_watch(struct service *service)
{
    const struct watch_config config = {.listen = service->settings->watch_address,
                                        .dsn = service->settings->dsn,
                                        .tallies = &service->tallies,
                                        .stop_fd = service->fds[STOP_WATCH]};
    if (!address_known(&config.listen))
        return EX_OK;
    service->watch = watch_create(&config);
    return service->watch ? EX_OK : out_of("memory");
}

static int make_alert(struct service *service)
{
    const char *ca_file = service->settings->webhook_ca_file;
    const struct alert_config config = {.dsn = service->settings->dsn,
                                        .ca_file = ca_file[0] ? ca_file : NULL,
                                        .tallies = &service->tallies,
                                        .stop_fd = service->fds[STOP_ALERT]};
    if (!service->settings->webhook_send)
        return EX_OK;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return out_of("libcurl");
    service->alert = alert_create(&config);
    return service->alert ? EX_OK : out_of("memory");
}

static void *run_gateway(void *argument)
{
    struct service *service = argument;
    size_t left = gateway_run(service->gateway);
    if (left > 0)
        log_warning("gateway", NULL, "%zu reports were not stored in time: their agents keep them", left);
    return NULL;
}

static void *run_control(void *argument)
{
    struct service *service = argument;
    service->control_exit_code = control_run(service->control);
    (void)eventfd_write(service->fds[CONTROL_ENDED], 1);
    return NULL;
}

static void *run_watch(void *argument)
{
    watch_run(argument);
    return NULL;
}

static void *run_alert(void *argument)
{
    alert_run(argument);
    return NULL;
}

static void *run_writer(void *argument)
{
    store_writer_run(argument);
    return NULL;
}

static int start(pthread_t *thread, bool *runs, void *(*run)(void *), void *argument)
{
    errno = pthread_create(thread, NULL, run, argument);
    if (errno)
        return out_of("thread");
    *runs = true;
    return EX_OK;
}

static int start_writers(struct service *service)
{
    bool runs;
    int exit_code = EX_OK;
    for (size_t i = 0; !exit_code && i < service->writer_count; i++) {
        exit_code = start(&service->writer_threads[i], &runs, run_writer, service->writers[i]);
        service->writers_running += exit_code == EX_OK;
    }
    return exit_code;
}

static int start_threads(struct service *service)
{
    int exit_code = start_writers(service);
    if (!exit_code)
        exit_code = start(&service->control_thread, &service->control_runs, run_control, service);
    if (!exit_code)
        exit_code = start(&service->gateway_thread, &service->gateway_runs, run_gateway, service);
    if (!exit_code && service->watch)
        exit_code = start(&service->watch_thread, &service->watch_runs, run_watch, service->watch);
    if (!exit_code && service->alert)
        exit_code = start(&service->alert_thread, &service->alert_runs, run_alert, service->alert);
    return exit_code;
}

/* What cannot be read is left as it was: agents go on with it. */
static void reload(const struct service *service)
{
    struct secrets secrets;
    char message[SETTINGS_MESSAGE_BYTES];
    if (identity_secrets(service->settings, &secrets, message) != 0) {
        log_error("collector", service->settings->name, "nothing is reloaded: %s", message);
        return;
    }
    if (write(service->reload[1], &secrets, sizeof(secrets)) != (ssize_t)sizeof(secrets))
        log_error("collector", service->settings->name, "nothing is reloaded: %s", strerror(errno));
    explicit_bzero(&secrets, sizeof(secrets));
}

/* Whether that signal was not yet the end. */
static bool was_reload(const struct service *service)
{
    if (signals_next(service->signal_fd) != SIGHUP)
        return false;
    reload(service);
    return true;
}

/* Returns when it is time to stop. */
static void wait_for_end(const struct service *service)
{
    struct pollfd items[] = {{.fd = service->signal_fd, .events = POLLIN},
                             {.fd = service->fds[CONTROL_ENDED], .events = POLLIN}};
    int ready;
    do {
        ready = poll(items, 2, -1);
    } while ((ready < 0 && errno == EINTR) || (ready > 0 && items[0].revents && was_reload(service)));
    log_info("collector", service->settings->name, "stopping");
}

static void signal_stop(const struct service *service, enum stop_fd which)
{
    (void)eventfd_write(service->fds[which], 1);
}

/* Each stage ends before the next one loses whom it talks to. The alarm's default action ends what hangs in spite of
 * all. */
static void stop_threads(struct service *service)
{
    alarm((unsigned)(service->settings->drain_ms / 1000) + STOP_GRACE_S);
    signal_stop(service, DRAIN_CONTROL);
    signal_stop(service, STOP_ALERT);
    signal_stop(service, STOP_GATEWAY);
    if (service->gateway_runs)
        pthread_join(service->gateway_thread, NULL);
    signal_stop(service, STOP_WRITERS);
    for (size_t i = 0; i < service->writers_running; i++)
        pthread_join(service->writer_threads[i], NULL);
    signal_stop(service, STOP_CONTROL);
    if (service->control_runs)
        pthread_join(service->control_thread, NULL);
    if (service->alert_runs)
        pthread_join(service->alert_thread, NULL);
    signal_stop(service, STOP_WATCH);
    if (service->watch_runs)
        pthread_join(service->watch_thread, NULL);
    alarm(0);
}

static void destroy(struct service *service)
{
    for (size_t i = 0; i < service->writer_count; i++)
        store_writer_destroy(service->writers[i]);
    watch_destroy(service->watch);
    alert_destroy(service->alert);
    control_destroy(service->control);
    gateway_destroy(service->gateway);
    for (size_t i = 0; i < service->writer_count; i++)
        mailbox_pair_destroy(service->writer_pairs[i], delivery_free, delivery_free);
    mailbox_pair_destroy(service->control_pair, order_free, notice_free);
    if (service->context)
        zmq_ctx_term(service->context);
    for (int i = 0; i < STOP_FDS; i++)
        close(service->fds[i]);
    close(service->signal_fd);
    close(service->reload[0]);
    close(service->reload[1]);
    free(service);
}

static int make_all(struct service *service, const struct curve_key_pair *key, const struct secrets *secrets)
{
    int exit_code = make_context(service);
    if (!exit_code)
        exit_code = make_mailboxes(service);
    if (!exit_code)
        exit_code = make_gateway(service, key);
    if (!exit_code)
        exit_code = make_control(service, key, secrets);
    if (!exit_code)
        exit_code = make_writers(service);
    if (!exit_code)
        exit_code = make_watch(service);
    if (!exit_code)
        exit_code = make_alert(service);
    return exit_code;
}

int service_run(const struct collector_settings *settings, const struct curve_key_pair *key,
                const struct secrets *secrets)
{
    struct service *service = calloc(1, sizeof(*service));
    if (!service)
        return out_of("memory");
    service->settings = settings;
    service->writer_count = (size_t)settings->store_writers;
    service->signal_fd = -1;
    memset(service->fds, -1, sizeof(service->fds));
    memset(service->reload, -1, sizeof(service->reload));
    int exit_code = make_all(service, key, secrets);
    if (!exit_code)
        exit_code = start_threads(service);
    if (!exit_code) {
        const char *enrolment = gateway_enroll_endpoint(service->gateway);
        log_info("collector", settings->name, "serves agents on %s and enrols on %s",
                 gateway_endpoint(service->gateway), enrolment[0] ? enrolment : "no endpoint");
        wait_for_end(service);
    }
    stop_threads(service);
    if (!exit_code)
        exit_code = service->control_exit_code;
    destroy(service);
    return exit_code;
}
