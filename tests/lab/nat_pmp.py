"""A home router's NAT-PMP or PCP service: nat_pmp.py ADDRESS nat-pmp|pcp EXTERNAL

Tells EXTERNAL to who asks at ADDRESS; as pcp it knows no NAT-PMP, counts its mappings and prints the count after each change.
"""
import socket
import struct
import sys

PORT = 5351
PCP_REQUEST = struct.Struct("!BBHI16s12sB3xHH16s")
MAPPED_V4 = bytes(10) + b"\xff\xff"


def answer_nat_pmp(external):
    """The external address (RFC 6886 section 3.2)."""
    return struct.pack("!BBHI4s", 0, 128, 0, 1000, external)


def answer_pcp(request, external, mappings):
    """The mapping (RFC 6887 section 11), or that the version is not known."""
    if request[0] != 2 or len(request) != PCP_REQUEST.size:
        return struct.pack("!BBxBII12x", 2, 0x80 | request[1], 1, 0, 1000)
    _, _, _, lifetime, _, nonce, protocol, port, _, _ = PCP_REQUEST.unpack(request)
    if lifetime:
        mappings.add(nonce)
    else:
        mappings.discard(nonce)
    print(len(mappings), flush=True)
    return struct.pack("!BBxBII12x12sB3xHH16s", 2, 0x81, 0, lifetime, 1000, nonce, protocol, port, port, MAPPED_V4 + external)


def main():
    """Serves until killed."""
    address, protocol, external = sys.argv[1:]
    external, mappings = socket.inet_aton(external), set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, PORT))
        while True:
            request, sender = sock.recvfrom(2048)
            if protocol == "pcp":
                sock.sendto(answer_pcp(request, external, mappings), sender)
            elif request[:2] == b"\0\0":
                sock.sendto(answer_nat_pmp(external), sender)


if __name__ == "__main__":
    main()
