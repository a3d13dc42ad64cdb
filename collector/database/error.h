/* What a failed statement means to who asked. */
#ifndef DATABASE_ERROR_H
#define DATABASE_ERROR_H

enum database_error {
    DATABASE_OK = 0,
    DATABASE_AWAY = -1,     /* no connection, or it broke: whether the statement took effect is unknown */
    DATABASE_RETRY = -2,    /* rolled back for a passing reason (deadlock, serialization, resources): try again */
    DATABASE_REJECTED = -3, /* this statement's values are refused; trying again is useless */
    DATABASE_BROKEN = -4    /* schema or role do not fit: a function is missing, permission denied */
};

/* An SQLSTATE's class as an action (pure). */
enum database_error database_classify(const char *sqlstate);

#endif
