/* Sites by the name people use, which is unique within a customer only. */
#ifndef CLI_SITE_NAME_H
#define CLI_SITE_NAME_H

#include "base/attributes.h"
#include "cli/database.h"

struct site_name {
    PGresult *result; /* holds the rest */
    const char *id, *site, *customer;
};

/* Finds the one site of that name; `customer` may be NULL while it is the only one. Returns 0, or an exit code after a
 * sentence that names the customers to choose from. On success the caller frees it. */
int site_name_find(struct database *database, const char *site, const char *customer, struct site_name *out) MUST_CHECK;
void site_name_free(struct site_name *site);

#endif
