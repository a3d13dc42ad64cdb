/* The PBX, as the sweep sees it: stopped for as long as it takes, started whatever happens to this process. The work is
 * done by a keeper (keeper.h), another process; the two share a socket. */
#ifndef PBX_PBX_H
#define PBX_PBX_H

#include "base/attributes.h"
#include "pbx/config.h"
#include "pbx/dialogue.h"

struct pbx {
    const struct pbx_config *config; /* must outlive it */
    int fd; /* readable once the PBX is wanted back: then pbx_start() must follow soon, or the keeper ends the agent */
};

/* Stops the PBX; a readable `cancel_fd` (-1: none) cuts that short. Returns PBX_STOPPED, after which pbx_start() must
 * be called; any other answer means that the PBX was left or put back as it was, unless *start says how that failed:
 * PBX_NOT_STARTED, or PBX_SILENT when nobody knows; else it is PBX_STARTED. */
enum pbx_answer pbx_stop(const struct pbx_config *config, int cancel_fd, struct pbx *pbx,
                         enum pbx_answer *start) MUST_CHECK;

/* Has the PBX started and waits for it. Returns PBX_STARTED, PBX_STARTED_EARLY, PBX_NOT_STARTED or PBX_SILENT. */
enum pbx_answer pbx_start(struct pbx *pbx) MUST_CHECK;

/* Has started, without waiting for it, what a keeper that died or a power cut left stopped. For the start of the
 * agent. */
void pbx_recover(const struct pbx_config *config);

#endif
