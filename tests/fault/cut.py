"""Cuts a network with nftables, and heals it."""
import re

from lab.fleet import PORT


def load(machine, *lines):
    """Loads a rule set."""
    machine.run("nft", "-f", "-", input="\n".join(lines) + "\n")


class Cut:
    """`with Cut(machine, rule):` packets that match are dropped in that machine, coming in, going out and passing through."""

    def __init__(self, machine, match):
        self.machine, self.match = machine, match

    def __enter__(self):
        chains = [f"chain {hook} {{\n type filter hook {hook} priority -300\n {self.match} drop\n}}" for hook in ("input", "output", "forward")]
        load(self.machine, "table inet cut {", *chains, "}")
        return self

    def __exit__(self, *_):
        self.heal()

    def heal(self):
        """Lets everything pass again; fine when it does."""
        load(self.machine, "table inet cut", "delete table inet cut")


def to_collectors():
    """What agents and collectors say to each other."""
    return f"tcp dport {PORT}"


def silence_peers(machine, address):
    """Nothing of the connections that a collector now has ever leaves it again, not even what the kernel sends for a dead process;
    new connections are free. Returns how many there were."""
    said = machine.run("ss", "-Htn", "state", "established", "src", f"{address}:{PORT}")
    peers = re.findall(r"([0-9.]+)\]?:(\d+)\s*$", said, re.MULTILINE)
    if peers:
        elements = ", ".join(f"{peer} . {port}" for peer, port in peers)
        load(machine, "table ip silence {", "set peers {", "type ipv4_addr . inet_service", f"elements = {{ {elements} }}", "}",
             "chain output {", "type filter hook output priority -300", "ip daddr . tcp dport @peers drop", "}", "}")
    return len(peers)
