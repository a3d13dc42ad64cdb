#include "alert/target.h"

#include "base/attributes.h"

/* Of IANA's special-purpose registries what address_is_private() leaves out. */
static const struct address_prefix closed4[] = {
    {{192, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2}, 24},    /* documentation */
    {{192, 88, 99}, 24},  /* 6to4 relays */
    {{198, 18}, 15},      /* benchmarks */
    {{198, 51, 100}, 24}, /* documentation */
    {{203, 0, 113}, 24},  /* documentation */
};

static const struct address_prefix closed6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* protocol assignments, with Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4 */
    {{0x3f, 0xff}, 20},             /* documentation */
};

static const struct address_prefix global6 = {{0x20}, 3}; /* all that was ever handed out */

bool target_is_public(const struct address *address)
{
    if (address_is_private(address))
        return false;
    if (address->family == 4)
        return !address_within(address, closed4, ARRAY_LEN(closed4));
    return address->family == 6 && address_within(address, &global6, 1) &&
           !address_within(address, closed6, ARRAY_LEN(closed6));
}
