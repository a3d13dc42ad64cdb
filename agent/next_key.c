#include "agent/next_key.h"

#include "agent/state_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int next_key_have(const char *folder, struct curve_key_pair *next)
{
    char path[STATE_PATH_BYTES];
    int error = curve_key_load(state_path(folder, STATE_NEXT_KEY, path), next);
    if (error != -ENOENT)
        return error;
    error = curve_key_generate(next);
    return error ? error : curve_key_save(path, next);
}

int next_key_use(const char *folder, const uint8_t public_key[CURVE_KEY_BYTES], struct curve_key_pair *next)
{
    char path[STATE_PATH_BYTES], next_path[STATE_PATH_BYTES];
    struct curve_key_pair loaded;
    int error = curve_key_load(state_path(folder, STATE_NEXT_KEY, next_path), &loaded);
    if (!error && memcmp(loaded.public_key, public_key, CURVE_KEY_BYTES) != 0)
        error = -ENOKEY;
    if (!error && rename(next_path, state_path(folder, STATE_KEY, path)) != 0)
        error = -errno;
    if (!error)
        *next = loaded;
    explicit_bzero(&loaded, sizeof loaded);
    return error;
}
