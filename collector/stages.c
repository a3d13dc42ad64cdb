#include "collector/stages.h"

#include "base/log.h"
#include "exchange/delivery.h"
#include "exchange/notice.h"
#include "exchange/order.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define IO_THREADS 2 /* CURVE costs CPU; two keep a core each of a small server busy when a fleet comes back */
#define BYTES_PER_MB 1048576u

/* An agent costs a descriptor; what the unit's LimitNOFILE allows is taken. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_warning("collector", NULL, "cannot raise the limit of open files: %s", strerror(errno));
}

int stages_out_of(const char *what)
{
    log_error("collector", NULL, "cannot start: no %s: %s", what, strerror(errno));
    return EX_OSERR;
}

static int make_context(struct stages *stages)
{
    raise_descriptor_limit();
    for (int i = 0; i < STAGE_SIGNALS; i++) {
        stages->signals[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (stages->signals[i] < 0)
            return stages_out_of("event descriptors");
    }
    if (pipe2(stages->reload, O_CLOEXEC | O_NONBLOCK) != 0)
        return stages_out_of("pipe");
    stages->context = zmq_ctx_new();
    if (!stages->context || zmq_ctx_set(stages->context, ZMQ_IO_THREADS, IO_THREADS) != 0 ||
        zmq_ctx_set(stages->context, ZMQ_MAX_SOCKETS, zmq_ctx_get(stages->context, ZMQ_SOCKET_LIMIT)) != 0)
        return stages_out_of("ZeroMQ context");
    return EX_OK;
}

static int make_mailboxes(struct stages *stages)
{
    stages->control_pair = mailbox_pair_create(stages->context, "control");
    if (!stages->control_pair)
        return stages_out_of("mailbox");
    for (size_t i = 0; i < stages->writer_count; i++) {
        snprintf(stages->writer_names[i], sizeof(stages->writer_names[i]), "natsweep-writer-%zu", i + 1);
        stages->writer_pairs[i] = mailbox_pair_create(stages->context, stages->writer_names[i]);
        if (!stages->writer_pairs[i])
            return stages_out_of("mailbox");
        stages->gateway_stores[i] = mailbox_end(stages->writer_pairs[i], 0);
    }
    return EX_OK;
}

static int make_gateway(struct stages *stages, const struct curve_key_pair *key)
{
    const struct collector_settings *settings = stages->settings;
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
        .control = mailbox_end(stages->control_pair, 0),
        .stores = stages->gateway_stores,
        .store_count = stages->writer_count,
        .tallies = &stages->tallies,
        .stop_fd = stages->signals[STOP_GATEWAY],
    };
    char message[GATEWAY_MESSAGE_BYTES];
    stages->gateway = gateway_create(stages->context, &config, message);
    if (stages->gateway)
        return EX_OK;
    log_error("gateway", NULL, "%s", message);
    return EX_UNAVAILABLE;
}

static int make_control(struct stages *stages, const struct curve_key_pair *key, const struct secrets *secrets)
{
    const struct collector_settings *settings = stages->settings;
    struct control_config config = {
        .dsn = settings->dsn,
        .lease = {.name = settings->name,
                  .endpoints = settings->agents_advertise,
                  .enroll_endpoints = settings->enroll_advertise},
        .secrets = *secrets,
        .secrets_fd = stages->reload[0],
        .gateway = mailbox_end(stages->control_pair, 1),
        .tallies = &stages->tallies,
        .drain_fd = stages->signals[DRAIN_CONTROL],
        .stop_fd = stages->signals[STOP_CONTROL],
    };
    memcpy(config.lease.public_key, key->public_key, CURVE_KEY_BYTES);
    stages->control = control_create(&config);
    return stages->control ? EX_OK : stages_out_of("memory");
}

static int make_writers(struct stages *stages)
{
    tallies_set(&stages->tallies, TALLY_WRITERS, (int64_t)stages->writer_count);
    for (size_t i = 0; i < stages->writer_count; i++) {
        const struct store_writer_config config = {.dsn = stages->settings->dsn,
                                                   .name = stages->writer_names[i],
                                                   .gateway = mailbox_end(stages->writer_pairs[i], 1),
                                                   .tallies = &stages->tallies,
                                                   .stop_fd = stages->signals[STOP_WRITERS]};
        stages->writers[i] = store_writer_create(&config);
        if (!stages->writers[i])
            return stages_out_of("memory");
    }
    return EX_OK;
}

static int make_watch(struct stages *stages)
{
    const struct watch_config config = {.listen = stages->settings->watch_address,
                                        .dsn = stages->settings->dsn,
                                        .tallies = &stages->tallies,
                                        .stop_fd = stages->signals[STOP_WATCH]};
    if (!address_known(&config.listen))
        return EX_OK;
    stages->watch = watch_create(&config);
    return stages->watch ? EX_OK : stages_out_of("memory");
}

static int make_alert(struct stages *stages)
{
    const char *ca_file = stages->settings->webhook_ca_file;
    const struct alert_config config = {.dsn = stages->settings->dsn,
                                        .ca_file = ca_file[0] ? ca_file : NULL,
                                        .tallies = &stages->tallies,
                                        .stop_fd = stages->signals[STOP_ALERT]};
    if (!stages->settings->webhook_send)
        return EX_OK;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return stages_out_of("libcurl");
    stages->alert = alert_create(&config);
    return stages->alert ? EX_OK : stages_out_of("memory");
}

int stages_make(struct stages *stages, const struct collector_settings *settings, const struct curve_key_pair *key,
                const struct secrets *secrets)
{
    stages->settings = settings;
    stages->writer_count = (size_t)settings->store_writers;
    memset(stages->signals, -1, sizeof(stages->signals));
    memset(stages->reload, -1, sizeof(stages->reload));
    int exit_code = make_context(stages);
    if (!exit_code)
        exit_code = make_mailboxes(stages);
    if (!exit_code)
        exit_code = make_gateway(stages, key);
    if (!exit_code)
        exit_code = make_control(stages, key, secrets);
    if (!exit_code)
        exit_code = make_writers(stages);
    if (!exit_code)
        exit_code = make_watch(stages);
    if (!exit_code)
        exit_code = make_alert(stages);
    return exit_code;
}

void stages_destroy(struct stages *stages)
{
    for (size_t i = 0; i < stages->writer_count; i++)
        store_writer_destroy(stages->writers[i]);
    watch_destroy(stages->watch);
    alert_destroy(stages->alert);
    control_destroy(stages->control);
    gateway_destroy(stages->gateway);
    for (size_t i = 0; i < stages->writer_count; i++)
        mailbox_pair_destroy(stages->writer_pairs[i], delivery_free, delivery_free);
    mailbox_pair_destroy(stages->control_pair, order_free, notice_free);
    if (stages->context)
        zmq_ctx_term(stages->context);
    for (int i = 0; i < STAGE_SIGNALS; i++)
        close(stages->signals[i]);
    close(stages->reload[0]);
    close(stages->reload[1]);
}

void stages_signal(const struct stages *stages, enum stage_signal which)
{
    (void)eventfd_write(stages->signals[which], 1);
}
