#include "database/error.h"

#include <string.h>

struct class_row {
    const char *prefix;
    enum database_error error;
};

enum database_error database_classify(const char *sqlstate)
{
    static const struct class_row rows[] = {
        {"08", DATABASE_AWAY},    /* connection exceptions */
        {"57P", DATABASE_AWAY},   /* admin or crash shutdown, cannot connect now */
        {"25006", DATABASE_AWAY}, /* read-only: this is a standby now, the primary is elsewhere */
        {"57014", DATABASE_RETRY},    {"40", DATABASE_RETRY},  /* serialization failure, deadlock */
        {"53", DATABASE_RETRY},                                /* disk full, out of memory, too many connections */
        {"55", DATABASE_RETRY},                                /* lock not available, object in use */
        {"58", DATABASE_RETRY},                                /* system errors */
        {"XX", DATABASE_RETRY},       {"28", DATABASE_BROKEN}, /* authorization */
        {"3D", DATABASE_BROKEN},                               /* no such database */
        {"3F", DATABASE_BROKEN},                               /* no such schema */
        {"42", DATABASE_BROKEN},                               /* no such function, permission denied */
        {"P0001", DATABASE_REJECTED},                          /* raised by our own functions about their arguments */
        {"", DATABASE_REJECTED},
    };
    const struct class_row *row = rows;
    while (strncmp(sqlstate, row->prefix, strlen(row->prefix)) != 0)
        row++;
    return row->error;
}
