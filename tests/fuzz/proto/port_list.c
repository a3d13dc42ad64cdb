/* Any text: a list that parses has sorted, disjoint ranges. */
#include "proto/port_list.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const struct port_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct port_range *range = &list->ranges[i], *previous = i ? range - 1 : NULL;
        if (range->first == 0 || range->first > range->last)
            abort();
        if (previous && (previous->transport > range->transport ||
                         (previous->transport == range->transport && previous->last >= range->first)))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct port_list list;
    char message[PORT_LIST_MESSAGE_BYTES] = "";
    char *text = malloc(len + 1);
    if (!text)
        return 0;
    memcpy(text, bytes, len);
    text[len] = '\0';
    if (port_list_parse(text, &list, message) == 0)
        check(&list);
    else if (message[0] == '\0')
        abort(); /* refused without a word */
    free(text);
    return 0;
}
