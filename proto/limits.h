/* What either side accepts from the other. Compiled in: a stolen collector cannot raise them. */
#ifndef PROTO_LIMITS_H
#define PROTO_LIMITS_H

#ifndef PROTOCOL_VERSION /* tests/next makes programs of the next one */
#define PROTOCOL_VERSION 1u
#endif
#define PROTOCOL_VERSION_OLDEST 1u /* the oldest that is still served */

#define SCHEMA_VERSION 1 /* the oldest natsweep.schema_version() that programs of this build work with */

/* A frame: room for a full batch in which every column changes with every port (wire_report.c adds it up). A usual
 * report takes 3 kB. */
#define WIRE_FRAME_BYTES_MAX 196608
#define WIRE_ENROLL_BYTES_MAX 2048 /* the enrolment endpoint talks to strangers */
#define WIRE_TEXT_BYTES_MAX 512    /* any human text */
#define WIRE_NAME_BYTES_MAX 256    /* any host or site name */
#define WIRE_DIFF_BYTES_MAX 4096

#define REPORT_BATCH_PORTS 4096 /* ports in one report message */
#define REPORT_BATCH_OWNERS 256 /* programs, and */
#define REPORT_BATCH_IPS 1024   /* mapped addresses named in one report message */
#define REPORT_BATCHES_MAX 64   /* of one sweep */
#define COMMAND_SERVERS_MAX 8
#define DIRECTORY_ENDPOINTS_MAX 8 /* of collectors that an agent knows */
#define DIRECTORY_KEYS_MAX 16     /* one for each, and one that will replace it */
#define COMMAND_RANGES_MAX 1024
#define HELLO_SWEEPS_MAX 256 /* sweeps listed in a hello, and acks in one message */

#define SWEEP_PACE_PPS_MAX 5000 /* the hard cap of what an agent sends, whatever is asked */
#define SWEEP_PORTS_MAX 131070

#endif
