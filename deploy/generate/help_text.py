"""What a program's --help says, taken apart. The programs print it from the tables that parse their arguments, so whatever is made
of it is true."""
import re
import subprocess
from dataclasses import dataclass, field

FLAG_LINE = re.compile(r"  (--\S+)(?: (\S+))?\s\s+(\S.*)$|  (--\S+) (\S+) (\S.*)$")
COMMAND_LINE = re.compile(r"  (\S.*?)(?:\s\s+(\S.*))$")


@dataclass
class Flag:
    """A row such as "--site NAME   sites of this name"."""
    name: str
    value: str  # what it takes, "" for nothing
    text: str

    def words(self):
        """The values it takes, where they are few and named: "4|6", or a text that begins "text (default), json or csv"."""
        if "|" in self.value:
            return self.value.split("|")
        listed = re.match(r"((?:\w+(?: \([^)]*\))?, )*)(\w+)(?: \([^)]*\))? or (\w+)", self.text)
        if not self.value or self.value in ("FILE", "DIR", "DSN", "T", "LIST") or not listed:
            return []
        return re.findall(r"\w+", re.sub(r"\([^)]*\)", "", listed.group(1))) + [listed.group(2), listed.group(3)]


@dataclass
class Help:
    """The parts of one --help."""
    usage: list = field(default_factory=list)
    paragraphs: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    commands: list = field(default_factory=list)  # (words, operands and text)


def parse_flag(line):
    """The flag of a line, or None."""
    found = FLAG_LINE.match(line)
    if not found:
        return None
    name, value, text = found.groups()[:3] if found.group(1) else found.groups()[3:]
    return Flag(name, value or "", text)


def parse(text):
    """Takes the text of a --help apart."""
    result, paragraph = Help(), []
    for line in [*text.splitlines(), ""]:
        flag = parse_flag(line)
        command = None if flag else COMMAND_LINE.match(line)
        if flag:
            result.flags.append(flag)
        elif command:
            result.commands.append(command.groups())
        elif line.startswith("usage: "):
            result.usage.append(line.removeprefix("usage: "))
        elif line:
            paragraph.append(line)
        if (flag or command or not line) and paragraph:
            result.paragraphs.append(" ".join(paragraph))
            paragraph = []
    return result


def run(*command):
    """What a program prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


def read(*command):
    """The --help of a program or of one of its subcommands."""
    return parse(run(*command, "--help"))


def subcommand_names(program_help):
    """The words of every subcommand that a program's --help lists: "user add" of "user add  ROLE  let ..."."""
    return [re.split(r"\s\s+", words)[0] for words, _ in program_help.commands]
