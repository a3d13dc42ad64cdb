"""Man pages and completions against what the programs say themselves. Flags are found here by other means than the pages are made."""
import glob
import gzip
import os
import re
import subprocess

import pytest

from lab.process import run

from .conftest import BUILD, TOP, quiet

MAN = os.path.join(BUILD, "deploy", "man")
COMPLETION = os.path.join(BUILD, "deploy", "completion")
SHARED = {"--dsn", "--format", "--help"}  # natsweep(1) tells them once
PAGES = ["natsweep-agent.8", "natsweep-agent.conf.5", "natsweep-collector.8", "natsweep-dashboard.8", "natsweep-vantage.7", "natsweep.1"]


def program(name):
    """The path of a built program."""
    return f"{TOP}/deploy/vantage/{name}" if name == "natsweep-vantage" else f"{BUILD}/bin/{name}"


def help_of(name, *subcommand):
    """The text of a --help."""
    return run(program(name), *subcommand, "--help")


def flags_of(text):
    """The flags that a --help lists."""
    return set(re.findall(r"^ +(--[a-z-]+)", text, re.MULTILINE))


def subcommands_of(name):
    """The subcommands that a program lists: words of small letters before two spaces or an operand."""
    lines = re.findall(r"^  ([a-z-]+(?: [a-z]+)?)(?=  | [A-Z\[])", help_of(name), re.MULTILINE)
    return [words for words in lines if words != "version"]


def page(name):
    """A man page as it is read, on lines without end."""
    with gzip.open(os.path.join(MAN, f"{name}.gz")) as file:
        source = file.read()
    shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=900"], input=source, capture_output=True, check=True).stdout.decode()
    return re.sub(".\b", "", shown)


def section(text, title):
    """The part of a page under a heading that stands alone on its line."""
    found = re.search(rf"^ *{re.escape(title)}\n(.*?)(?=^ {{0,3}}\S|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section '{title}'"
    return found.group(1)


@pytest.fixture(autouse=True)
def built(packages):
    """The pages are made with the packages."""
    return packages


def test_all_pages_are_there():
    assert sorted(os.path.basename(path) for path in glob.glob(f"{MAN}/*.[1-8]")) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_well_formed(name):
    assert not quiet("mandoc", "-T", "lint", "-W", "warning", f"{MAN}/{name}")


@pytest.mark.parametrize("name, number, shared", [("natsweep", "1", SHARED), ("natsweep-agent", "8", set())])
def test_every_subcommand_has_its_section_with_its_flags_and_no_others(name, number, shared):
    text = page(f"{name}.{number}")
    names = subcommands_of(name)
    assert len(names) >= 6
    for words in names:
        said = help_of(name, *words.split())
        told = section(text, f"{name} {words}")
        assert set(re.findall(r"^ +(--[a-z-]+)", told, re.MULTILINE)) == flags_of(said) - shared, words
        for flag, about in re.findall(r"^ +(--[a-z-]+)(?: \S+)? {2,}(\S.*)$", said, re.MULTILINE):
            assert flag in shared or about in told, (words, flag)
    if shared:
        assert flags_of(section(text, "COMMON FLAGS")) == shared


@pytest.mark.parametrize("name, number", [("natsweep-collector", "8"), ("natsweep-dashboard", "8")])
def test_a_program_without_subcommands_has_its_flags(name, number):
    assert flags_of(page(f"{name}.{number}")) == flags_of(help_of(name))


def test_the_vantages_commands_are_told():
    text = page("natsweep-vantage.7")
    for words in ("check", "show", "render"):
        assert words in help_of("natsweep-vantage") and words in text


@pytest.mark.parametrize("name, arguments, where", [
    ("natsweep-agent", ("run", "--print-settings"), "natsweep-agent.conf.5"),
    ("natsweep-collector", ("--print-settings",), "natsweep-collector.8"),
    ("natsweep-dashboard", ("--print-settings",), "natsweep-dashboard.8"),
])
def test_every_setting_is_told_with_its_default(name, arguments, where):
    text, part, count = page(where), "", 0
    for line in run(program(name), *arguments).splitlines():
        if line.startswith("["):
            part = section(text, line)
        setting = re.match(r"# (\w+) =(?: (.*))?$", line)
        if setting:
            count += 1
            assert f"{setting.group(1)} = {setting.group(2) or 'unset'}\n" in part
    assert count >= 10


def completed(name, *words):
    """What bash offers for the last word."""
    script = f"""source {COMPLETION}/{name}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
"$(complete -p {name} | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
printf '%s\\n' "${{COMPREPLY[@]}}" """
    return set(run("bash", "--norc", "-c", script, "bash", name, *words).split())


@pytest.mark.parametrize("name", ["natsweep", "natsweep-agent"])
def test_completion_offers_every_subcommand_and_every_flag(name):
    assert completed(name, "") - {"version"} == {words.split()[0] for words in subcommands_of(name)}
    for words in subcommands_of(name):
        assert completed(name, *words.split(), "--") == flags_of(help_of(name, *words.split())), words


def test_completion_offers_values_and_files(tmp_path):
    assert completed("natsweep", "customer", "") >= {"add", "list"}
    assert completed("natsweep", "sweep", "--mode", "") == {"auto", "live", "exclusive"}
    assert completed("natsweep", "report", "--format", "j") == {"json"}
    assert completed("natsweep-agent", "check", "--family", "") == {"4", "6"}
    assert completed("natsweep-agent", "status", "--format", "") == {"text", "json"}
    assert completed("natsweep-collector", "--pri") == {"--print-settings"}
    assert completed("natsweep", "sweep", "--site", "") == set()
    (tmp_path / "token").touch()
    assert completed("natsweep-agent", "enroll", "--token", f"{tmp_path}/t") == {f"{tmp_path}/token"}


@pytest.mark.parametrize("name", ["natsweep", "natsweep-agent", "natsweep-collector", "natsweep-dashboard"])
def test_completions_are_clean_scripts(name):
    assert not quiet("shellcheck", "-s", "bash", f"{COMPLETION}/{name}")
