"""The benchmark harness works: every part runs against a real server, checks its answers, and
prints every figure. No time is asserted."""

import json
import pathlib
import subprocess
import sys
import tempfile

import pytest

from muster_server import PROJECT, binary, clean_environment

GOALS = ["1", "2", "3", "4", "5", "7", "8", "9", "10a", "10b", "11a", "11b", "11c", "11d", "12a",
         "12b", "12c", "13", "15a", "15b", "15c", "15d", "16"]
SPREAD = {"median", "min", "max", "rounds"}
ROWS = {
    "500-record batches": ["sink, CSV, 1 client", "CSV, 1 client", "raw log", "CSV, 8 clients",
                           "JSON, 8 clients", "stock SQLite", "JSON, 1 client",
                           "sink, CSV, 8 clients"],
    "reads": ["one user", "fixed answer", "list of 200", "fixed list"],
    "refused bodies": ["sink", "csv", "json", "lines", "column"],
    "start-up and memory": ["6000 users"],
    "parsing, one core": ["csv", "csv_quoted", "json", "simdjson", "memcpy"],
    "users": ["1000 users", "6000 users"],
    "records of a batch": ["1 clients, 1 records", "1 clients, 500 records",
                           "8 clients, 1 records", "8 clients, 500 records"],
    "clients": ["1 clients, 500 records", "8 clients, 500 records"],
    "reads while writing": ["4 readers alone", "4 readers, 8 writers"],
    "a store in PostgreSQL": [
        "CSV, 1 clients", "statements, 1 clients", "CSV, 4 clients", "statements, 4 clients",
        "CSV, 8 clients", "statements, 8 clients", "row by row, 1 clients",
        "a call a statement, 1 clients",
        "1000 users, 8 clients", "6000 users, 8 clients"],
    "endurance": ["whole run", *(f"part {n} of 10" for n in range(1, 11))],
}


def programs():
    """The folder with muster and bench/ below it; script/test builds them in build/dev."""
    for folder in (pathlib.Path(binary()).parent, PROJECT / "build" / "dev"):
        if (folder / "bench" / "bench_load").is_file():
            return folder
    raise FileNotFoundError("the programs of bench/ are not built: script/test does that")


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    output = tmp_path_factory.mktemp("bench") / "bench.json"
    # PostgreSQL runs as another user, to whom the folders of the tests are closed.
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as scratch:
        pathlib.Path(scratch).chmod(0o711)
        done = subprocess.run(
            [sys.executable, PROJECT / "bench" / "run.py", "--quick", "--build", programs(),
             "--scratch", scratch, "--output", output],
            capture_output=True, text=True, check=False, env=clean_environment())
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout, json.loads(output.read_text()), list(pathlib.Path(scratch).iterdir())


def test_every_goal_is_measured_and_judged(quick):
    _, report, _ = quick
    assert [row["goal"] for row in report["goals"]] == GOALS
    for row in report["goals"]:
        assert row.keys() == SPREAD | {"goal", "what", "unit", "sign", "must", "aim", "verdict"}
        assert row["verdict"] in ("aim", "must", "MISSED")
        assert row["rounds"] >= 2
        # The memory of a small directory is not more than noise: that figure alone may be any.
        if row["goal"] != "8":
            assert row["min"] > 0 and row["median"] > 0 and row["max"] > 0, row


def test_every_figure_is_there_and_positive(quick):
    _, report, _ = quick
    assert {part: list(rows) for part, rows in report["figures"].items()} == ROWS
    for part, rows in report["figures"].items():
        for name, row in rows.items():
            for member, figure in row.items():
                if isinstance(figure, dict):
                    assert figure.keys() == SPREAD
                    assert 0 < figure["min"] <= figure["median"] <= figure["max"], \
                        (part, name, member)
                else:
                    assert figure > 0, (part, name, member)


def test_the_report_says_what_was_measured(quick):
    _, report, _ = quick
    assert report.keys() == {"commit", "cores", "system", "quick", "goals", "figures", "seconds"}
    assert report["quick"] is True
    assert report["seconds"].keys() == ROWS.keys()


def test_the_table_shows_every_goal(quick):
    text, report, _ = quick
    table = text[text.index("\ngoal "):].splitlines()
    for row in report["goals"]:
        line = next(line for line in table if line.startswith(row["goal"].ljust(5) + row["what"]))
        assert line.endswith("  " + row["verdict"])


def test_nothing_is_left_behind(quick):
    _, _, left = quick
    assert left == []
