#include "pbx/guard.h"

#include "base/log.h"
#include "pbx/tool.h"

#include <errno.h>
#include <stdio.h>

#define GUARD "natsweep-pbx-guard"
#define FLAGS "--quiet --collect --unit=" GUARD " --timer-property=AccuracySec=1s --on-active=%us --"
#define NOT_LOADED 5 /* systemctl stop: there is no such unit */

int guard_arm(const struct pbx_config *config, const struct hooks *stopped)
{
    struct arguments start;
    char line[256];
    if (!config->systemd_run)
        return 0;
    arguments_clear(&start);
    snprintf(line, sizeof line, FLAGS, config->max_stopped_s + config->start_timeout_s);
    int code = hooks_start_arguments(stopped, config->systemctl, &start);
    if (!code)
        code = tool_run(config->systemd_run, line, &start);
    if (code)
        log_error("pbx", GUARD, "systemd did not take the timer that starts the PBX");
    return code > 0 ? -EIO : code;
}

void guard_disarm(const struct pbx_config *config)
{
    if (!config->systemd_run)
        return;
    int code = tool_run(config->systemctl, "stop -- " GUARD ".timer", NULL);
    if (code && code != NOT_LOADED)
        log_warning("pbx", GUARD, "the timer could not be taken back; it will start what runs already");
}
