"""The bed in IPv6: a site is a routed network, whose router filters and, at most, translates prefixes."""
import os

from .bed import BRIDGE_ADDRESS, OPEN_INTERNET, Lab, Site

NAT_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nat6")
INTERNET = "2001:db8:113::1"
WAN = "2001:db8:113::2"
LAN = "2001:db8:77::"
# What only a LAN uses (RFC 4193), and is translated where it leaves.
PRIVATE_LAN = "fd00:77::"
ROUTER_SETTINGS = ("net.ipv6.conf.all.forwarding=1", "net.ipv6.icmp.ratelimit=0")


class Site6(Site):
    """A PBX and how it reaches the internet by IPv6."""

    def __init__(self, nat, public, pbx, local, router=None):
        super().__init__(nat, public, pbx, router)
        self._local = local

    @property
    def local_address(self):
        return self._local


class Lab6(Lab):
    """As Lab, with one site."""

    first, second = "2001:db8:113::10", "2001:db8:113::11"

    def open(self):
        os.mkdir(self.folder, 0o755)
        self.internet = self.namespace("internet")
        self.internet.ip(f"link add wan {BRIDGE_ADDRESS} type bridge", f"addr add {INTERNET}/64 dev wan nodad", "link set wan up")

    def namespace(self, role, *settings):
        return super().namespace(role, *settings, ipv6=True)

    def server_address(self, address):
        self.internet.ip(f"addr replace {address}/64 dev wan nodad")

    def site(self, nat, carrier=None):
        """A PBX behind a router of the kind nat6/NAT.nft, or directly on the internet. With the part nat6/part/prefix in it the LAN
        has private addresses."""
        site = self._open_site(0) if nat == OPEN_INTERNET else self._routed_site(0, nat)
        self.sites.append(site)
        return site

    def _uplink(self, machine, number, public):
        machine.ip(f"link add wan0 type veth peer name site{number} netns {self.internet.name}",
                   f"addr add {public}/64 dev wan0 nodad", "link set wan0 up", f"route add default via {INTERNET}")
        self.internet.ip(f"link set site{number} master wan up")

    def _open_site(self, number):
        pbx = self.namespace(f"pbx{number}")
        self._uplink(pbx, number, WAN)
        pbx.reaches(INTERNET)
        return Site6(OPEN_INTERNET, WAN, pbx, WAN)

    def _routed_site(self, number, nat, carrier=None):
        translated = nat.startswith("prefix")
        lan = PRIVATE_LAN if translated else LAN
        router = self.namespace(f"router{number}", *ROUTER_SETTINGS)
        self._uplink(router, number, WAN)
        self.internet.ip(f"route add {LAN}/64 via {WAN}")
        pbx = self.namespace(f"pbx{number}")
        pbx.ip(f"link add eth0 type veth peer name lan0 netns {router.name}", f"addr add {lan}2/64 dev eth0 nodad", "link set eth0 up")
        router.ip(f"addr add {lan}1/64 dev lan0 nodad", "link set lan0 up")
        pbx.ip(f"route add default via {lan}1")
        router.reaches(INTERNET)
        pbx.reaches(f"{lan}1")
        router.run("nft", "-I", NAT_FOLDER, "-f", f"{NAT_FOLDER}/{nat}.nft")
        return Site6(nat, f"{LAN}2", pbx, f"{lan}2", router)
