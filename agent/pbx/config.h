/* All that stopping and starting the PBX needs to know, made from the settings. */
#ifndef PBX_CONFIG_H
#define PBX_CONFIG_H

#include "pbx/hooks.h"

#include <stdint.h>

#define PBX_PATH_BYTES 80

struct pbx_config {
    struct hooks hooks;
    uint32_t stop_timeout_s, start_timeout_s;
    uint32_t max_stopped_s;              /* then it is started, whatever the sweep does */
    uint32_t settle_ms;                  /* from the start of units to the look whether they still run */
    char folder[PBX_PATH_BYTES];         /* what is stopped is remembered here; the keeper's user's alone */
    char socket[PBX_PATH_BYTES];         /* of the root unit; may be missing */
    const char *systemctl, *systemd_run; /* the latter NULL where systemd does not run */
    char *const *keeper;                 /* the argument list that starts a keeper */
};

#endif
