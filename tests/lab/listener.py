"""A program that listens at TCP ports of a machine, and accepts nobody."""
import subprocess

LISTEN = """
import signal, socket, sys
held = []
for port in map(int, sys.argv[1:]):
    held.append(socket.create_server(("", port), backlog=1))
signal.pause()
"""


def listen(machine, *ports):
    """Starts it and returns once it listens."""
    program = machine.spawn("python3", "-c", LISTEN, *map(str, ports), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    machine.run("sh", "-c", f"until [ $(ss -ltnH | grep -cE ':({'|'.join(map(str, ports))}) ') = {len(ports)} ]; do :; done")
    return program
