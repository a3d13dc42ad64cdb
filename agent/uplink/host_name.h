/* What this host calls itself, fit for the wire: the kernel takes any bytes for a name. */
#ifndef UPLINK_HOST_NAME_H
#define UPLINK_HOST_NAME_H

#include "proto/limits.h"

/* Returns `name`. What is no clean text is replaced by '?'. */
const char *host_name(char name[WIRE_NAME_BYTES_MAX]);

#endif
