#include "judge/judge.h"

#include "base/log.h"

#include <stdlib.h>

int judge_tick(struct database *database)
{
    PGresult *result;
    int error = database_query(database, "select natsweep.tick()", 0, NULL, &result);
    if (error)
        return error;
    long changed = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    if (changed > 0)
        log_debug("judge", NULL, "the tick changed %ld rows", changed);
    PQclear(result);
    return DATABASE_OK;
}
