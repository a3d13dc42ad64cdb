"""Makes a man page of its source and of what the programs say about themselves.

usage: manual.py SOURCE VERSION DATE NAME=PROGRAM...      the date as RFC 5322 writes it

In the source stand @VERSION@, @DATE@ and lines of these forms, where NAME is a program of the command line:
  @FLAGS NAME [SUBCOMMAND]@          every flag of its --help
  @COMMANDS NAME [but FLAG...]@      every subcommand with its usage and flags, less flags that are told elsewhere
  @SETTINGS NAME ARGUMENT...@        the settings file that the command prints
"""
import email.utils
import re
import sys

import help_text


def roff(text):
    """Text that roff leaves as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    return "\\&" + text if text.startswith(".") else text


def told(said, but=()):
    """A --help: what it says, its commands and flags as tagged paragraphs, and last its exit codes."""
    codes = [text for text in said.paragraphs if text.startswith("Exit:")]
    lines = [line for text in said.paragraphs if text not in codes for line in (roff(text), ".PP")][:-1]
    for words, text in said.commands:
        lines += [".TP", f"\\fB{roff(words)}\\fR", roff(text)]
    for flag in said.flags:
        if flag.name in but:
            continue
        value = f" \\fI{roff(flag.value)}\\fR" if flag.value else ""
        lines += [".TP", f"\\fB{roff(flag.name)}\\fR{value}", roff(flag.text)]
    return lines + [line for text in codes for line in (".PP", roff(text))]


def flags(programs, name, *subcommand):
    """@FLAGS@"""
    return told(help_text.read(programs[name], *subcommand))


def commands(programs, name, *but):
    """@COMMANDS@"""
    lines = []
    for words in help_text.subcommand_names(help_text.read(programs[name])):
        if words == "version":
            continue
        said = help_text.read(programs[name], *words.split())
        usage = said.usage[0].removeprefix(f"{name} {words}").strip()
        lines += [f".SS {name} {words}", f"\\fB{roff(f'{name} {words}')}\\fR \\fI{roff(usage)}\\fR", ".PP", *told(said, but)]
    return lines


def settings(programs, name, *arguments):
    """@SETTINGS@: "[section]", "# help", "# key = default"."""
    lines, about = [], ""
    for line in help_text.run(programs[name], *arguments).splitlines():
        key = re.match(r"# (\w+) =(.*)$", line)
        if line.startswith("["):
            lines.append(f".SS {roff(line)}")
        elif key:
            default = key.group(2).strip()
            lines += [".TP", f"\\fB{roff(key.group(1))}\\fR = \\fI{roff(default) or 'unset'}\\fR", roff(about)]
        elif line.startswith("# "):
            about = line.removeprefix("# ")
    return lines


def expand(line, programs):
    """The lines that take the place of one."""
    mark = re.match(r"@(FLAGS|COMMANDS|SETTINGS) (.*)@$", line)
    if not mark:
        return [line]
    name, *rest = mark.group(2).split()
    return {"FLAGS": flags, "COMMANDS": commands, "SETTINGS": settings}[mark.group(1)](programs, name, *[word for word in rest if word != "but"])


def main(source, version, date, *named):
    """Prints the page."""
    programs = dict(word.split("=", 1) for word in named)
    date = email.utils.parsedate_to_datetime(date).date().isoformat()
    with open(source, encoding="utf-8") as file:
        for line in file.read().replace("@VERSION@", version).replace("@DATE@", date).splitlines():
            print("\n".join(expand(line, programs)))


main(*sys.argv[1:])
