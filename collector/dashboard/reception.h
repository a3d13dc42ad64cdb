/* Receives what browsers ask: finds out who it is, whether he may, and answers or has the server ask PostgreSQL. */
#ifndef DASHBOARD_RECEPTION_H
#define DASHBOARD_RECEPTION_H

#include "dashboard/server.h"

/* Of a call whose headers have arrived: lets its body be longer when they are of somebody who is signed in. */
void reception_admit(struct server *server, struct call *call, uint64_t now_us);

/* Answers a call that has arrived whole, or suspends it. */
void reception_begin(struct server *server, struct call *call, const char *method, const char *url, uint64_t now_us);

#endif
