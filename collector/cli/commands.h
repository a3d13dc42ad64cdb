/* The subcommands; main.c has the table of them. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

int init_command(struct cli *cli, int argc, char *const *argv);
int user_add_command(struct cli *cli, int argc, char *const *argv);
int customer_add_command(struct cli *cli, int argc, char *const *argv);
int customer_list_command(struct cli *cli, int argc, char *const *argv);
int site_add_command(struct cli *cli, int argc, char *const *argv);
int site_list_command(struct cli *cli, int argc, char *const *argv);
int site_tag_command(struct cli *cli, int argc, char *const *argv);
int site_remove_command(struct cli *cli, int argc, char *const *argv);
int site_move_command(struct cli *cli, int argc, char *const *argv);
int vantage_set_command(struct cli *cli, int argc, char *const *argv);
int vantage_list_command(struct cli *cli, int argc, char *const *argv);
int enroll_command(struct cli *cli, int argc, char *const *argv);
int token_list_command(struct cli *cli, int argc, char *const *argv);
int token_revoke_command(struct cli *cli, int argc, char *const *argv);
int agent_list_command(struct cli *cli, int argc, char *const *argv);
int agent_approve_command(struct cli *cli, int argc, char *const *argv);
int agent_revoke_command(struct cli *cli, int argc, char *const *argv);
int agent_change_key_command(struct cli *cli, int argc, char *const *argv);
int agent_move_command(struct cli *cli, int argc, char *const *argv);
int agent_events_command(struct cli *cli, int argc, char *const *argv);
int agent_versions_command(struct cli *cli, int argc, char *const *argv);
int collector_list_command(struct cli *cli, int argc, char *const *argv);
int sweep_command(struct cli *cli, int argc, char *const *argv);
int cancel_command(struct cli *cli, int argc, char *const *argv);
int pause_command(struct cli *cli, int argc, char *const *argv);
int resume_command(struct cli *cli, int argc, char *const *argv);
int status_command(struct cli *cli, int argc, char *const *argv);
int report_command(struct cli *cli, int argc, char *const *argv);
int ports_command(struct cli *cli, int argc, char *const *argv);
int trend_command(struct cli *cli, int argc, char *const *argv);
int watch_command(struct cli *cli, int argc, char *const *argv);
int audit_command(struct cli *cli, int argc, char *const *argv);
int names_command(struct cli *cli, int argc, char *const *argv);
int storage_command(struct cli *cli, int argc, char *const *argv);
int rejudge_command(struct cli *cli, int argc, char *const *argv);
int keep_command(struct cli *cli, int argc, char *const *argv);
int schedule_add_command(struct cli *cli, int argc, char *const *argv);
int schedule_list_command(struct cli *cli, int argc, char *const *argv);
int schedule_pause_command(struct cli *cli, int argc, char *const *argv);
int schedule_resume_command(struct cli *cli, int argc, char *const *argv);
int schedule_drop_command(struct cli *cli, int argc, char *const *argv);
int webhook_add_command(struct cli *cli, int argc, char *const *argv);
int webhook_list_command(struct cli *cli, int argc, char *const *argv);
int webhook_remove_command(struct cli *cli, int argc, char *const *argv);
int webhook_test_command(struct cli *cli, int argc, char *const *argv);

#endif
