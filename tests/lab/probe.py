"""The three tests of one port, made the plain way, to know what a NAT kind really does: probe.py PORT

Prints a JSON object with reached, preserved, inbound and unsolicited. It knows nothing of the product: where the two differ, one is
wrong.
"""
import json
import os
import socket
import struct
import sys

from responder import (CHANGE_REQUEST, COOKIE, FIRST, PORT, RESPONSE_PORT, SECOND, XOR_MAPPED_ADDRESS, attribute, message,
                       BINDING_REQUEST)

SILENCE_S = 1.0  # longer than a busy machine holds back an answer
OTHER_IP, OTHER_BOTH = 4, 6


def request(change=0, response_port=None):
    """(transaction id, bytes) of a Binding request."""
    transaction = os.urandom(12)
    body = attribute(CHANGE_REQUEST, struct.pack("!I", change)) if change else b""
    if response_port is not None:
        body += attribute(RESPONSE_PORT, struct.pack("!Hxx", response_port))
    return transaction, message(BINDING_REQUEST, transaction, body)


def answer(sock, transaction, source):
    """The answer to `transaction` from `source`, None when it stays away."""
    sock.settimeout(SILENCE_S)
    try:
        while True:
            packet, sender = sock.recvfrom(2048)
            if sender[0] == source and packet[8:20] == transaction:
                return packet
    except TimeoutError:
        return None


def mapped_port(packet):
    """The port of XOR-MAPPED-ADDRESS."""
    at = 20
    while at + 4 <= len(packet):
        kind, size = struct.unpack("!HH", packet[at:at + 4])
        if kind == XOR_MAPPED_ADDRESS:
            return struct.unpack("!H", packet[at + 6:at + 8])[0] ^ (COOKIE >> 16)
        at += 4 + size + (-size % 4)
    return None


def probe(port):
    """T3 from elsewhere while the port is silent, then T1, then T2."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tested, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        tested.bind(("", port))
        transaction, packet = request(OTHER_IP, port)
        elsewhere.sendto(packet, (FIRST, PORT))
        unsolicited = answer(tested, transaction, SECOND) is not None
        transaction, packet = request()
        tested.sendto(packet, (FIRST, PORT))
        first = answer(tested, transaction, FIRST)
        transaction, packet = request(OTHER_BOTH)
        tested.sendto(packet, (FIRST, PORT))
        inbound = answer(tested, transaction, SECOND) is not None
    preserved = mapped_port(first) == port if first else None
    return {"reached": first is not None, "preserved": preserved, "inbound": inbound, "unsolicited": unsolicited}


if __name__ == "__main__":
    print(json.dumps(probe(int(sys.argv[1]))))
