/* Receives what browsers ask: finds out who it is, whether he may, and answers or has the server ask PostgreSQL. */
#ifndef DASHBOARD_RECEPTION_H
#define DASHBOARD_RECEPTION_H

#include "dashboard/server.h"

/* Answers a call that has arrived whole, or suspends it. */
void reception_begin(struct server *server, struct call *call, const char *method, const char *url, uint64_t now_us);

#endif
