/* Whether a webhook may be sent to an address (pure). A customer's address is typed in by somebody and resolved by
 * somebody else: it must not become a way to the collector's own network. */
#ifndef ALERT_TARGET_H
#define ALERT_TARGET_H

#include "base/address.h"

/* The public internet and nothing else; of IPv6 neither tunnels nor translations, which may lead anywhere. */
bool target_is_public(const struct address *address);

#endif
