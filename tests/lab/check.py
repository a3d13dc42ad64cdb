"""Runs `natsweep-agent check` on a PBX of the lab."""
import json
import os
import subprocess

AGENT = os.environ.get("NATSWEEP_AGENT",
                       os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "dev", "bin", "natsweep-agent"))
PORTS = "5060/udp,9000-9019/udp"
TIMEOUT_S = 120
EXIT = {"supported": 0, "partial": 1, "unsupported": 1, "inconclusive": 1, "not_run": 2}

# How the agent gets at the ports: through raw sockets, or by binding them when the kernel does not let it.
MODES = {
    "live": ["--mode", "live"],
    "bound": ["--mode", "auto"],
}
WITHOUT_RAW_SOCKETS = ["setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"]


class Judgement:
    """What a check said: its exit code, its JSON object, and its ports by number."""

    def __init__(self, exit_code, text, errors):
        self.exit_code = exit_code
        self.errors = errors
        self.whole = json.loads(text) if text else {}
        self.ports = {port["port"]: port for port in self.whole.get("ports", [])}

    def __getattr__(self, name):
        try:
            return self.whole[name]
        except KeyError:
            raise AttributeError(f"the check said no {name}; exit {self.exit_code}, errors: {self.errors}") from None

    def facts(self, *names):
        """The set of combinations that the named fields take over all ports."""
        return {tuple(port[name] for name in names) for port in self.ports.values()}


def check(site, stun, mode="live", ports=PORTS, flags=(), prefix=()):
    """Runs the check, by a command before it if wanted, on the site's PBX and returns its Judgement."""
    powers = WITHOUT_RAW_SOCKETS if mode == "bound" else []
    command = [*prefix, *powers, AGENT, "check", "--stun", stun, "--ports", ports, "--format", "json", *MODES[mode], *flags]
    done = subprocess.run(site.pbx.enter(*command), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    return Judgement(done.returncode, done.stdout, done.stderr)
