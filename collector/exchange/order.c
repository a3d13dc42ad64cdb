#include "exchange/order.h"

#include <stdlib.h>

struct order *order_create(enum order_kind kind)
{
    struct order *order = calloc(1, sizeof(*order));
    if (order)
        order->kind = kind;
    return order;
}

void order_free(void *object)
{
    struct order *order = object;
    if (!order)
        return;
    free(order->keys);
    free(order->directory);
    free(order->frame);
    free(order);
}
