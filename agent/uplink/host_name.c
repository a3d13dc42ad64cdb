#include "uplink/host_name.h"

#include "proto/text.h"

#include <string.h>
#include <unistd.h>

const char *host_name(char name[WIRE_NAME_BYTES_MAX])
{
    memset(name, 0, WIRE_NAME_BYTES_MAX);
    if (gethostname(name, WIRE_NAME_BYTES_MAX - 1) != 0)
        name[0] = '\0';
    return text_clean(name, TEXT_LINE);
}
