#include "proto/port_result.h"

static enum tri from_bool(bool yes)
{
    return yes ? TRI_YES : TRI_NO;
}

enum tri port_result_as_expected(const struct port_result *result)
{
    if (!verdict_is_judged((enum verdict)result->verdict))
        return TRI_UNKNOWN;
    if (result->spared)
        return TRI_YES;
    bool pass = result->verdict == VERDICT_PASS;
    if (result->expect == EXPECT_CLOSED)
        return from_bool(!pass && result->unsolicited != TRI_YES);
    return from_bool(pass);
}
