"""Compares what was found with what each site's NAT deserves, and says both in words."""
import textwrap

WIDTHS = (10, 42, 46)
INDENT, COLUMNS = 13, 118


def spoken(outcome, counts):
    """An outcome with the number of ports of each verdict."""
    said = ", ".join(f"{count or 'some'} {verdict.replace('_', ' ')}" for verdict, count in sorted(counts.items()))
    return f"{outcome}: {said}"


def differences(site, row, counts):
    """What of a site's row and its count of verdicts is not what it deserves, in words."""
    pairs = [("outcome", row["outcome"], site.outcome), ("forwarding", row["forwarding"], site.forwarding), ("SIP ALG", row["alg"], site.alg),
             ("NAT class", row["nat_class"] if site.nat_class else None, site.nat_class),
             ("verdicts", {verdict: count if site.verdicts.get(verdict, 0) is not None else None for verdict, count in counts.items()}, site.verdicts)]
    return [f"{what} is {found}, deserved {deserved}" for what, found, deserved in pairs if found != deserved]


def print_heading():
    """The table's head."""
    print("  ".join(f"{title:<{width}}" for title, width in zip(("site", "what stands before its PBX", "expected"), WIDTHS)) + "  found")


def print_site(site, row, counts):
    """One site of the table, with the cause and cure that the database tells; returns whether all is as expected."""
    wrong = differences(site, row, counts)
    found = spoken(row["outcome"], counts) if wrong or None in site.verdicts.values() else "the same"
    print("  ".join(f"{text:<{width}}" for text, width in zip((site.name, site.story, spoken(site.outcome, site.verdicts)), WIDTHS)) + f"  {found}")
    for text in wrong:
        print(f"{'':{INDENT - 3}}!! WRONG: {text}")
    for text in filter(None, (row["cause"], row["cure"])):
        print(textwrap.fill(text, COLUMNS, initial_indent=" " * (INDENT - 1), subsequent_indent=" " * (INDENT - 1)))
    return not wrong
