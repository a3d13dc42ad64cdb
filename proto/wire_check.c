#include "proto/wire_check.h"

#include "proto/text.h"

#include <string.h>

/* The caller knows from the rule table what the pointer means; protobuf-c's own code reads fields the same way. */
static const void *member(const ProtobufCMessage *message, size_t offset)
{
    return (const char *)message + offset;
}

static size_t element_bytes(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64: return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING: return sizeof(char *);
    case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_MESSAGE: return sizeof(ProtobufCMessage *);
    default: return sizeof(uint32_t);
    }
}

/* A number of any type; unsigned 64 bit ones past INT64_MAX read as negative, so no `minimum` of 0 or more lets them
 * pass. */
static int64_t number_at(const void *value, ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL: return *(const protobuf_c_boolean *)value;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32: return *(const uint32_t *)value;
    default: return element_bytes(type) == sizeof(int64_t) ? *(const int64_t *)value : *(const int32_t *)value;
    }
}

static bool within(int64_t number, const struct wire_rule *rule)
{
    return number >= rule->minimum && number <= rule->maximum;
}

static bool word_holds(int64_t number, const struct wire_rule *rule)
{
    if (number == 0)
        return rule->minimum == 0;
    return number > 0 && number <= UINT8_MAX && rule->word((unsigned)number);
}

static bool text_holds(const char *text, const struct wire_rule *rule)
{
    if (!text) /* only in a message of our own making */
        return rule->minimum == 0;
    return within((int64_t)strlen(text), rule) &&
           text_is_clean(text, rule->kind == WIRE_LINES ? TEXT_LINES : TEXT_LINE);
}

static bool message_holds(const ProtobufCMessage *message, const struct wire_rule *rule, const char **field)
{
    if (!message)
        return rule->minimum == 0;
    return wire_check(message, rule->message, field);
}

static bool value_holds(const void *value, ProtobufCType type, const struct wire_rule *rule, const char **field)
{
    switch (rule->kind) {
    case WIRE_ANY: return true;
    case WIRE_NUMBER: return within(number_at(value, type), rule);
    case WIRE_WORD: return word_holds(number_at(value, type), rule);
    case WIRE_LINE:
    case WIRE_LINES: return text_holds(*(const char *const *)value, rule);
    case WIRE_BYTES: return within((int64_t)((const ProtobufCBinaryData *)value)->len, rule);
    case WIRE_MESSAGE: return message_holds(*(const ProtobufCMessage *const *)value, rule, field);
    }
    return false;
}

static bool repeated_holds(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                           const struct wire_rule *rule, const char **failed)
{
    size_t count = *(const size_t *)member(message, field->quantifier_offset);
    const char *elements = *(const char *const *)member(message, field->offset);
    if (count > rule->count_max)
        return false;
    if (rule->kind == WIRE_ANY)
        return true;
    for (size_t i = 0; i < count; i++)
        if (!value_holds(elements + i * element_bytes(field->type), field->type, rule, failed))
            return false;
    return true;
}

static bool field_holds(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        const struct wire_rule *rule, const char **failed)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return repeated_holds(message, field, rule, failed);
    bool one_of = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
    if (one_of && *(const uint32_t *)member(message, field->quantifier_offset) != field->id)
        return true;
    return value_holds(member(message, field->offset), field->type, rule, failed);
}

bool wire_check(const ProtobufCMessage *message, const struct wire_message *rules, const char **field)
{
    const char *failed = NULL;
    for (size_t i = 0; i < rules->rule_count; i++) {
        if (field_holds(message, &rules->descriptor->fields[i], &rules->rules[i], &failed))
            continue;
        if (field)
            *field = failed ? failed : rules->rules[i].field;
        return false;
    }
    if (!rules->consistent || rules->consistent(message))
        return true;
    if (field)
        *field = rules->descriptor->short_name;
    return false;
}

static bool rule_complete(const struct wire_rule *rule, const ProtobufCFieldDescriptor *field)
{
    if (!rule->field || strcmp(rule->field, field->name) != 0)
        return false;
    if (field->label == PROTOBUF_C_LABEL_REPEATED && rule->count_max == 0)
        return false;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: return (rule->kind == WIRE_LINE || rule->kind == WIRE_LINES) && rule->maximum > 0;
    case PROTOBUF_C_TYPE_BYTES: return rule->kind == WIRE_BYTES && rule->maximum > 0;
    case PROTOBUF_C_TYPE_MESSAGE: return rule->kind == WIRE_MESSAGE && wire_rules_complete(rule->message);
    default: return rule->kind <= WIRE_WORD && (rule->kind != WIRE_WORD || rule->word);
    }
}

bool wire_rules_complete(const struct wire_message *rules)
{
    if (rules->rule_count != rules->descriptor->n_fields)
        return false;
    for (size_t i = 0; i < rules->rule_count; i++)
        if (!rule_complete(&rules->rules[i], &rules->descriptor->fields[i]))
            return false;
    return true;
}
