/* The hosts of a connection string, one at a time (pure but for libpq's parser). */
#ifndef DATABASE_HOST_LIST_H
#define DATABASE_HOST_LIST_H

#include "base/attributes.h"

#include <stddef.h>

#define HOST_LIST_TEXT_BYTES 256

/* One host's part of the string; an empty text means "not given". */
struct host_choice {
    char host[HOST_LIST_TEXT_BYTES];
    char hostaddr[HOST_LIST_TEXT_BYTES];
    char port[HOST_LIST_TEXT_BYTES];
};

/* How many hosts `dsn` lists: at least 1, also when it lists none or cannot be parsed (connecting then tells why). */
size_t host_list_count(const char *dsn);

/* Number `number` of them; a single port serves all hosts, as in libpq. Returns 0, or -EINVAL when the string cannot be
 * parsed or a part is too long. */
int host_list_choose(const char *dsn, size_t number, struct host_choice *out) MUST_CHECK;

#endif
