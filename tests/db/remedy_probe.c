/* Prints where the agent says that routers have what is to be changed: "REMEDY<tab>FAMILY<tab>HINT", for
 * tests/db/test_words.py. */
#include "report/remedy.h"

#include <stdio.h>

int main(void)
{
    static const char *const words[REMEDY_COUNT] = {[REMEDY_FORWARD] = "forward", [REMEDY_STATIC_PORT] = "static_port",
                                                    [REMEDY_EGRESS] = "egress",   [REMEDY_SCAN] = "scan",
                                                    [REMEDY_TABLE] = "table",     [REMEDY_ALG] = "alg"};
    for (enum remedy remedy = REMEDY_NONE; remedy < REMEDY_COUNT; remedy++) {
        if (!remedy_title(remedy))
            continue;
        size_t count;
        const struct remedy_hint *hints = remedy_hints(remedy, &count);
        for (size_t i = 0; i < count; i++)
            printf("%s\t%s\t%s\n", words[remedy], hints[i].family, hints[i].where);
    }
    return 0;
}
