"""A bed of real NATs: hosts, routers and a vantage in network namespaces of their own, small enough that a test reads like a lab book.

    with Lab() as lab:
        vantage = lab.vantage()
        site = lab.site("port_restricted")
        judgement = check(site.pbx, vantage)
"""
from .bed import OPEN_INTERNET, Lab, Site
from .owner import reap
from .process import RunError, run, wait_for

__all__ = ["OPEN_INTERNET", "Lab", "RunError", "Site", "reap", "run", "wait_for"]
