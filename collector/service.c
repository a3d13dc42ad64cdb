#include "collector/service.h"

#include "base/log.h"
#include "base/signals.h"
#include "collector/identity.h"
#include "collector/stages.h"
#include "collector/threads.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct service {
    struct stages stages;
    struct threads threads;
    int signal_fd;
};

/* What cannot be read is left as it was: agents go on with it. */
static void reload(const struct stages *stages)
{
    const char *name = stages->settings->name;
    struct secrets secrets;
    char message[SETTINGS_MESSAGE_BYTES];
    if (identity_secrets(stages->settings, &secrets, message) != 0) {
        log_error("collector", name, "nothing is reloaded: %s", message);
        return;
    }
    if (write(stages->reload[1], &secrets, sizeof(secrets)) != (ssize_t)sizeof(secrets))
        log_error("collector", name, "nothing is reloaded: %s", strerror(errno));
    explicit_bzero(&secrets, sizeof(secrets));
}

/* Whether that signal was not yet the end. */
static bool was_reload(const struct service *service)
{
    if (signals_next(service->signal_fd) != SIGHUP)
        return false;
    reload(&service->stages);
    return true;
}

/* Returns when it is time to stop. */
static void wait_for_end(const struct service *service)
{
    struct pollfd items[] = {{.fd = service->signal_fd, .events = POLLIN},
                             {.fd = service->stages.signals[CONTROL_ENDED], .events = POLLIN}};
    int ready;
    do {
        ready = poll(items, 2, -1);
    } while ((ready < 0 && errno == EINTR) || (ready > 0 && items[0].revents && was_reload(service)));
}

static int serve(struct service *service)
{
    const struct gateway *gateway = service->stages.gateway;
    const char *name = service->stages.settings->name;
    int exit_code = threads_start(&service->threads, &service->stages);
    if (!exit_code) {
        const char *enrolment = gateway_enroll_endpoint(gateway);
        log_info("collector", name, "serves agents on %s and enrols on %s", gateway_endpoint(gateway),
                 enrolment[0] ? enrolment : "no endpoint");
        wait_for_end(service);
        log_info("collector", name, "stopping");
    }
    threads_stop(&service->threads);
    return exit_code ? exit_code : service->threads.control_exit_code;
}

int service_run(const struct collector_settings *settings, const struct curve_key_pair *key,
                const struct secrets *secrets)
{
    struct service *service = calloc(1, sizeof(*service));
    if (!service)
        return stages_out_of("memory");
    service->signal_fd = signals_open(SIGHUP);
    if (service->signal_fd < 0) {
        free(service);
        return stages_out_of("signal descriptor");
    }
    int exit_code = stages_make(&service->stages, settings, key, secrets);
    if (!exit_code)
        exit_code = serve(service);
    stages_destroy(&service->stages);
    close(service->signal_fd);
    free(service);
    return exit_code;
}
