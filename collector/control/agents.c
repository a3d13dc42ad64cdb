#include "control/agents.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>

struct agents {
    void *by_id; /* tree of tsearch(3) */
    struct list all;
};

struct agents *agents_create(void)
{
    struct agents *agents = calloc(1, sizeof(*agents));
    if (agents)
        list_init(&agents->all);
    return agents;
}

void agents_destroy(struct agents *agents)
{
    if (!agents)
        return;
    for (struct agent *agent = agents_next(agents, NULL); agent; agent = agents_next(agents, NULL))
        agents_remove(agents, agent);
    free(agents);
}

static int compare(const void *a, const void *b)
{
    int64_t left = ((const struct agent *)a)->agent_id;
    int64_t right = ((const struct agent *)b)->agent_id;
    return (left > right) - (left < right);
}

struct agent *agents_find(struct agents *agents, int64_t agent_id)
{
    struct agent wanted = {.agent_id = agent_id};
    struct agent *const *node = (struct agent *const *)tfind(&wanted, &agents->by_id, compare);
    return node ? *node : NULL;
}

static struct agent *add(struct agents *agents, int64_t agent_id)
{
    struct agent *agent = calloc(1, sizeof(*agent));
    if (!agent)
        return NULL;
    agent->agent_id = agent_id;
    if (!tsearch(agent, &agents->by_id, compare)) {
        free(agent);
        return NULL;
    }
    list_append(&agents->all, &agent->link);
    return agent;
}

struct agent *agents_hello(struct agents *agents, int64_t agent_id, Envelope *hello, int64_t at_us)
{
    struct agent *agent = agents_find(agents, agent_id);
    if (!agent)
        agent = add(agents, agent_id);
    if (!agent) {
        wire_free(hello);
        return NULL;
    }
    wire_free(agent->hello);
    agent->hello = hello;
    agent->hello_at_us = at_us;
    agent->greeted = false;
    agent->adopted_count = 0;
    agent_note_spool(agent, hello->hello->spool);
    return agent;
}

void agents_remove(struct agents *agents, struct agent *agent)
{
    tdelete(agent, &agents->by_id, compare);
    list_remove(&agent->link);
    wire_free(agent->hello);
    free(agent);
}

void agent_note_spool(struct agent *agent, const Natsweep__Spool *spool)
{
    agent->seen = true;
    agent->spool_depth = spool ? spool->depth : 0;
    agent->spool_lost = spool ? spool->lost : agent->spool_lost;
}

void agent_note_address(struct agent *agent, const char *address)
{
    snprintf(agent->address, sizeof(agent->address), "%s", address);
}

void agent_note_progress(struct agent *agent, const Natsweep__Progress *progress)
{
    agent->progress = (struct agent_progress){.key = agent_current_key(agent, progress->key),
                                              .ports_done = progress->ports_done,
                                              .remaining_ms = progress->remaining_ms,
                                              .changed = true};
}

void agent_adopt(struct agent *agent, struct sweep_key key)
{
    if (agent->adopted_count < ADOPTED_MAX)
        agent->adopted[agent->adopted_count++] = key;
}

struct sweep_key agent_current_key(const struct agent *agent, const Natsweep__SweepKey *key)
{
    for (size_t i = 0; i < agent->adopted_count; i++) {
        if (agent->adopted[i].sweep_id == key->sweep_id && agent->adopted[i].generation > key->generation)
            return agent->adopted[i];
    }
    return (struct sweep_key){.sweep_id = key->sweep_id, .generation = key->generation};
}

struct agent *agents_next(struct agents *agents, const struct agent *agent)
{
    struct list *link = agent ? agent->link.next : agents->all.next;
    return link == &agents->all ? NULL : list_entry(link, struct agent, link);
}
