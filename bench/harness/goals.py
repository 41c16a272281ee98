"""The goals, and the table that says how far each is met."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Goal:
    """What must hold and what we aim at; `sign` says on which side of the limits is better."""
    what: str
    sign: str
    must: float
    aim: float
    unit: str = ""

    def verdict(self, value):
        for name, limit in (("aim", self.aim), ("must", self.must)):
            if value >= limit if self.sign == ">=" else value <= limit:
                return name
        return "MISSED"


GOALS = {
    "1": Goal("8 clients, CSV / raw log", ">=", 0.5, 1.0),
    "2": Goal("1 client, CSV, ms / (raw log + sink)", "<=", 2.0, 1.3),
    "3": Goal("p99 / p50, 8 clients, snapshots running", "<=", 5, 2.5),
    "4": Goal("JSON / CSV, same records", ">=", 0.8, 0.95),
    "5": Goal("1,000,000 users / 10,000 users", ">=", 0.8, 0.95),
    "6a": Goal("slapd, one modify each", ">=", 200, 400, "x"),
    "6b": Goal("slapd, one transaction", ">=", 60, 120, "x"),
    "7": Goal("stock SQLite", ">=", 8, 15, "x"),
    "8": Goal("memory per user beyond its text", "<=", 400, 150, "B"),
    "9": Goal("start-up with 1,000,000 users", "<=", 4, 1, "s"),
    "10a": Goal("CSV reader, one core", ">=", 1, 3, "GB/s"),
    "10b": Goal("JSON reader / simdjson on-demand", ">=", 0.4, 0.8),
    "11a": Goal("refused body, CSV, long texts / sink", ">=", 0.7, 0.9),
    "11b": Goal("refused body, JSON, long texts / sink", ">=", 0.7, 0.9),
    "11c": Goal("refused body, blank lines / sink", ">=", 0.7, 0.9),
    "11d": Goal("refused body, unknown column / sink", ">=", 0.7, 0.9),
    "12a": Goal("GET one user, 16 clients / fixed answer", ">=", 0.7, 0.9),
    "12b": Goal("list of 200 users", "<=", 1.5, 0.5, "ms"),
    "12c": Goal("VQL over 1,000,000 users", "<=", 300, 80, "ms"),
    "13": Goal("bytes written / bytes of change", "<=", 3, 2),
    "14a": Goal("binary, stripped", "<=", 12, 6, "MB"),
    "14b": Goal("cold build, 2 jobs", "<=", 480, 240, "s"),
    "14c": Goal("build without a change", "<=", 3, 1.5, "s"),
    "14d": Goal("build after one .cc of directory/", "<=", 25, 12.5, "s"),
    "15a": Goal("PostgreSQL, 1 client / its statements alone", ">=", 0.8, 0.95),
    "15b": Goal("PostgreSQL, 4 clients / its statements alone", ">=", 0.8, 0.95),
    "15c": Goal("PostgreSQL, 8 clients / its statements alone", ">=", 0.8, 0.95),
    "15d": Goal("PostgreSQL, 1 client / row by row", ">=", 1.25, 1.5, "x"),
    "16": Goal("PostgreSQL, 1,000,000 users / 10,000 users", ">=", 0.7, 0.9),
}


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values),
            "rounds": len(values)}


def ratios(values, anchors):
    """Round by round: both saw the same machine at the same time."""
    return spread([value / anchor for value, anchor in zip(values, anchors, strict=True)])


def judged(number, measured):
    goal = GOALS[number]
    return {"goal": number, "what": goal.what, "unit": goal.unit, **measured,
            "sign": goal.sign, "must": goal.must, "aim": goal.aim,
            "verdict": goal.verdict(measured["median"])}


def rounded(value):
    """About three digits."""
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def triple(measured):
    return (f"{rounded(measured['median'])} ({rounded(measured['min'])}"
            f"-{rounded(measured['max'])})")


def print_goals(rows):
    print(f"\n{'goal':<5}{'':<42}{'median (min-max)':>24}{'must':>9}{'aim':>9}  {'reached'}")
    for row in rows:
        what = row["what"] + (f", {row['unit']}" if row["unit"] else "")
        print(f"{row['goal']:<5}{what:<42}{triple(row):>24}{row['sign'] + rounded(row['must']):>9}"
              f"{row['sign'] + rounded(row['aim']):>9}  {row['verdict']}")


def print_figures(title, rows):
    """rows: name -> member -> figure or spread; one line each, blank where a row has no such."""
    print(f"\n{title}")
    members = list(dict.fromkeys(member for row in rows.values() for member in row))
    print(f"{'':<26}" + "".join(f"{member:>24}" for member in members))
    for name, row in rows.items():
        print(f"{name:<26}" + "".join(f"{cell(row.get(member)):>24}" for member in members))


def cell(figure):
    if figure is None:
        return ""
    return triple(figure) if isinstance(figure, dict) else rounded(figure)
