#include "proto/port_profile.h"

#include <string.h>

#define UDP TRANSPORT_UDP
#define TCP TRANSPORT_TCP
#define HTTPS_GROUP 1 /* a 3CX listens on 5001 or on 443, as chosen when it was installed */

static const struct port_range profile_3cx[] = {
    {5060, 5060, UDP, ROLE_SIP, EXPECT_OPEN, 0},
    {5060, 5061, TCP, ROLE_SIP, EXPECT_OPEN, 0},
    {5090, 5090, UDP, ROLE_TUNNEL, EXPECT_OPEN, 0},
    {5090, 5090, TCP, ROLE_TUNNEL, EXPECT_OPEN, 0},
    {443, 443, TCP, ROLE_HTTPS, EXPECT_OPEN, HTTPS_GROUP},
    {5001, 5001, TCP, ROLE_HTTPS, EXPECT_OPEN, HTTPS_GROUP},
    {9000, 10999, UDP, ROLE_RTP, EXPECT_OPEN, 0},
    {5015, 5015, TCP, ROLE_SETUP, EXPECT_CLOSED, 0}, /* the set-up page: nobody's business once set up */
};

static const struct port_profile profiles[] = {
    {"@3cx", profile_3cx, sizeof profile_3cx / sizeof profile_3cx[0]},
};

const struct port_profile *port_profile_find(const char *name)
{
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++)
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    return NULL;
}
