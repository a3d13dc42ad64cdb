#include "store/store_types.h"

#include <stdlib.h>

int store_types_ask(struct database *database, struct store_types *types)
{
    static const char sql[] = "select 'natsweep.report_in[]'::regtype::oid, 'natsweep.part_in[]'::regtype::oid,"
                              " 'natsweep.evidence_in[]'::regtype::oid, 'natsweep.report_in'::regtype::oid,"
                              " 'natsweep.part_in'::regtype::oid, 'natsweep.evidence_in'::regtype::oid";
    PGresult *result;
    int error = database_query(database, sql, 0, NULL, &result);
    if (error)
        return error == DATABASE_REJECTED ? DATABASE_BROKEN : error;
    for (int i = 0; i < STORE_PARAMETERS; i++) {
        types->array[i] = (uint32_t)strtoul(PQgetvalue(result, 0, i), NULL, 10);
        types->element[i] = (uint32_t)strtoul(PQgetvalue(result, 0, STORE_PARAMETERS + i), NULL, 10);
    }
    PQclear(result);
    return DATABASE_OK;
}
