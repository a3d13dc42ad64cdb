#include "agent/service.h"

#include "pbx/tool.h"

#include <string.h>
#include <unistd.h>

bool service_is_for(const char *state_folder)
{
    return strcmp(state_folder, SERVICE_STATE_FOLDER) == 0 && geteuid() == 0 && tool_systemd_runs();
}

bool service_restart(const char *systemctl)
{
    return tool_run(systemctl, "--no-block restart natsweep-agent.service", NULL) == 0;
}
