"""The demo fleet of deploy/quickstart: sites behind different real NATs. The machines and NAT kinds are those of the
lab (tests/lab), so that what the demo shows is what the tests prove."""
