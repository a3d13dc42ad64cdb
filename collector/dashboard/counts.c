#include "dashboard/counts.h"

#include "base/attributes.h"

void counts_answer(struct counts *counts, unsigned status)
{
    size_t class = status / 100;
    if (class < ARRAY_LEN(counts->answers))
        counts->answers[class]++;
}

static void write_one(struct metric_text *out, const char *name, const char *help, double value)
{
    metric_text_family(out, name, METRIC_GAUGE, help);
    metric_text_sample(out, name, NULL, 0, value);
}

void counts_write(const struct counts *counts, size_t sessions, size_t connections, struct metric_text *out)
{
    static const char *const classes[] = {NULL, NULL, "2xx", "3xx", "4xx", "5xx"};
    static const char answers[] = "natsweep_dashboard_answers_total", sign_ins[] = "natsweep_dashboard_sign_ins_total";
    write_one(out, "natsweep_dashboard_sessions", "People who are signed in.", (double)sessions);
    write_one(out, "natsweep_dashboard_connections", "Connections to PostgreSQL.", (double)connections);
    metric_text_family(out, answers, METRIC_COUNTER, "Answers to browsers by the class of their status.");
    for (size_t i = 2; i < ARRAY_LEN(classes); i++) {
        const struct metric_label label = {"status", classes[i]};
        metric_text_sample(out, answers, &label, 1, (double)counts->answers[i]);
    }
    metric_text_family(out, sign_ins, METRIC_COUNTER, "Attempts to sign in that PostgreSQL was asked about.");
    const struct metric_label let_in = {"result", "signed_in"}, refused = {"result", "turned_away"};
    metric_text_sample(out, sign_ins, &let_in, 1, (double)counts->signed_in);
    metric_text_sample(out, sign_ins, &refused, 1, (double)counts->turned_away);
}
