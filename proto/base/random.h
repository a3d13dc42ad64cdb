/* Random bytes from the kernel, for keys, nonces and transaction ids. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* getrandom(2); aborts when the kernel has no entropy source, which no caller could handle. */
void random_bytes(void *out, size_t len);
uint64_t random_u64(void);

#endif
