"""The demo fleet of deploy/quickstart: eight sites behind eight different real NATs. The machines and NAT kinds are those of the
lab (tests/lab), so that what the demo shows is what the tests prove."""
