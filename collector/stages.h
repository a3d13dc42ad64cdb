/* What a collector is made of, and what joins it: gateway, control, store writers, the watch and the alerts, each to be
 * run by a thread of its own. */
#ifndef COLLECTOR_STAGES_H
#define COLLECTOR_STAGES_H

#include "alert/alert.h"
#include "base/attributes.h"
#include "base/curve_key.h"
#include "collector/settings.h"
#include "control/control.h"
#include "exchange/secrets.h"
#include "gateway/gateway.h"
#include "metrics/tallies.h"
#include "store/store_writer.h"
#include "watch/watch.h"

#include <stddef.h>

/* What is signalled. */
enum stage_signal {
    STOP_GATEWAY,
    STOP_WRITERS,
    DRAIN_CONTROL,
    STOP_CONTROL,
    CONTROL_ENDED,
    STOP_WATCH,
    STOP_ALERT,
    STAGE_SIGNALS
};

struct stages {
    const struct collector_settings *settings;
    void *context;
    int signals[STAGE_SIGNALS]; /* eventfds; readable once it is time */
    int reload[2];              /* pipe of struct secrets to control */
    struct mailbox_pair *control_pair, *writer_pairs[SETTINGS_WRITERS_MAX];
    struct mailbox *gateway_stores[SETTINGS_WRITERS_MAX];
    struct gateway *gateway;
    struct control *control;
    struct alert *alert; /* NULL: others tell webhooks */
    struct watch *watch; /* NULL: nobody is to watch */
    struct tallies tallies;
    struct store_writer *writers[SETTINGS_WRITERS_MAX];
    char writer_names[SETTINGS_WRITERS_MAX][40];
    size_t writer_count;
};

/* `stages` is all zeros. Returns an exit code of sysexits.h, and has logged the reason; the caller destroys in any
 * case. */
int stages_make(struct stages *stages, const struct collector_settings *settings, const struct curve_key_pair *key,
                const struct secrets *secrets) MUST_CHECK;
void stages_destroy(struct stages *stages);

void stages_signal(const struct stages *stages, enum stage_signal which);

/* Logs that there is no more of `what`, by errno; returns the exit code. */
int stages_out_of(const char *what);

#endif
