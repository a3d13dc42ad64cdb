#include "cli/site_name.h"

#include "cli/complain.h"

#include <sysexits.h>

static int choose(const PGresult *result, const char *site, const char *customer)
{
    if (PQntuples(result) == 1)
        return 0;
    if (PQntuples(result) > 1)
        return complain(EX_USAGE, "several customers have a site '%s': %s; say which with --customer NAME", site,
                        PQgetvalue(result, 0, 3));
    if (customer != NULL)
        return complain(EX_NOUSER, "the customer '%s' has no site '%s'; 'natsweep site list' shows those there are",
                        customer, site);
    return complain(EX_NOUSER, "there is no site '%s'; 'natsweep site list' shows those there are", site);
}

int site_name_find(struct database *database, const char *site, const char *customer, struct site_name *out)
{
    const struct sql_parameters parameters = {.count = 2, .values = {site, customer}};
    PGresult *result = NULL;
    int code = database_query(database,
                              "select s.site_id, s.name, c.name, string_agg(c.name::text, ', ') over ()"
                              " from natsweep.site s join natsweep.customer c on c.customer_id = s.customer_id"
                              " where s.name = $1 and ($2::text is null or c.name = $2)",
                              &parameters, &result);
    if (code != 0)
        return code;
    code = choose(result, site, customer);
    if (code != 0)
        PQclear(result);
    else
        *out = (struct site_name){result, PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1), PQgetvalue(result, 0, 2)};
    return code;
}

void site_name_free(struct site_name *site)
{
    PQclear(site->result);
}
