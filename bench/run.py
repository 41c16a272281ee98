"""Figures of the server as ratios against anchors measured in the same run; see README.md.

    script/bench                 goals 1, 2, 4, 7 to 13
    script/bench endurance       goal 3
    script/bench growth          goal 5, and how cost grows with batch, clients and users
    script/bench build           goal 14
    script/bench --peers         goal 6 and PostgreSQL, besides
    script/bench --quick         all of it but build, so small that the figures mean nothing
"""

import argparse
import dataclasses
import json
import pathlib
import platform
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "harness"))

import parsing  # noqa: E402
import reads  # noqa: E402
import refusals  # noqa: E402
import start_up  # noqa: E402
import updates  # noqa: E402
from goals import print_figures, print_goals  # noqa: E402
from processes import Programs  # noqa: E402
from run_context import QUICK, Run, Sizes  # noqa: E402

PARTS = {
    "500-record batches": updates.measure,
    "reads": reads.measure,
    "refused bodies": refusals.measure,
    "start-up and memory": start_up.measure,
    "parsing, one core": parsing.measure,
}


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", default="goals", choices=["goals"])
    parser.add_argument("--quick", action="store_true")
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
    return dataclasses.replace(sizes, **{k: v for k, v in given.items() if v is not None})


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    return done.stdout.strip() or "unknown"


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    goals, figures, seconds = [], {}, {}
    options.scratch.mkdir(parents=True, exist_ok=True)
    for name, measure in PARTS.items():
        if options.only and options.only not in name:
            continue
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bench-", dir=options.scratch) as scratch:
            scratch = pathlib.Path(scratch)
            run = Run(options.build / "muster", Programs(options.build / "bench", scratch),
                      scratch, sizes_of(options))
            judged, figures[name] = measure(run)
        goals += judged
        seconds[name] = time.monotonic() - begin
        print_figures(f"{name} ({seconds[name]:.0f} s)", figures[name])
        sys.stdout.flush()
    goals.sort(key=lambda row: (int(row["goal"].rstrip("abcd")), row["goal"]))
    print_goals(goals)
    options.output.write_text(json.dumps(
        {"commit": commit(), "cores": len(__import__("os").sched_getaffinity(0)),
         "system": platform.platform(), "quick": options.quick, "goals": goals,
         "figures": figures, "seconds": seconds}, indent=2) + "\n")
    print(f"\nas JSON: {options.output}")


if __name__ == "__main__":
    sys.exit(main())
