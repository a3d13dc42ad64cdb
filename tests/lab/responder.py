"""A STUN server with one fault, for one test: responder.py FAULT [FIRST SECOND]

It binds all four address and port pairs of an RFC 5780 server (except those that the fault lets be dead) and answers Binding requests.
"""
import select
import socket
import struct
import sys
import threading

FIRST, SECOND = sys.argv[2:4] if len(sys.argv) == 4 else ("203.0.113.10", "203.0.113.11")
PORT, OTHER_PORT = 3478, 3479
COOKIE = 0x2112A442
BINDING_REQUEST, BINDING_SUCCESS, BINDING_ERROR = 0x0001, 0x0101, 0x0111
CHANGE_REQUEST, ERROR_CODE, UNKNOWN_ATTRIBUTES = 0x0003, 0x0009, 0x000A
XOR_MAPPED_ADDRESS, RESPONSE_PORT, RESPONSE_ORIGIN, OTHER_ADDRESS = 0x0020, 0x0027, 0x802B, 0x802C
MAPPED_ADDRESS, SOURCE_ADDRESS, CHANGED_ADDRESS = 0x0001, 0x0004, 0x0005
REALM, NONCE, ALTERNATE_SERVER, FINGERPRINT = 0x0014, 0x0015, 0x8023, 0x8028

PAIRS = [(FIRST, PORT), (FIRST, OTHER_PORT), (SECOND, PORT), (SECOND, OTHER_PORT)]


def attribute(kind, value):
    """One attribute, padded."""
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def address_value(address, port, mask=0):
    """The value of an IPv4 address attribute; with a mask, an XOR one."""
    ip = struct.unpack("!I", socket.inet_aton(address))[0]
    return struct.pack("!xBHI", 1, port ^ (mask >> 16), ip ^ mask)


def parse(packet):
    """(transaction id, {attribute: value}) of a Binding request, None for anything else."""
    if len(packet) < 20:
        return None
    kind, length, cookie = struct.unpack("!HHI", packet[:8])
    if kind != BINDING_REQUEST or cookie != COOKIE or length != len(packet) - 20:
        return None
    attributes, at = {}, 20
    while at + 4 <= len(packet):
        name, size = struct.unpack("!HH", packet[at:at + 4])
        attributes[name] = packet[at + 4:at + 4 + size]
        at += 4 + size + (-size % 4)
    return packet[8:20], attributes


def message(kind, transaction, body):
    """A whole STUN message."""
    return struct.pack("!HHI", kind, len(body), COOKIE) + transaction + body


def error(transaction, code, reason, more=b""):
    """An error response."""
    value = struct.pack("!xxBB", code // 100, code % 100) + reason
    return message(BINDING_ERROR, transaction, attribute(ERROR_CODE, value) + more)


class Server:
    """Honest in everything but its fault: answers from the pair that CHANGE-REQUEST asks for, to the port that RESPONSE-PORT asks
    for."""

    dead = ()  # pairs that are not bound
    other = (SECOND, OTHER_PORT)  # what OTHER-ADDRESS announces, None: nothing

    def __init__(self):
        self.sockets = {}
        for pair in PAIRS:
            if pair not in self.dead:
                self.sockets[pair] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                self.sockets[pair].bind(pair)

    def serve(self):
        """Answers until killed."""
        pairs = {sock: pair for pair, sock in self.sockets.items()}
        while True:
            for sock in select.select(list(pairs), [], [])[0]:
                packet, client = sock.recvfrom(2048)
                request = parse(packet)
                if request:
                    self.answer(pairs[sock], client, *request)

    def answer(self, pair, client, transaction, attributes):
        """Answers one request that arrived at `pair`."""
        source = self.source(pair, attributes)
        port = attributes.get(RESPONSE_PORT)
        to = (client[0], struct.unpack("!H", port[:2])[0]) if port else client
        if source in self.sockets:
            self.send(source, self.response(source, client, transaction, attributes), to)

    def send(self, source, packet, to):
        """Sends an answer."""
        self.sockets[source].sendto(packet, to)

    def source(self, pair, attributes):
        """The pair to answer from."""
        flags = attributes.get(CHANGE_REQUEST, b"\0\0\0\0")[3]
        ip = {FIRST: SECOND, SECOND: FIRST}[pair[0]] if flags & 4 else pair[0]
        port = {PORT: OTHER_PORT, OTHER_PORT: PORT}[pair[1]] if flags & 2 else pair[1]
        return ip, port

    def response(self, source, client, transaction, _attributes):
        """The bytes of an answer."""
        body = attribute(XOR_MAPPED_ADDRESS, address_value(*client, mask=COOKIE)) + attribute(RESPONSE_ORIGIN, address_value(*source))
        if self.other:
            body += attribute(OTHER_ADDRESS, address_value(*self.other))
        return message(BINDING_SUCCESS, transaction, body)


class IgnoresChangeRequest(Server):
    """Announces a second address, but always answers from the one that was asked."""

    def source(self, pair, attributes):
        return pair


class DeadSecondAddress(Server):
    """Announces a second address that nobody serves."""

    dead = ((SECOND, PORT), (SECOND, OTHER_PORT))


class NoOtherAddress(IgnoresChangeRequest):
    """A plain STUN server that announces nothing and skips what it does not know."""

    other = None


class SameAddress(Server):
    """Its "other" address is the same address with another port."""

    dead = ((SECOND, PORT), (SECOND, OTHER_PORT))
    other = (FIRST, OTHER_PORT)

    def source(self, pair, attributes):
        _, port = super().source(pair, attributes)
        return FIRST, port


class PrivateOther(Server):
    """A server behind a one-to-one NAT: announces an address that nobody outside can reach."""

    other = ("10.0.0.11", OTHER_PORT)


class NoResponsePort(Server):
    """Knows CHANGE-REQUEST but not RESPONSE-PORT, and refuses as RFC 8489 asks: 420."""

    def response(self, source, client, transaction, attributes):
        if RESPONSE_PORT in attributes:
            return error(transaction, 420, b"Unknown Attribute", attribute(UNKNOWN_ATTRIBUTES, struct.pack("!H", RESPONSE_PORT)))
        return super().response(source, client, transaction, attributes)


class IgnoresResponsePort(Server):
    """Knows CHANGE-REQUEST and answers a request with RESPONSE-PORT to where it came from."""

    def answer(self, pair, client, transaction, attributes):
        super().answer(pair, client, transaction, {name: value for name, value in attributes.items() if name != RESPONSE_PORT})


class Refuses(Server):
    """Answers a request that has CHANGE-REQUEST or RESPONSE-PORT with an error, from the address that was asked."""

    code, reason = 420, b"Unknown Attribute"
    other = None

    def answer(self, pair, client, transaction, attributes):
        if CHANGE_REQUEST in attributes or RESPONSE_PORT in attributes:
            self.send(pair, error(transaction, self.code, self.reason), client)
        else:
            super().answer(pair, client, transaction, attributes)


class RefusesWith400(Refuses):
    """The same with 400, as stuntman does."""

    code, reason = 400, b"Bad Request"


class Garbage(Server):
    """Answers with the right transaction id and attributes that run past the end of the packet."""

    def response(self, source, client, transaction, _attributes):
        return message(BINDING_SUCCESS, transaction, struct.pack("!HH", XOR_MAPPED_ADDRESS, 200) + b"\xff" * 8)


class ServerError(Server):
    """Answers everything with 500."""

    def response(self, source, client, transaction, _attributes):
        return error(transaction, 500, b"Server Error")


class WrongId(Server):
    """Answers carry a transaction id that nobody asked with."""

    def response(self, source, client, transaction, attributes):
        return super().response(source, client, bytes(12), attributes)


class Rfc3489(Server):
    """An old server: MAPPED-ADDRESS and CHANGED-ADDRESS, nothing that came later, and no RESPONSE-PORT."""

    def answer(self, pair, client, transaction, attributes):
        super().answer(pair, client, transaction, {name: value for name, value in attributes.items() if name != RESPONSE_PORT})

    def response(self, source, client, transaction, attributes):
        body = attribute(MAPPED_ADDRESS, address_value(*client)) + attribute(SOURCE_ADDRESS, address_value(*source)) \
            + attribute(CHANGED_ADDRESS, address_value(*self.other))
        return message(BINDING_SUCCESS, transaction, body)


class Unmapped(Server):
    """Says where it answers from, and not where the client is."""

    def response(self, source, client, transaction, attributes):
        return message(BINDING_SUCCESS, transaction, attribute(OTHER_ADDRESS, address_value(*self.other)))


class EmptyMapped(Server):
    """XOR-MAPPED-ADDRESS of length 0."""

    def response(self, source, client, transaction, attributes):
        return message(BINDING_SUCCESS, transaction, attribute(XOR_MAPPED_ADDRESS, b"") + attribute(OTHER_ADDRESS, address_value(*self.other)))


class Truncated(Server):
    """The last four bytes of each answer are missing."""

    def response(self, source, client, transaction, attributes):
        return super().response(source, client, transaction, attributes)[:-4]


class BadFingerprint(Server):
    """A FINGERPRINT that is none of the message's."""

    def response(self, source, client, transaction, attributes):
        whole = super().response(source, client, transaction, attributes)
        return message(BINDING_SUCCESS, transaction, whole[20:] + attribute(FINGERPRINT, b"nope"))


class Twice(Server):
    """Sends each answer twice."""

    def send(self, source, packet, to):
        super().send(source, packet, to)
        super().send(source, packet, to)


class Late(Server):
    """Answers after the client has asked again."""

    def send(self, source, packet, to):
        threading.Timer(0.3, super().send, (source, packet, to)).start()


class Swapped(Server):
    """Sends to each client the answer that the one before should have got."""

    last = None

    def send(self, source, packet, to):
        if self.last:
            super().send(source, self.last, to)
        self.last = packet


class WrongPort(Server):
    """Answers plain requests from another port of the right address."""

    def source(self, pair, attributes):
        if CHANGE_REQUEST in attributes:
            return super().source(pair, attributes)
        return pair[0], OTHER_PORT if pair[1] == PORT else PORT


class ZeroOther(IgnoresChangeRequest):
    """Announces 0.0.0.0."""

    other = ("0.0.0.0", OTHER_PORT)


class Errs(Server):
    """Answers everything with one error."""

    code, more = 400, b""

    def response(self, source, client, transaction, attributes):
        return error(transaction, self.code, b"No", self.more)


class Elsewhere(Errs):
    """300 Try Alternate, and the alternate is a stranger's address."""

    code, more = 300, attribute(ALTERNATE_SERVER, address_value("203.0.113.99", PORT))


class AlwaysUnauthorized(Errs):
    """401 whatever the credentials."""

    code, more = 401, attribute(REALM, b"lab") + attribute(NONCE, b"nonce")


class AlwaysStale(Errs):
    """438 whatever the nonce."""

    code, more = 438, attribute(REALM, b"lab") + attribute(NONCE, b"nonce")


class Counts(Server):
    """Changes its mind after some requests that have CHANGE-REQUEST; `changes` counts them."""

    changes = 0
    limit = 12

    def answer(self, pair, client, transaction, attributes):
        self.changes += CHANGE_REQUEST in attributes
        super().answer(pair, client, transaction, attributes)


class SometimesIgnores(Counts):
    """Honours every other CHANGE-REQUEST and drops the rest."""

    def send(self, source, packet, to):
        if source[0] == FIRST or self.changes % 2:
            super().send(source, packet, to)


class SometimesStays(Counts):
    """Honours every other CHANGE-REQUEST and answers the rest from the address that was asked."""

    def source(self, pair, attributes):
        return super().source(pair, attributes) if self.changes % 2 else pair


class SecondDies(Counts):
    """Its second address stops working in the middle."""

    def send(self, source, packet, to):
        if source[0] == FIRST or self.changes <= self.limit:
            super().send(source, packet, to)


class IgnoresLater(Counts):
    """Ignores CHANGE-REQUEST from the middle on: answers from the address that was asked."""

    def source(self, pair, attributes):
        return super().source(pair, attributes) if self.changes <= self.limit else pair


class GarbageLater(Counts):
    """Garbage from the middle on."""

    def response(self, source, client, transaction, attributes):
        if self.changes <= self.limit:
            return super().response(source, client, transaction, attributes)
        return message(BINDING_SUCCESS, transaction, struct.pack("!HH", XOR_MAPPED_ADDRESS, 200) + b"\xff" * 8)


class ErrorLater(Counts):
    """500 from the middle on."""

    def response(self, source, client, transaction, attributes):
        if self.changes <= self.limit:
            return super().response(source, client, transaction, attributes)
        return error(transaction, 500, b"Server Error")


class RefusesLater(Counts):
    """420 to CHANGE-REQUEST from the middle on."""

    def answer(self, pair, client, transaction, attributes):
        if self.changes < self.limit or CHANGE_REQUEST not in attributes:
            super().answer(pair, client, transaction, attributes)
        else:
            self.send(pair, error(transaction, 420, b"Unknown Attribute"), client)


class Dies(Counts):
    """Silent from the middle on."""

    def send(self, source, packet, to):
        if self.changes <= self.limit:
            super().send(source, packet, to)


class OtherMoves(Counts):
    """Announces another second address from the middle on."""

    def response(self, source, client, transaction, attributes):
        self.other = (SECOND, OTHER_PORT) if self.changes <= self.limit else ("203.0.113.77", OTHER_PORT)
        return super().response(source, client, transaction, attributes)


class FewPorts(Server):
    """Its second address knows the first eight ports of a client only."""

    def __init__(self):
        super().__init__()
        self.ports = []

    def send(self, source, packet, to):
        if to[1] not in self.ports:
            self.ports.append(to[1])
        if source[0] == FIRST or to[1] in self.ports[:12]:
            super().send(source, packet, to)


class Floods(Server):
    """A hundred answers with guessed ids to each request, and then the right one."""

    def send(self, source, packet, to):
        for guess in range(100):
            super().send(source, packet[:8] + struct.pack("!QI", 0, guess) + packet[20:], to)
        super().send(source, packet, to)


class AnswersAll(Server):
    """Answers every request from all four pairs at once."""

    def answer(self, pair, client, transaction, attributes):
        for source in self.sockets:
            self.send(source, self.response(source, client, transaction, attributes), client)


FAULTS = {
    "ignores_change_request": IgnoresChangeRequest,
    "dead_second_address": DeadSecondAddress,
    "no_other_address": NoOtherAddress,
    "same_address": SameAddress,
    "private_other": PrivateOther,
    "no_response_port": NoResponsePort,
    "ignores_response_port": IgnoresResponsePort,
    "error_420": Refuses,
    "error_400": RefusesWith400,
    "garbage": Garbage,
    "error_500": ServerError,
    "wrong_id": WrongId,
    "rfc_3489": Rfc3489,
    "unmapped": Unmapped,
    "empty_mapped": EmptyMapped,
    "truncated": Truncated,
    "bad_fingerprint": BadFingerprint,
    "twice": Twice,
    "late": Late,
    "swapped": Swapped,
    "wrong_port": WrongPort,
    "zero_other": ZeroOther,
    "error_300": Elsewhere,
    "always_401": AlwaysUnauthorized,
    "always_438": AlwaysStale,
    "sometimes_ignores": SometimesIgnores,
    "sometimes_stays": SometimesStays,
    "second_dies": SecondDies,
    "ignores_later": IgnoresLater,
    "garbage_later": GarbageLater,
    "error_later": ErrorLater,
    "refuses_later": RefusesLater,
    "dies": Dies,
    "other_moves": OtherMoves,
    "few_ports": FewPorts,
    "floods": Floods,
    "answers_all": AnswersAll,
    "none": Server,
}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]().serve()
