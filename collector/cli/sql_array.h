/* Words as the text of a PostgreSQL text[]. */
#ifndef CLI_SQL_ARRAY_H
#define CLI_SQL_ARRAY_H

#include "cli/flags.h"

/* "{"first","second"}", every word quoted, whatever is in it. The caller frees it. */
char *sql_array(const struct words *words);

#endif
