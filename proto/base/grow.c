#include "base/grow.h"

#include <stdlib.h>

void *grow(void *memory, size_t *capacity, size_t wanted, size_t least)
{
    size_t bytes = *capacity ? *capacity : least;
    while (bytes < wanted)
        bytes *= 2;
    if (bytes == *capacity)
        return memory;
    void *grown = realloc(memory, bytes);
    if (grown)
        *capacity = bytes;
    return grown;
}
