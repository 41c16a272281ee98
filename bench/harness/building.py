"""Goal 14: how long a build takes without ccache, and how large the program is."""

import os
import pathlib
import shutil
import subprocess
import time

from goals import judged, spread

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
JOBS = 2
ROUNDS = 5
CHANGED = "src/directory/user_service.cc"


def measure(run):
    tree = run.scratch / "tree"
    _copy_sources(tree)
    cold = _seconds(tree, ["cmake", "--preset", "release"]) + _build(tree)
    unchanged, changed = [], []
    for number in range(ROUNDS):
        unchanged.append(_build(tree))
        with open(tree / CHANGED, "a") as source:
            source.write(f"\nnamespace muster {{ [[maybe_unused]] static int g_{number}; }}\n")
        changed.append(_build(tree))
    stripped = run.scratch / "muster"
    subprocess.run(["strip", "-o", stripped, tree / "build/release/muster"], check=True)
    goals = [judged("14a", spread([stripped.stat().st_size / 1e6])),
             judged("14b", spread([cold])),
             judged("14c", spread(unchanged)),
             judged("14d", spread(changed))]
    return goals, {goal["what"]: {goal["unit"]: goal["median"]} for goal in goals}


def _copy_sources(tree):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)


def _build(tree):
    return _seconds(tree, ["cmake", "--build", "build/release", "--", f"-j{JOBS}", "--quiet"])


def _seconds(tree, command):
    begin = time.monotonic()
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL,
                   env=os.environ | {"CCACHE_DISABLE": "1"})
    return time.monotonic() - begin
