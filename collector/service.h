/* The running collector: its threads from the first to the last. */
#ifndef COLLECTOR_SERVICE_H
#define COLLECTOR_SERVICE_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "collector/settings.h"
#include "exchange/secrets.h"

/* Serves until SIGTERM or SIGINT and drains, or until control has to end. The secrets are read again on SIGHUP. To be
 * called before the first thread is made. Returns an exit code of sysexits.h; the reason has been logged. */
int service_run(const struct collector_settings *settings, const struct curve_key_pair *key,
                const struct secrets *secrets) MUST_CHECK;

#endif
