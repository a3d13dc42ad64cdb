#include "control/row.h"

#include <stdlib.h>

char *row_text(const PGresult *result, int row, const char *column)
{
    return PQgetvalue(result, row, PQfnumber(result, column));
}

int64_t row_number(const PGresult *result, int row, const char *column)
{
    return strtoll(row_text(result, row, column), NULL, 10);
}
