"""What an agent finds out about its NAT comes through the line with the ports, undamaged."""
from .count import request, wait_states


def facts(fleet):
    """What is stored of each site's NAT, by site."""
    return {row.pop("site"): row for row in fleet.database.sql(
        "select s.name as site, sip_alg, sip_alg_diff, hairpin, double_nat from natsweep.sweep_result join natsweep.site s using (site_id)")}


def test_sip_alg_hairpin_and_double_nat_are_stored(fleet):
    echo = fleet.lab.sip_echo()
    fleet.natsweep("vantage", "set", "vantage", "--stun", "203.0.113.10:3478", "--sip-echo", echo.address)
    fleet.collector()
    agents = [fleet.agent(fleet.lab.site("sip_alg"), "rewriting"), fleet.agent(fleet.lab.site("hairpin"), "turning"),
              fleet.agent(fleet.lab.site("static_forward", carrier="100.64.0"), "behind-a-carrier")]
    fleet.wait_online(*agents)
    wait_states(fleet, request(fleet, ports="5060/udp,9000/udp"), {"done": 3})
    stored = facts(fleet)
    diff = stored["rewriting"].pop("sip_alg_diff").splitlines()
    assert "-c=IN IP4 192.168.77.2" in diff and "+c=IN IP4 203.0.113.2" in diff
    assert stored == {"rewriting": {"sip_alg": True, "hairpin": False, "double_nat": False},
                      "turning": {"sip_alg": False, "sip_alg_diff": None, "hairpin": True, "double_nat": False},
                      "behind-a-carrier": {"sip_alg": False, "sip_alg_diff": None, "hairpin": False, "double_nat": True}}
