"""The bed: one internet, behind it sites. Every lab has its own addresses' world, so labs run side by side."""
import os
import shutil
import tempfile

from .namespace import TETHERED, Namespace
from .owner import delete_namespace, end_servers, owned_name
from .vantage import FIRST, SECOND, Responder, SipEcho, Vantage

NAT_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nat")

INTERNET = "203.0.113.1"
# Of its own: otherwise a bridge takes the lowest of its ports, and a new port may make every neighbour's ARP entry wrong.
BRIDGE_ADDRESS = "address 02:00:00:00:00:01"
PBX = "192.168.77.2"
NEIGHBOUR = "192.168.77.3"
OPEN_INTERNET = "open_internet"
# A reject answers every packet; Linux would otherwise stop after six.
ROUTER_SETTINGS = ("net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0")


def public_address(number):
    """The WAN address of the lab's site `number`; the first one's is .2, and .10 to .19 belong to servers."""
    return f"203.0.113.{2 if number == 0 else 20 + number}"


class Site:
    """A PBX and how it reaches the internet."""

    def __init__(self, nat, public, pbx, router=None, neighbour=None):
        self.nat = nat
        self.public_address = public
        self.pbx = pbx
        self.router = router
        self.neighbour = neighbour

    @property
    def local_address(self):
        """The PBX's own address."""
        return PBX if self.router else self.public_address


class Lab:
    """A context manager; at its end, normal or not, nothing is left of it. A lab that shall outlive this process has a name and a
    folder of its own and programs that are not tied to it; close() ends it."""

    first, second = FIRST, SECOND  # of the vantage

    def __init__(self, name=None, folder=None, tie=TETHERED):
        self.name = name or owned_name()
        self.folder = folder or os.path.join(tempfile.gettempdir(), self.name)
        self.tie = tie
        self.internet = None
        self.sites = []
        self._namespaces = []

    def __enter__(self):
        try:
            self.open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def open(self):
        """Makes the folder and the internet."""
        os.mkdir(self.folder, 0o755)
        self.internet = self.namespace("internet")
        self.internet.ip(f"link add wan {BRIDGE_ADDRESS} type bridge", f"addr add {INTERNET}/24 dev wan", "link set wan up")

    def close(self):
        """Removes every namespace with its processes, every PostgreSQL in the folder, and the folder."""
        while self._namespaces:
            delete_namespace(self._namespaces.pop())
        end_servers(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def namespace(self, role, *settings, ipv6=False):
        """A machine of this lab."""
        name = f"{self.name}-{role}"
        self._namespaces.append(name)
        return Namespace(name, *settings, tie=self.tie, ipv6=ipv6)

    def server_address(self, address):
        """Gives the internet one more address."""
        self.internet.ip(f"addr replace {address}/24 dev wan")

    def vantage(self, **options):
        """A coturn with two addresses; options as of Vantage."""
        return Vantage(self, **options)

    def sip_echo(self, **options):
        """A SIP echo on the vantage's first address; options as of SipEcho."""
        return SipEcho(self, **options)

    def responder(self, fault, first=FIRST, second=SECOND):
        """A STUN server with a fault; see responder.py."""
        return Responder(self, fault, first, second)

    def site(self, nat, carrier=None):
        """A PBX behind a router of the kind nat/NAT.nft, or directly on the internet. With a carrier's net, such as "100.64.0", the
        router's own address lies in that net, behind a second router that keeps ports and forwards nothing."""
        number = len(self.sites)
        site = self._open_site(number) if nat == OPEN_INTERNET else self._routed_site(number, nat, carrier)
        self.sites.append(site)
        return site

    def connect(self, machine, interface, peer, address):
        """Joins a machine to the internet by an interface with `address`, such as 203.0.113.2/24; the internet calls its end `peer`."""
        machine.ip(f"link add {interface} type veth peer name {peer} netns {self.internet.name}", f"addr add {address} dev {interface}",
                   f"link set {interface} up")
        self.internet.ip(f"link set {peer} master wan up")

    def _uplink(self, machine, number, public):
        """Connects a machine to the internet, and to all that lies behind it."""
        self.connect(machine, "wan0", f"site{number}", f"{public}/24")
        machine.ip(f"route add default via {INTERNET}")

    def _open_site(self, number):
        public = public_address(number)
        pbx = self.namespace(f"pbx{number}")
        self._uplink(pbx, number, public)
        pbx.reaches(INTERNET)
        return Site(OPEN_INTERNET, public, pbx)

    def _carrier(self, number, public, net, router):
        """A second router between a site's router and the internet; returns the first one's own address."""
        carrier = self.namespace(f"carrier{number}", *ROUTER_SETTINGS)
        self._uplink(carrier, number, public)
        router.ip(f"link add wan0 type veth peer name lan0 netns {carrier.name}", f"addr add {net}.2/24 dev wan0", "link set wan0 up",
                  f"route add default via {net}.1")
        carrier.ip(f"addr add {net}.1/24 dev lan0", "link set lan0 up")
        carrier.run("nft", "-I", NAT_FOLDER, "-f", f"{NAT_FOLDER}/port_restricted.nft")
        carrier.reaches(INTERNET)
        return f"{net}.2"

    def _routed_site(self, number, nat, carrier=None):
        public = public_address(number)
        router = self.namespace(f"router{number}", *ROUTER_SETTINGS)
        wan = self._carrier(number, public, carrier, router) if carrier else public
        if not carrier:
            self._uplink(router, number, public)
        # A bridge that hands its frames to netfilter loses a packet that is turned round. Not every kernel has the setting.
        router.run("sysctl", "-eqw", "net.bridge.bridge-nf-call-iptables=0")
        router.ip(f"link add lan0 {BRIDGE_ADDRESS} type bridge", "addr add 192.168.77.1/24 dev lan0", "link set lan0 up")
        pbx = self._lan_host(router, f"pbx{number}", PBX)
        neighbour = self._lan_host(router, f"neighbour{number}", NEIGHBOUR)
        router.reaches(INTERNET)
        pbx.reaches("192.168.77.1")
        router.run("nft", "-I", NAT_FOLDER, "-D", f"wan={wan}", "-f", f"{NAT_FOLDER}/{nat}.nft")
        return Site(nat, public, pbx, router, neighbour)

    def _lan_host(self, router, role, address):
        host = self.namespace(role)
        port = role.rstrip("0123456789")
        host.ip(f"link add eth0 type veth peer name {port} netns {router.name}", f"addr add {address}/24 dev eth0", "link set eth0 up",
                "route add default via 192.168.77.1")
        router.ip(f"link set {port} master lan0 up")
        return host
