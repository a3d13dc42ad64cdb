/* Any body: a field that is found is the text that its escapes spell, whole and without a NUL. */
#include "dashboard/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const names[] = {"role", "password", "", "="};
    char *body = malloc(len ? len : 1); /* of its own size, so that a read behind it is seen */
    if (!body)
        return 0;
    memcpy(body, bytes, len);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (size_t capacity = 1; capacity <= 64; capacity += 21) {
            char value[64];
            memset(value, 'x', sizeof(value));
            int error = form_value(body, len, names[i], value, capacity);
            const char *end = memchr(value, '\0', capacity);
            if (!end || (error && end != value))
                abort();
        }
    free(body);
    return 0;
}
