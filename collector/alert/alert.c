#include "alert/alert.h"

#include "alert/outbox.h"
#include "alert/post.h"
#include "base/clock.h"
#include "base/log.h"
#include "database/database.h"

#include <poll.h>
#include <stdlib.h>

#define AT_ONCE 8           /* slow receivers keep quick ones waiting only when there are so many */
#define ASK_US 2000000u     /* how often the outbox is looked at */
#define BROKEN_US 60000000u /* after an error that a person has to mend */
#define STATEMENT_MS 3000u  /* the outcomes of all that are under way are noted well within their leases */
#define WAIT_MS_MAX 1000

struct alert {
    struct alert_config config;
    struct database *database;
    CURLM *multi;
    struct post *posts[AT_ONCE]; /* under way; NULL = free */
    size_t under_way;
    bool up;
    uint64_t ask_us; /* not before */
    char sender[OUTBOX_SENDER_BYTES];
};

struct alert *alert_create(const struct alert_config *config)
{
    struct alert *alert = calloc(1, sizeof(*alert));
    if (!alert)
        return NULL;
    alert->config = *config;
    outbox_sender(alert->sender);
    alert->multi = curl_multi_init();
    alert->database = database_create(
        &(struct database_config){.dsn = config->dsn, .name = "natsweep-alert", .statement_ms = STATEMENT_MS});
    if (alert->multi && alert->database)
        return alert;
    alert_destroy(alert);
    return NULL;
}

static void drop_post(struct alert *alert, size_t i)
{
    (void)curl_multi_remove_handle(alert->multi, post_handle(alert->posts[i]));
    post_destroy(alert->posts[i]);
    alert->posts[i] = NULL;
    alert->under_way--;
}

void alert_destroy(struct alert *alert)
{
    if (!alert)
        return;
    for (size_t i = 0; i < AT_ONCE; i++) {
        if (alert->posts[i])
            drop_post(alert, i);
    }
    curl_multi_cleanup(alert->multi);
    database_destroy(alert->database);
    free(alert);
}

static void note_error(struct alert *alert, int error, uint64_t now_us)
{
    alert->ask_us = now_us + (error == DATABASE_BROKEN || error == DATABASE_REJECTED ? BROKEN_US : ASK_US);
    if (error != DATABASE_AWAY)
        log_warning("alert", NULL, "the outbox cannot be read: %s", database_message(alert->database));
}

static void begin(struct alert *alert, struct post *post)
{
    size_t i = 0;
    while (alert->posts[i])
        i++;
    CURLMcode code = curl_multi_add_handle(alert->multi, post_handle(post));
    if (code != CURLM_OK) {
        log_error("alert", post_delivery_id(post), "cannot be sent now, and is sent when its lease is over: %s",
                  curl_multi_strerror(code));
        post_destroy(post);
        return;
    }
    alert->posts[i] = post;
    alert->under_way++;
}

static void ask(struct alert *alert, uint64_t now_us)
{
    struct post *posts[AT_ONCE];
    size_t count = 0, room = AT_ONCE - alert->under_way;
    int error = outbox_claim(alert->database, alert->sender, room, alert->config.ca_file, posts, &count);
    if (error) {
        note_error(alert, error, now_us);
        return;
    }
    for (size_t i = 0; i < count; i++)
        begin(alert, posts[i]);
    alert->ask_us = count > 0 ? 0 : now_us + ASK_US;
}

static void settle(struct alert *alert, size_t i, CURLcode code)
{
    struct post_result result;
    const char *delivery_id = post_delivery_id(alert->posts[i]);
    post_result(alert->posts[i], code, &result);
    tallies_add(alert->config.tallies,
                result.arrived     ? TALLY_WEBHOOK_DELIVERED
                : result.forbidden ? TALLY_WEBHOOK_FORBIDDEN
                                   : TALLY_WEBHOOK_FAILED,
                1);
    if (!result.arrived)
        log_info("alert", delivery_id, "not delivered: %s", result.error);
    int error = outbox_done(alert->database, alert->sender, delivery_id, &result);
    if (error && error != DATABASE_AWAY) /* then it is sent once more when the lease is over */
        log_warning("alert", delivery_id, "the outcome cannot be noted: %s", database_message(alert->database));
    drop_post(alert, i);
}

static void settle_ended(struct alert *alert)
{
    int left;
    for (CURLMsg *ended = curl_multi_info_read(alert->multi, &left); ended;
         ended = curl_multi_info_read(alert->multi, &left)) {
        for (size_t i = 0; i < AT_ONCE; i++) {
            if (ended->msg == CURLMSG_DONE && alert->posts[i] && post_handle(alert->posts[i]) == ended->easy_handle) {
                settle(alert, i, ended->data.result);
                break;
            }
        }
    }
}

/* Returns true when it is to end. */
static bool wait_for_something(struct alert *alert)
{
    int fd = database_fd(alert->database);
    struct curl_waitfd items[] = {
        {.fd = alert->config.stop_fd, .events = CURL_WAIT_POLLIN},
        {.fd = fd, .events = database_events(alert->database) == POLLOUT ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN},
    };
    int wait_ms = alert->up && alert->ask_us == 0 && alert->under_way < AT_ONCE ? 0 : WAIT_MS_MAX;
    (void)curl_multi_poll(alert->multi, items, fd < 0 ? 1 : 2, wait_ms, NULL);
    return items[0].revents != 0;
}

void alert_run(struct alert *alert)
{
    int running;
    while (!wait_for_something(alert)) {
        uint64_t now_us = clock_monotonic_us();
        alert->up = database_advance(alert->database, now_us) == DATABASE_UP;
        tallies_set(alert->config.tallies, TALLY_DATABASE_ALERT, alert->up);
        if (alert->up && now_us >= alert->ask_us && alert->under_way < AT_ONCE)
            ask(alert, now_us);
        (void)curl_multi_perform(alert->multi, &running);
        settle_ended(alert);
    }
}
