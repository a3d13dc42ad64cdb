#include "report/format.h"

#include "base/attributes.h"

#include <string.h>

static const struct report_format formats[] = {
    {"text", report_print_text},
    {"json", report_print_json},
    {"csv", report_print_csv},
};

const struct report_format *report_format_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
