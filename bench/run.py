"""Figures of the server as ratios against anchors measured in the same run; see README.md.

    script/bench                 goals 1, 2, 4, 7 to 13
    script/bench endurance       goal 3
    script/bench growth          goal 5, and how cost grows with batch, clients and users
    script/bench build           goal 14
    script/bench postgresql      goals 15 and 16
    script/bench --peers         goal 6 and PostgreSQL, besides
    script/bench --quick         all of it but build, so small that the figures mean nothing
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "harness"))

import building  # noqa: E402
import endurance  # noqa: E402
import growth  # noqa: E402
import parsing  # noqa: E402
import peers  # noqa: E402
import postgres_store  # noqa: E402
import reads  # noqa: E402
import refusals  # noqa: E402
import start_up  # noqa: E402
import updates  # noqa: E402
from goals import print_figures, print_goals  # noqa: E402
from processes import Programs  # noqa: E402
from run_context import QUICK, Run, Sizes  # noqa: E402

GOALS = {
    "500-record batches": updates.measure,
    "reads": reads.measure,
    "refused bodies": refusals.measure,
    "start-up and memory": start_up.measure,
    "parsing, one core": parsing.measure,
}
GROWTH = {
    "users": growth.measure_users,
    "records of a batch": growth.measure_records,
    "clients": growth.measure_clients,
    "reads while writing": growth.measure_readers,
}
ENDURANCE = {"endurance": endurance.measure}
POSTGRESQL = {"a store in PostgreSQL": postgres_store.measure}
PARTS = {
    "goals": GOALS,
    "growth": GROWTH,
    "endurance": ENDURANCE,
    "build": {"build": building.measure},
    "postgresql": POSTGRESQL,
    "quick": GOALS | GROWTH | ENDURANCE | POSTGRESQL,
}
PEERS = {"slapd and PostgreSQL": peers.measure}


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", default="goals", choices=["goals", "endurance", "growth", "build", "postgresql"])
    parser.add_argument("--quick", action="store_true", help="proves that the harness works")
    parser.add_argument("--peers", action="store_true", help="slapd and PostgreSQL as well")
    parser.add_argument("--minutes", type=float, help="of endurance [10]")
    parser.add_argument("--ten-million", action="store_true", help="users, in growth; 12 GiB")
    parser.add_argument("--users", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="of one case in one round")
    parser.add_argument("--only", help="parts whose name contains this")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--scratch", type=pathlib.Path, default=ROOT / "build",
                        help="where the data goes: a real disk")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "build" / "bench.json")
    return parser.parse_args()


def sizes_of(options):
    sizes = QUICK if options.quick else Sizes()
    given = {name: getattr(options, name) for name in ("users", "rounds", "seconds")}
    if options.minutes:
        given["endurance_s"] = options.minutes * 60
    if options.ten_million:
        given["growth_users"] = (*sizes.growth_users, 10_000_000)
    return dataclasses.replace(sizes, **{k: v for k, v in given.items() if v is not None})


def parts_of(options):
    parts = PARTS["quick" if options.quick else options.mode]
    if options.peers:
        parts = parts | PEERS
    return {name: measure for name, measure in parts.items()
            if not options.only or options.only in name}


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    return done.stdout.strip() or "unknown"


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    goals, figures, seconds = [], {}, {}
    options.scratch.mkdir(parents=True, exist_ok=True)
    for name, measure in parts_of(options).items():
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bench-", dir=options.scratch) as scratch:
            scratch = pathlib.Path(scratch).resolve()
            run = Run(options.build / "muster", Programs(options.build / "bench", scratch),
                      scratch, sizes_of(options))
            judged, figures[name] = measure(run)
        goals += judged
        seconds[name] = time.monotonic() - begin
        print_figures(f"{name} ({seconds[name]:.0f} s)", figures[name])
        sys.stdout.flush()
    goals.sort(key=lambda row: (int(row["goal"].rstrip("abcd")), row["goal"]))
    if goals:
        print_goals(goals)
    if options.quick:
        print("\nquick: this shows that the harness works; the figures mean nothing")
    options.output.write_text(json.dumps(
        {"commit": commit(), "cores": len(os.sched_getaffinity(0)),
         "system": platform.platform(), "quick": options.quick, "goals": goals,
         "figures": figures, "seconds": seconds}, indent=2) + "\n")
    print(f"\nas JSON: {options.output}")


if __name__ == "__main__":
    sys.exit(main())
