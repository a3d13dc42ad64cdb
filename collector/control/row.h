/* Reading rows of our own statements, which name their columns; null reads as 0 or "". */
#ifndef CONTROL_ROW_H
#define CONTROL_ROW_H

#include <libpq-fe.h>
#include <stdint.h>

int64_t row_number(const PGresult *result, int row, const char *column);
char *row_text(const PGresult *result, int row,
               const char *column); /* belongs to the result; not NULL; not to be written */

#endif
