#include "cli/commands.h"
#include "cli/complain.h"

#include <stdio.h>
#include <sysexits.h>

int vantage_set_command(struct cli *cli, int argc, char *const *argv)
{
    const char *stun = NULL, *turn = NULL, *sip_echo = NULL, *in_flight = NULL;
    long position = 1;
    struct words operands = {0};
    const struct flag flags[] = {
        {"--stun", FLAG_TEXT, &stun, "HOST[:PORT]", "the STUN server, with two addresses (needed)"},
        {"--turn", FLAG_TEXT, &turn, "HOST[:PORT]", "the TURN server for inbound TCP; otherwise the STUN server"},
        {"--sip-echo", FLAG_TEXT, &sip_echo, "HOST[:PORT]",
         "the SIP echo for the ALG test; otherwise there is no such test"},
        {"--position", FLAG_NUMBER, &position, "N", "its place in the order in which agents try them (default 1)"},
        {"--in-flight", FLAG_TEXT, &in_flight, "N",
         "at most so many sweeps at a time in the whole fleet (default no limit)"},
    };
    int code = cli_parse(cli, &(struct flag_table){flags, ARRAY_LEN(flags)}, argc, argv, &operands, 1, 1);
    if (code != 0)
        return code;
    if (stun == NULL)
        return complain(EX_USAGE, "name the STUN server: --stun HOST[:PORT]");
    char place[24];
    (void)snprintf(place, sizeof place, "%ld", position);
    const struct sql_parameters parameters = {.count = 6,
                                              .values = {operands.items[0], stun, turn, sip_echo, place, in_flight}};
    return cli_show(
        cli, "select natsweep.set_vantage($1, $2, $3, $4, $5::integer, $6::integer) as vantage_id, $1::text as vantage",
        &parameters, WRITER_RECORD);
}

int vantage_list_command(struct cli *cli, int argc, char *const *argv)
{
    struct words operands = {0};
    int code = cli_parse(cli, NULL, argc, argv, &operands, 0, 0);
    if (code != 0)
        return code;
    return cli_show(
        cli,
        "select name as vantage, stun_server, turn_server, sip_echo, position, in_flight_max from natsweep.vantage"
        " order by position, vantage_id",
        NULL, WRITER_TABLE);
}
