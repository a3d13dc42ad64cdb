#include "proto/runs.h"

void runs_start(struct run_writer *writer, uint32_t value)
{
    writer->numbers[writer->count++] = value;
    writer->numbers[writer->count++] = 0;
}

void runs_extend(struct run_writer *writer)
{
    writer->numbers[writer->count - 1]++;
}

void runs_add(struct run_writer *writer, uint32_t value)
{
    if (writer->count && writer->numbers[writer->count - 2] == value)
        runs_extend(writer);
    else
        runs_start(writer, value);
}

struct run_reader runs_reader(const uint32_t *numbers, size_t count)
{
    return (struct run_reader){.numbers = numbers, .count = count};
}

bool runs_next(struct run_reader *reader, uint32_t *value, bool *first)
{
    bool begins = reader->left == 0;
    if (begins) {
        if (reader->count - reader->at < 2 || reader->numbers[reader->at + 1] == UINT32_MAX)
            return false;
        reader->value = reader->numbers[reader->at];
        reader->left = reader->numbers[reader->at + 1] + 1;
        reader->at += 2;
    }
    reader->left--;
    *value = reader->value;
    if (first)
        *first = begins;
    return true;
}

int64_t runs_total(const uint32_t *numbers, size_t count, uint32_t limit)
{
    int64_t total = 0;
    if (count % 2 != 0)
        return -1;
    for (size_t i = 1; i < count; i += 2) {
        total += (int64_t)numbers[i] + 1;
        if (total > limit)
            return -1;
    }
    return total;
}
