/* Any frame: what decodes keeps the rules, encodes again, and its report, if it is one, can be read and carried once
 * more. What does not decode may have a key, by which an ack can name it. */
#include "proto/wire.h"
#include "proto/report_key.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void carry_again(const Natsweep__ReportBatch *batch)
{
    struct report *report;
    uint8_t *frame;
    size_t len;
    if (wire_decode_report_batch(batch, &report))
        return;
    if (!batch->done) { /* only what carries a summary is a whole report */
        report_free(report);
        return;
    }
    int error = wire_encode_report_batch(report, batch->sweep_id, batch->at_us, 0, &frame, &len);
    if (error)
        abort();
    free(frame);
    report_free(report);
}

static void reject_by_key(const uint8_t *bytes, size_t len)
{
    struct report_key found;
    if (!report_key_find(bytes, len, &found))
        return;
    Natsweep__BatchKey key = NATSWEEP__BATCH_KEY__INIT, *keys = &key;
    Natsweep__Ack ack = NATSWEEP__ACK__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    uint8_t *frame;
    size_t frame_len;
    key.sweep_id = found.sweep_id;
    key.batch = found.batch;
    ack.n_rejected = 1;
    ack.rejected = &keys;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ACK;
    envelope.ack = &ack;
    if (wire_encode(&envelope, &frame, &frame_len))
        abort();
    free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    Envelope *envelope;
    uint8_t *frame;
    size_t frame_len;
    if (wire_decode(bytes, len, &envelope)) {
        reject_by_key(bytes, len);
        return 0;
    }
    if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_REPORT_BATCH)
        carry_again(envelope->report_batch);
    int error = wire_encode(envelope, &frame, &frame_len);
    if (error == WIRE_FIELD || error == WIRE_MALFORMED)
        abort();
    if (!error)
        free(frame);
    wire_free(envelope);
    return 0;
}
