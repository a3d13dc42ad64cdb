#include "pbx/dialogue.h"

#include "base/attributes.h"

#include <stddef.h>

static const struct {
    enum pbx_answer answer;
    const char *text;
} texts[] = {
    {PBX_STOPPED, "The PBX is stopped."},
    {PBX_STOP_FAILED, "The PBX could not be stopped: the stop hook failed; the agent's log says how."},
    {PBX_STOP_TIMED_OUT, "The PBX did not stop in time (pbx.stop_timeout_s)."},
    {PBX_STOP_CUT_SHORT, "The sweep was ended while the PBX was being stopped."},
    {PBX_REFUSED,
     "The settings of this host do not let the agent stop the PBX (policy.allow_exclusive; and only root may "
     "be able to write the settings file)."},
    {PBX_NOT_CONFIGURED,
     "The settings file that root's side reads names nothing to stop (pbx.unit, pbx.stop_command)."},
    {PBX_BUSY, "Another sweep has the PBX stopped; try again when it is over."},
    {PBX_NOT_RECORDED, "The PBX was not stopped: what would have to be started again could not be written to "
                       "pbx.state_folder; the agent's log says why."},
    {PBX_NOT_GUARDED, "The PBX was not stopped: the timer that starts it should the agent die could not be set; the "
                      "agent's log says why."},
    {PBX_NOT_RECOVERED,
     "The PBX is still stopped from an earlier sweep and does not start; see 'natsweep-agent restore'."},
    {PBX_STARTED, "The PBX runs again."},
    {PBX_STARTED_EARLY, "The PBX was started before the sweep was over, so ports may have been in use."},
    {PBX_NOT_STARTED, "The PBX did not start again after the sweep; the agent tries on. Look after it now: "
                      "'natsweep-agent restore', and its log."},
};

const char *pbx_answer_text(enum pbx_answer answer)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].answer == answer)
            return texts[i].text;
    return "The program that stops and starts the PBX does not answer; see whether the PBX runs ('natsweep-agent "
           "restore' starts it).";
}
