/* From the settings to what the PBX's keeper and its clients need. */
#ifndef AGENT_PBX_SETUP_H
#define AGENT_PBX_SETUP_H

#include "agent/settings.h"
#include "pbx/config.h"

/* Points into itself: not to be copied. */
struct pbx_setup {
    struct pbx_config config;
    char *keeper[6];
    char settings_path[AGENT_LIST_BYTES];
};

/* `settings` were loaded, and so checked; `path` is where from, NULL for the usual file. A keeper reads the same file
 * again: nothing that it does comes from who asks. */
void pbx_setup(struct pbx_setup *setup, const struct agent_settings *settings, const char *path);

#endif
