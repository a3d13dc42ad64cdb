/* Small files read and replaced whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/attributes.h"

#include <stddef.h>
#include <sys/types.h>

/* Writes `bytes` to PATH.new, fsyncs, renames over PATH and fsyncs the folder, so a crash leaves the old file or the
 * new one. Returns 0 or -errno. */
int file_replace(const char *path, mode_t mode, const void *bytes, size_t len) MUST_CHECK;

/* Reads a file of at most `capacity` - 1 bytes and NUL-terminates it; *len may be NULL. Returns 0, -EFBIG when it is
 * larger, or -errno. */
int file_read(const char *path, char *buffer, size_t capacity, size_t *len) MUST_CHECK;

/* The same for a secret: also -EPERM when group or others may read it, or it is neither ours nor root's. */
int file_read_secret(const char *path, char *buffer, size_t capacity, size_t *len) MUST_CHECK;

/* The first line of such a file, without its end; -ENODATA when it is empty. Nothing else stays in `line`, and nothing
 * at all after an error. */
int file_read_secret_line(const char *path, char *line, size_t capacity) MUST_CHECK;

#endif
