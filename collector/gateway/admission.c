#include "gateway/admission.h"

#include <assert.h>

/* A delivery's own weight besides its frame: the decoded message is about as long again. */
#define OVERHEAD_BYTES 1024u

static uint64_t weight(size_t frame_bytes)
{
    return 2u * (uint64_t)frame_bytes + OVERHEAD_BYTES;
}

static void judge(struct admission *admission)
{
    uint64_t percent = admission->out_bytes * 100u / admission->limit_bytes;
    if (percent >= 80)
        admission->closed = true;
    else if (percent <= 60)
        admission->closed = false;
}

struct admission admission_make(uint64_t limit_bytes)
{
    return (struct admission){.limit_bytes = limit_bytes ? limit_bytes : 1};
}

bool admission_take(struct admission *admission, size_t frame_bytes)
{
    uint64_t bytes = weight(frame_bytes);
    if (admission->closed || admission->out_bytes + bytes > admission->limit_bytes)
        return false;
    admission->out_bytes += bytes;
    admission->out++;
    judge(admission);
    return true;
}

void admission_give_back(struct admission *admission, size_t frame_bytes)
{
    assert(admission->out > 0 && admission->out_bytes >= weight(frame_bytes));
    admission->out_bytes -= weight(frame_bytes);
    admission->out--;
    judge(admission);
}
