/* All that the agent and the keeper of the PBX ever say to each other: one byte at a time, from these two lists. */
#ifndef PBX_DIALOGUE_H
#define PBX_DIALOGUE_H

/* To the keeper. A connection that ends means PBX_START. */
enum pbx_order {
    PBX_STOP = 'S',
    PBX_START = 'G',
    PBX_RECOVER = 'R' /* start what a keeper that died has left stopped; not answered */
};

/* From the keeper: first how the stop went, then, when anything was stopped, how the start went, and before that
 * PBX_WANTED when it shall be earlier than the agent wants. */
enum pbx_answer {
    PBX_STOPPED = 's',
    PBX_STOP_FAILED = 'f', /* an answer to the start follows these three as well */
    PBX_STOP_TIMED_OUT = 't',
    PBX_STOP_CUT_SHORT = 'c', /* the agent, or whoever ends the keeper, wanted it back */
    PBX_REFUSED = 'r',
    PBX_NOT_CONFIGURED = 'u',
    PBX_BUSY = 'b',
    PBX_NOT_RECORDED = 'd',
    PBX_NOT_GUARDED = 'g',
    PBX_NOT_RECOVERED = 'o',
    PBX_WANTED = 'w', /* at the deadline, or because the keeper was ended: PBX_START, or the agent is ended */
    PBX_STARTED = 'S',
    PBX_STARTED_EARLY = 'E',
    PBX_NOT_STARTED = 'N', /* yet: the keeper tries on */
    PBX_SILENT = 0         /* never said: the keeper was gone or did not answer in time */
};

/* One sentence for a person. */
const char *pbx_answer_text(enum pbx_answer answer);

#endif
