"""What the packages hold, without installing them."""
import os
import subprocess

import pytest

from lab.process import run

from .conftest import TOP, quiet

NAMES = ["natsweep-agent", "natsweep-collector", "natsweep-dashboard", "natsweep-vantage"]
EXPOSURE_MAX = 25  # in tenths; of 100, and systemd calls less than 30 "OK"


@pytest.fixture(name="unpacked", scope="session")
def unpacked_packages(packages, tmp_path_factory):
    """All packages in one folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    for name in packages.files:
        run("dpkg-deb", "-x", packages[name], str(folder))
    return folder


def test_every_part_is_packaged(packages):
    assert set(NAMES) == set(packages.files)
    assert set(packages.files) == set(packages.next)


def test_lintian_finds_nothing(packages):
    said = quiet("lintian", "--allow-root", "--no-cfg", "--display-info", "--pedantic", "--suppress-tags",
                 # Debian 12 boots with systemd, and .comment is what gcc leaves.
                 "package-supports-alternative-init-but-no-init.d-script,binary-has-unneeded-section", *packages.files.values())
    assert not said


def test_the_changelog_tells_of_this_version():
    said = run("dpkg-parsechangelog", "-l", os.path.join(TOP, "deploy/debian/changelog"), "-S", "Version").strip()
    assert run(f"{TOP}/build/package/bin/natsweep", "--version").strip() == f"natsweep {said}"


def test_services_keep_only_the_rights_they_need(unpacked):
    units = sorted(str(path) for path in unpacked.glob("lib/systemd/system/*.service"))
    assert len(units) >= 6
    for unit in units:
        done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={EXPOSURE_MAX}", unit],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_a_lax_service_is_noticed(tmp_path):
    unit = tmp_path / "lax.service"
    unit.write_text("[Service]\nExecStart=/bin/true\nUser=nobody\nNoNewPrivileges=yes\n", encoding="ascii")
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={EXPOSURE_MAX}", str(unit)],
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0


def test_dependencies_are_those_of_the_programs(packages):
    depends = {name: run("dpkg-deb", "-f", packages[name], "Depends") for name in NAMES}
    for library in ("libzmq5", "libsqlite3-0", "libprotobuf-c1", "libnettle8", "adduser"):
        assert library in depends["natsweep-agent"]
    for wanted in ("libzmq5", "libpq5", "sqitch", "libdbd-pg-perl", "postgresql-client", "adduser"):
        assert wanted in depends["natsweep-collector"]
    for wanted in ("libpq5", "libmicrohttpd12"):
        assert wanted in depends["natsweep-dashboard"]
    assert "libpq5" not in depends["natsweep-agent"]
    for wanted in ("coturn", "kamailio", "iproute2"):
        assert wanted in depends["natsweep-vantage"]


@pytest.mark.parametrize("program, arguments, path", [
    ("natsweep-agent", ("run", "--print-settings"), "etc/natsweep/agent.conf"),
    ("natsweep-collector", ("--print-settings",), "etc/natsweep/collector.conf"),
    ("natsweep-dashboard", ("--print-settings",), "etc/natsweep/dashboard.conf"),
])
def test_settings_files_are_what_the_programs_say(unpacked, program, arguments, path):
    assert (unpacked / path).read_text() == run(str(unpacked / "usr/bin" / program), *arguments)
