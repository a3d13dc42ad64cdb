"""Prints the bash completion of a program, made of its --help.

usage: completion.py NAME PROGRAM
"""
import sys

import help_text

FILES, FOLDERS = ("FILE", "FILE|-"), ("DIR",)
NAMED_FLAGS = {"--site": "sites", "--customer": "customers", "--tag": "tags", "--add": "tags", "--remove": "tags"}
NAMED_OPERANDS = {"SITE": "sites"}

NAMES = r"""# {function}_names WHAT: those of the database that begin with the current word; none when it does not answer at once. They are names and
# no code: nothing here may expand them.
{function}_names() {{
    local name begin=${{current//[\\\"\']/}} dsn=() i
    for ((i = 1; i < COMP_CWORD - 1; i++)); do
        [[ ${{COMP_WORDS[i]}} == --dsn ]] && dsn=(--dsn "${{COMP_WORDS[i + 1]//[\"\']/}}")
    done
    while IFS= read -r name; do
        [[ ${{name:0:${{#begin}}}} == "$begin" ]] && COMPREPLY+=("$name")
    done < <(PGCONNECT_TIMEOUT=2 timeout 3 {name} names "$1" "${{dsn[@]}}" 2>/dev/null </dev/null)
}}

# {function}_operand SUBCOMMAND: what it is done to, when that has a name.
{function}_operand() {{
    case $1 in
{operands}
    esac
}}

"""

ASK_OPERAND = """    [[ -z $values && $current != -* && $subcommand == *"$previous" ]] && values=$({function}_operand "$subcommand")
"""
OFFER_NAMES = """        :names*) {function}_names "${{values#:names }}" ;;
"""

SCRIPT = """# bash completion for {name}, made of its --help.

# {function}_flags SUBCOMMAND: its flags.
{function}_flags() {{
    case $1 in
{flags}
    esac
}}

# {function}_values SUBCOMMAND FLAG: what the flag takes: words, or "file", "folder" and "any" after a colon; nothing for a switch.
{function}_values() {{
    case "$1 $2" in
{values}
    esac
}}

{names}{function}() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} subcommand='' word values i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD && i < 3; i++)); do
        word=${{COMP_WORDS[i]}}
        [[ $word == -* ]] && break
        case "${{subcommand:+$subcommand }}$word" in
            {known}) subcommand="${{subcommand:+$subcommand }}$word" ;;
            *) break ;;
        esac
    done
    values=$({function}_values "$subcommand" "$previous")
{operand}    case $values in
        :file) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        :folder) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
{offer_names}        :any) ;;
        ?*) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current") ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$({function}_flags "$subcommand")" -- "$current") ;;
    esac
}}

complete -o filenames -F {function} {name}
"""


def values_of(flag, named):
    """What stands after a flag, in the words of the script; named: the program can list names."""
    if named and flag.name in NAMED_FLAGS:
        return ":names " + NAMED_FLAGS[flag.name]
    if flag.value in FILES:
        return ":file"
    if flag.value in FOLDERS:
        return ":folder"
    return " ".join(flag.words()) or ":any"


def prefixes(names):
    """Each subcommand, and the first word of those that have two: with what may follow it."""
    following = {"": sorted({name.split()[0] for name in names})}
    for name in names:
        first, _, second = name.partition(" ")
        if second:
            following.setdefault(first, []).append(second)
    return following


def main(name, program):
    """Prints the script."""
    said = help_text.read(program)
    names = help_text.subcommand_names(said)
    named = "names" in names
    operands = {words: NAMED_OPERANDS[more.split()[0]] for words, more in said.commands if more.split()[0] in NAMED_OPERANDS}
    helps = {words: help_text.read(program, *words.split()) for words in names if words != "version"}
    following = {"": said.flags and [flag.name for flag in said.flags]} if not names else prefixes(names)
    offered = following | {words: following.get(words, []) + [flag.name for flag in text.flags] for words, text in helps.items()}
    if not names:
        helps = {"": said}
    flag_rows = [f"        '{words}') echo '{' '.join(flags)}' ;;" for words, flags in offered.items()]
    value_rows = [f"        '{words} {flag.name}') echo '{values_of(flag, named)}' ;;" for words, text in helps.items() for flag in text.flags if flag.value]
    function = "_" + name.replace("-", "_")
    operand_rows = [f"        '{words}') echo ':names {what}' ;;" for words, what in operands.items()]
    print(SCRIPT.format(
        name=name, function=function, flags="\n".join(flag_rows), values="\n".join(value_rows),
        known=" | ".join(f"'{words}'" for words in offered if words) or "''",
        names=NAMES.format(name=name, function=function, operands="\n".join(operand_rows)) if named else "",
        operand=ASK_OPERAND.format(function=function) if named else "", offer_names=OFFER_NAMES.format(function=function) if named else ""), end="")


main(*sys.argv[1:])
