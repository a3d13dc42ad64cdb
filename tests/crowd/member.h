/* One agent of a crowd: the real uplink, spool and session of natsweep-agent, and instead of a sweep a made-up report.
 */
#ifndef CROWD_MEMBER_H
#define CROWD_MEMBER_H

#include "base/attributes.h"
#include "uplink/enrolment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct member;

/* What all members share. */
struct member_config {
    void *context;      /* of ZeroMQ */
    const char *folder; /* for their spools */
    const char *ports;  /* of every report */
    int epoll;          /* their sockets are added with the member's number; edge-triggered */
};

struct member_counts {
    uint64_t sessions; /* welcomes */
    uint64_t begun;    /* different sweeps that were commanded */
    int64_t depth;     /* reports in the spool */
    int64_t lost;      /* of them dropped, or rejected by a collector */
    bool online;
};

/* With a key and an empty spool. `config` must outlive it. NULL with one line on stderr. */
struct member *member_create(const struct member_config *config, uint32_t number) MUST_CHECK;
void member_destroy(struct member *member); /* NULL is fine */
const uint8_t *member_public_key(const struct member *member);

/* From now on it seeks its collectors. Returns 0 or -ENOMEM. */
int member_begin(struct member *member, const struct enrolment *enrolment, uint64_t now_us) MUST_CHECK;

/* Of one that has begun. Does all that is due: when its sockets have something, and at member_wake_us. */
void member_handle(struct member *member, uint64_t now_us);
uint64_t member_wake_us(const struct member *member, uint64_t now_us);
const struct member_counts *member_counts(const struct member *member);

#endif
