#include "report/format.h"

#include "report/explanation.h"
#include "report/utf8.h"

#include <ctype.h>

static void write_text(FILE *out, const char *text)
{
    putc('"', out);
    while (text && *text) {
        size_t len = utf8_length(text);
        if (len == 0 || iscntrl((unsigned char)*text)) /* CSV gets printed to terminals, too */
            fputs(UTF8_REPLACEMENT, out);
        else if (*text == '"')
            fputs("\"\"", out);
        else
            fwrite(text, 1, len, out);
        text += len ? len : 1;
    }
    putc('"', out);
}

static const char *word_or_empty(const char *word)
{
    return word ? word : "";
}

static const char *tri_word(enum tri value)
{
    switch (value) {
    case TRI_YES: return "true";
    case TRI_NO: return "false";
    case TRI_UNKNOWN: break;
    }
    return "";
}

static void write_port(FILE *out, const struct port_result *port)
{
    char message[EXPLANATION_LINE_BYTES], mapped[ADDRESS_TEXT_BYTES];

    fprintf(out, "%u,%s,%s,%s,%s,%s,%s,", port->port, word_or_empty(transport_word(port->transport)),
            word_or_empty(role_word(port->role)), word_or_empty(expect_word(port->expect)),
            tri_word(port_result_as_expected(port)), word_or_empty(verdict_word(port->verdict)),
            word_or_empty(reason_word(port->reason)));
    write_text(out, explain_line(port, message));
    fprintf(out, ",%s,%s,%s,%s,%s,", tri_word(port->reached), tri_word(port->preserved), tri_word(port->inbound),
            tri_word(port->unsolicited), address_known(&port->mapped) ? address_format(&port->mapped, mapped) : "");
    if (port->rtt_us != RTT_UNKNOWN_US)
        fprintf(out, "%d", port->rtt_us);
    fprintf(out, ",%u,%s,", port->attempts, port->live ? "true" : "false");
    if (port->owner && port->owner->pid != 0) {
        fprintf(out, "%d,", port->owner->pid);
        write_text(out, port->owner->name);
    } else {
        putc(',', out);
    }
    fputs("\r\n", out);
}

void report_print_csv(const struct report *report, const struct print_style *style, FILE *out)
{
    (void)style;
    fputs("port,transport,role,expect,as_expected,verdict,reason,message,reached,preserved,inbound,unsolicited,mapped,"
          "rtt_us,"
          "attempts,live,owner_pid,owner_name\r\n",
          out);
    for (size_t i = 0; i < report->port_count; i++)
        write_port(out, &report->ports[i]);
}
