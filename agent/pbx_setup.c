#include "agent/pbx_setup.h"

#include "pbx/tool.h"

#include <assert.h>
#include <stdio.h>

#define SETTLE_MS 1000 /* systemd calls a unit of Type=simple started before it has opened its ports */

static void set_keeper(struct pbx_setup *setup, const char *path)
{
    setup->keeper[0] = "/proc/self/exe";
    setup->keeper[1] = "pbx-keeper";
    setup->keeper[2] = "--detach";
    setup->keeper[3] = path ? "--settings" : NULL;
    setup->keeper[4] = path ? setup->settings_path : NULL;
    setup->keeper[5] = NULL;
    setup->config.keeper = setup->keeper;
    (void)snprintf(setup->settings_path, sizeof setup->settings_path, "%s", path ? path : "");
}

void pbx_setup(struct pbx_setup *setup, const struct agent_settings *settings, const char *path)
{
    struct pbx_config *config = &setup->config;
    char message[HOOKS_MESSAGE_BYTES];
    int error = hooks_parse(settings->pbx_units, settings->pbx_stop_command, settings->pbx_start_command,
                            &config->hooks, message);
    assert(error == 0);
    (void)error;
    config->stop_timeout_s = (uint32_t)settings->pbx_stop_timeout_s;
    config->start_timeout_s = (uint32_t)settings->pbx_start_timeout_s;
    config->max_stopped_s = (uint32_t)settings->pbx_max_stopped_s;
    config->settle_ms = SETTLE_MS;
    (void)snprintf(config->folder, sizeof config->folder, "%s", settings->pbx_state_folder);
    (void)snprintf(config->socket, sizeof config->socket, "%s", settings->pbx_socket);
    config->systemctl = TOOL_SYSTEMCTL;
    config->systemd_run = tool_systemd_runs() ? "/usr/bin/systemd-run" : NULL;
    set_keeper(setup, path);
}
