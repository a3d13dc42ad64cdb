#include "exchange/notice.h"

#include <stdlib.h>

struct notice *notice_create(enum notice_kind kind)
{
    struct notice *notice = calloc(1, sizeof(*notice));
    if (notice)
        notice->kind = kind;
    return notice;
}

void notice_free(void *object)
{
    struct notice *notice = object;
    if (!notice)
        return;
    wire_free(notice->envelope);
    free(notice);
}
