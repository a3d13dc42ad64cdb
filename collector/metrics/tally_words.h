/* Every number that the collector's threads count: a row is X(NAME, type, metric, label, label's value, help). Rows of
 * one metric stand together and share its help; without a label it has one row. */
#ifndef METRICS_TALLY_WORDS_H
#define METRICS_TALLY_WORDS_H

#define TALLY_FRAMES "frames that agents sent, by kind"
#define TALLY_REJECTED "messages that the gateway turned away, put off or could not deliver, by reason"
#define TALLY_FATES "report batches by what became of them: a stored one is committed, an abandoned one comes again"
#define TALLY_COMMITS "how long one batch of reports took from the statement to the commit"
#define TALLY_UP "1 while the connection to PostgreSQL stands, by the thread that has it; of the store the number"
#define TALLY_ATTEMPTS "attempts of this collector to tell webhooks something, by what came of them"

#define TALLY_WORDS(X)                                                                                                 \
    X(AGENTS, GAUGE, "natsweep_agents_connected", 0, 0, "agents connected to this collector")                          \
    X(FRAME_HELLO, COUNTER, "natsweep_frames_received_total", "kind", "hello", TALLY_FRAMES)                           \
    X(FRAME_HEARTBEAT, COUNTER, "natsweep_frames_received_total", "kind", "heartbeat", TALLY_FRAMES)                   \
    X(FRAME_ACCEPTED, COUNTER, "natsweep_frames_received_total", "kind", "accepted", TALLY_FRAMES)                     \
    X(FRAME_REFUSED, COUNTER, "natsweep_frames_received_total", "kind", "refused", TALLY_FRAMES)                       \
    X(FRAME_PROGRESS, COUNTER, "natsweep_frames_received_total", "kind", "progress", TALLY_FRAMES)                     \
    X(FRAME_REPORT, COUNTER, "natsweep_frames_received_total", "kind", "report", TALLY_FRAMES)                         \
    X(FRAME_ENROLL, COUNTER, "natsweep_frames_received_total", "kind", "enroll", TALLY_FRAMES)                         \
    X(FRAME_OTHER, COUNTER, "natsweep_frames_received_total", "kind", "other", TALLY_FRAMES)                           \
    X(REJECTED_TOO_LONG, COUNTER, "natsweep_messages_rejected_total", "reason", "too_long", TALLY_REJECTED)            \
    X(REJECTED_MALFORMED, COUNTER, "natsweep_messages_rejected_total", "reason", "malformed", TALLY_REJECTED)          \
    X(REJECTED_VERSION, COUNTER, "natsweep_messages_rejected_total", "reason", "version", TALLY_REJECTED)              \
    X(REJECTED_FIELD, COUNTER, "natsweep_messages_rejected_total", "reason", "field", TALLY_REJECTED)                  \
    X(REJECTED_UNIDENTIFIED, COUNTER, "natsweep_messages_rejected_total", "reason", "unidentified", TALLY_REJECTED)    \
    X(REJECTED_STRANGER, COUNTER, "natsweep_messages_rejected_total", "reason", "stranger", TALLY_REJECTED)            \
    X(REJECTED_REVOKED, COUNTER, "natsweep_messages_rejected_total", "reason", "revoked", TALLY_REJECTED)              \
    X(REJECTED_NOT_GREETED, COUNTER, "natsweep_messages_rejected_total", "reason", "not_greeted", TALLY_REJECTED)      \
    X(REJECTED_UNEXPECTED, COUNTER, "natsweep_messages_rejected_total", "reason", "unexpected", TALLY_REJECTED)        \
    X(REJECTED_WAITING, COUNTER, "natsweep_messages_rejected_total", "reason", "waiting", TALLY_REJECTED)              \
    X(REJECTED_RATE_LIMITED, COUNTER, "natsweep_messages_rejected_total", "reason", "rate_limited", TALLY_REJECTED)    \
    X(REJECTED_WRONG_KEY, COUNTER, "natsweep_messages_rejected_total", "reason", "wrong_key", TALLY_REJECTED)          \
    X(REJECTED_TALKATIVE, COUNTER, "natsweep_messages_rejected_total", "reason", "talkative", TALLY_REJECTED)          \
    X(REJECTED_UNROUTABLE, COUNTER, "natsweep_messages_rejected_total", "reason", "unroutable", TALLY_REJECTED)        \
    X(REJECTED_QUEUE_FULL, COUNTER, "natsweep_messages_rejected_total", "reason", "queue_full", TALLY_REJECTED)        \
    X(REJECTED_MEMORY, COUNTER, "natsweep_messages_rejected_total", "reason", "memory", TALLY_REJECTED)                \
    X(QUEUE_REPORTS, GAUGE, "natsweep_store_queue_reports", 0, 0, "report batches on their way to the database")       \
    X(QUEUE_BYTES, GAUGE, "natsweep_store_queue_bytes", 0, 0, "what these take in memory")                             \
    X(QUEUE_LIMIT_BYTES, GAUGE, "natsweep_store_queue_limit_bytes", 0, 0, "what they may take (store.queue_mb)")       \
    X(QUEUE_CLOSED, GAUGE, "natsweep_store_queue_closed", 0, 0,                                                        \
      "1 while agents are asked to wait: from 80 % of the limit on until 60 %")                                        \
    X(REPORTS_STORED, COUNTER, "natsweep_reports_total", "fate", "stored", TALLY_FATES)                                \
    X(REPORTS_REJECTED, COUNTER, "natsweep_reports_total", "fate", "rejected", TALLY_FATES)                            \
    X(REPORTS_ABANDONED, COUNTER, "natsweep_reports_total", "fate", "abandoned", TALLY_FATES)                          \
    X(SWEEPS_CLAIMED, COUNTER, "natsweep_sweeps_claimed_total", 0, 0,                                                  \
      "sweeps that this collector took for its agents")                                                                \
    X(DATABASE_CONTROL, GAUGE, "natsweep_database_up", "thread", "control", TALLY_UP)                                  \
    X(DATABASE_STORE, GAUGE, "natsweep_database_up", "thread", "store", TALLY_UP)                                      \
    X(DATABASE_ALERT, GAUGE, "natsweep_database_up", "thread", "alert", TALLY_UP)                                      \
    X(DATABASE_WATCH, GAUGE, "natsweep_database_up", "thread", "watch", TALLY_UP)                                      \
    X(WEBHOOK_DELIVERED, COUNTER, "natsweep_webhook_attempts_total", "result", "delivered", TALLY_ATTEMPTS)            \
    X(WEBHOOK_FAILED, COUNTER, "natsweep_webhook_attempts_total", "result", "failed", TALLY_ATTEMPTS)                  \
    X(WEBHOOK_FORBIDDEN, COUNTER, "natsweep_webhook_attempts_total", "result", "forbidden", TALLY_ATTEMPTS)            \
    X(WRITERS, GAUGE, "natsweep_store_writers", 0, 0, "threads that write reports (store.writers)")                    \
    X(LEASE, GAUGE, "natsweep_lease_held", 0, 0, "1 while this collector has its lease and takes work")                \
    X(SELF_TEST, GAUGE, "natsweep_gateway_self_test_passed", 0, 0,                                                     \
      "1 once it was shown that a stranger's key is refused")                                                          \
    X(DRAINING, GAUGE, "natsweep_draining", 0, 0, "1 while this collector is ending")

#endif
