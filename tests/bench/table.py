"""A table of measurements: each row is what was done, how much it cost, and the ratio to the row that is the yardstick."""


class Table:
    """Collected row by row, printed at the end."""

    def __init__(self, title, unit, yardstick):
        self.title, self.unit, self.yardstick = title, unit, yardstick
        self.rows = []

    def add(self, name, value, note=""):
        """One measurement."""
        self.rows.append((name, value, note))

    def print(self):
        """The whole table, ratios against the yardstick's row."""
        values = {name: value for name, value, _ in self.rows}
        base = values[self.yardstick]
        print(f"\n{self.title}")
        print(f"  {'':44} {self.unit:>12} {'ratio':>9}")
        for name, value, note in self.rows:
            print(f"  {name:44} {value:12.3f} {value / base:9.3f}  {note}")
