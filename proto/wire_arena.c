#include "proto/wire_arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#define BLOCK_BYTES 4096u

struct wire_block {
    struct wire_block *next;
    size_t size;
    alignas(max_align_t) uint8_t bytes[];
};

static bool add_block(struct wire_arena *arena, size_t size)
{
    size_t block_size = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    if (block_size > arena->limit - arena->allocated) {
        arena->exhausted = true;
        return false;
    }
    struct wire_block *block = malloc(sizeof *block + block_size);
    if (!block)
        return false;
    block->next = arena->blocks;
    block->size = block_size;
    arena->blocks = block;
    arena->spare = block_size;
    arena->allocated += block_size;
    return true;
}

static void *arena_alloc(void *allocator_data, size_t size)
{
    struct wire_arena *arena = allocator_data;
    size_t unit = alignof(max_align_t);
    if (size > arena->limit) {
        arena->exhausted = true;
        return NULL;
    }
    size = (size + unit - 1) / unit * unit;
    if (size > arena->spare && !add_block(arena, size))
        return NULL;
    void *start = arena->blocks->bytes + (arena->blocks->size - arena->spare);
    arena->spare -= size;
    return start;
}

/* All at once in wire_arena_destroy. */
static void arena_free(void *allocator_data, void *pointer)
{
    (void)allocator_data;
    (void)pointer;
}

struct wire_arena *wire_arena_create(size_t limit)
{
    struct wire_arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        return NULL;
    arena->limit = limit;
    arena->allocator = (ProtobufCAllocator){.alloc = arena_alloc, .free = arena_free, .allocator_data = arena};
    return arena;
}

void wire_arena_destroy(struct wire_arena *arena)
{
    if (!arena)
        return;
    for (struct wire_block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}
