"""A name server for one test: name_server.py ADDRESS NAME=ANSWER...

An ANSWER is a list of addresses divided by commas, or the name of an error code; a name that is not listed does not exist.
"""
import ipaddress
import socket
import struct
import sys

PORT = 53
A, AAAA, INTERNET = 1, 28, 1
ERRORS = {"SERVFAIL": 2, "NXDOMAIN": 3, "REFUSED": 5}
RESPONSE, POINTER_TO_QUESTION = 0x8180, 0xC00C
HEADER = struct.Struct("!6H")
TTL_S = 1


def question(query):
    """(name, type, the question as it came)."""
    labels, at = [], HEADER.size
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii").lower())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack_from("!H", query, at + 1)[0], query[HEADER.size:at + 5]


def record(address):
    """An answer's record."""
    packed = ipaddress.ip_address(address).packed
    kind = A if len(packed) == 4 else AAAA
    return kind, struct.pack("!HHHIH", POINTER_TO_QUESTION, kind, INTERNET, TTL_S, len(packed)) + packed


def answer(query, names):
    """The whole response."""
    name, wanted, asked = question(query)
    said = names.get(name, "NXDOMAIN")
    code = ERRORS.get(said, 0)
    records = [] if code else [body for kind, body in map(record, said.split(",")) if kind == wanted]
    return HEADER.pack(struct.unpack_from("!H", query)[0], RESPONSE | code, 1, len(records), 0, 0) + asked + b"".join(records)


def main(address, *names):
    """Answers until killed."""
    table = dict(name.split("=") for name in names)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, PORT))
        while True:
            query, client = server.recvfrom(512)
            server.sendto(answer(query, table), client)


if __name__ == "__main__":
    main(*sys.argv[1:])
