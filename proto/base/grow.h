/* Memory that grows by doubling, for what is written piece by piece. */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include "base/attributes.h"

#include <stddef.h>

/* Makes `memory` of *capacity bytes (NULL and 0 at first) hold at least `wanted`, and `least` to begin with. Returns
 * it, perhaps elsewhere; NULL when there is no more: the old memory is then as it was. */
void *grow(void *memory, size_t *capacity, size_t wanted, size_t least) MUST_CHECK;

#endif
