/* The service that the package installs, natsweep-agent.service: 'enroll' puts the agent to work by it. */
#ifndef AGENT_SERVICE_H
#define AGENT_SERVICE_H

#include <stdbool.h>

#define SERVICE_STATE_FOLDER                                                                                           \
    "/var/lib/natsweep-agent" /* where the service keeps its state, whatever the settings say */

/* Whether the service would serve an agent with this state folder, here and started by this user. */
bool service_is_for(const char *state_folder);

/* Has `systemctl` start the service, or start it again with what it has been given; does not wait for it. Returns
 * whether it will. */
bool service_restart(const char *systemctl);

#endif
