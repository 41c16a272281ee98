"""First figures of the main job, as ratios against anchors measured in the same run.

Starts a server of its own on loopback with a directory of USERS demo users, then alternates the
raw journal (the floor: same changes, same durability, no HTTP) with the load generator, so that
both see the same machine at the same time. Prints one table and writes the same figures as JSON.

    script/bench [--users 100000] [--rounds 5] [--seconds 2] [--output build/bench.json]
"""

import argparse
import json
import os
import pathlib
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
ADMIN = "admin@example.com"
FIRST_DEMO_ID = 25001


class Server:
    """A `muster serve` on a free port; ready_s is the time to its ready line."""

    def __init__(self, directory, users, password):
        self.environment = dict(os.environ, MUSTER_ADMIN_USER=ADMIN, MUSTER_ADMIN_PASSWORD=password)
        command = [str(BUILD / "muster"), "serve", "--data", str(directory),
                   "--listen", "127.0.0.1:0", "--demo", str(users)]
        begin = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, env=self.environment)
        for line in self.process.stdout:
            if line.startswith("muster ready at "):
                self.ready_s = time.monotonic() - begin
                self.port = int(line.strip().rsplit(":", 1)[1])
                return
        raise RuntimeError("the server did not become ready")

    def resident_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(l for l in status.splitlines() if l.startswith("VmRSS")).split()[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=120) != 0:
            raise RuntimeError("the server did not stop cleanly")


def run_json(command, **options):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True,
                                     **options).stdout)


def load(server, password, users, clients, form, seconds):
    command = [str(BUILD / "bench" / "bench_load"), "--port", str(server.port), "--user", ADMIN,
               "--clients", str(clients), "--seconds", str(seconds), "--format", form,
               "--first-id", str(FIRST_DEMO_ID), "--users", str(users)]
    return run_json(command, env=dict(os.environ, MUSTER_PASSWORD=password))


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def text_bytes_per_user(directory):
    """Average bytes of text a user holds, read from the stopped server's own file."""
    database = sqlite3.connect(f"file:{directory / 'muster.db'}?mode=ro", uri=True)
    columns = [row[1] for row in database.execute("PRAGMA table_info(users)")]
    total = " + ".join(f'coalesce(length(cast("{c}" AS BLOB)), 0)' for c in columns)
    return database.execute(f"SELECT avg({total}) FROM users").fetchone()[0]


def measure_start(scratch, users, password):
    """Memory per user and start-up time from a stored directory."""
    sizes = {}
    for count in (1000, users):
        directory = scratch / f"start-{count}"
        Server(directory, count, password).stop()
        server = Server(directory, count, password)
        sizes[count] = (server.resident_kib(), server.ready_s)
        server.stop()
    per_user = (sizes[users][0] - sizes[1000][0]) * 1024 / (users - 1000)
    text = text_bytes_per_user(scratch / f"start-{users}")
    return {"users": users, "start_up_s": sizes[users][1], "memory_per_user_bytes": per_user,
            "text_per_user_bytes": text, "memory_beyond_text_bytes": per_user - text,
            "resident_mib": sizes[users][0] / 1024}


def measure_batches(scratch, users, rounds, seconds, password):
    cases = [(1, "csv"), (8, "csv"), (1, "json"), (8, "json")]
    figures = {case: [] for case in cases}
    raw = []
    server = Server(scratch / "batches", users, password)
    try:
        for case in cases:
            load(server, password, users, case[0], case[1], 0.5)  # warm up
        for _ in range(rounds):
            raw.append(run_json([str(BUILD / "bench" / "bench_raw_journal"), str(scratch / "raw.log"),
                                 str(users), str(seconds)]))
            for case in cases:
                figures[case].append(load(server, password, users, *case, seconds))
    finally:
        server.stop()
    result = {"raw_journal": {"batches_per_s": spread([r["batches_per_s"] for r in raw]),
                              "p50_ms": spread([r["p50_ms"] for r in raw])}}
    for (clients, form), runs in figures.items():
        result[f"{form}_{clients}"] = {
            "batches_per_s": spread([r["batches_per_s"] for r in runs]),
            "users_per_s": spread([r["users_per_s"] for r in runs]),
            "p50_ms": spread([r["p50_ms"] for r in runs]),
            "p99_ms": spread([r["p99_ms"] for r in runs]),
            "against_raw_journal": spread([r["batches_per_s"] / a["batches_per_s"]
                                           for r, a in zip(runs, raw)]),
            "sender_cpu_share": spread([r["sender_cpu_share"] for r in runs]),
        }
    return result


def print_batches(result):
    print(f"{'500-record batches':<22}{'batches/s':>22}{'users/s':>10}{'p50 ms':>9}{'p99 ms':>9}"
          f"{'/ raw journal':>22}{'sender CPU':>12}")
    anchor = result["raw_journal"]
    print(f"{'raw journal':<22}{triple(anchor['batches_per_s'], 0):>22}"
          f"{anchor['batches_per_s']['median'] * 500:>10.0f}{anchor['p50_ms']['median']:>9.2f}")
    for name, case in result.items():
        if name == "raw_journal":
            continue
        form, clients = name.split("_")
        print(f"{form.upper() + ', ' + clients + ' client(s)':<22}{triple(case['batches_per_s'], 0):>22}"
              f"{case['users_per_s']['median']:>10.0f}{case['p50_ms']['median']:>9.2f}"
              f"{case['p99_ms']['median']:>9.2f}{triple(case['against_raw_journal'], 2):>22}"
              f"{case['sender_cpu_share']['median']:>12.2f}")


def triple(values, digits):
    return (f"{values['median']:.{digits}f} "
            f"({values['min']:.{digits}f}-{values['max']:.{digits}f})")


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__.split("\n")[0])
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--output", default=str(ROOT / "build" / "bench.json"))
    options = parser.parse_args()
    password = secrets.token_hex(16) + "Aa1"
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        scratch = pathlib.Path(name)
        parse = run_json([str(BUILD / "bench" / "bench_parse")])
        start = measure_start(scratch, options.users, password)
        batches = measure_batches(scratch, options.users, options.rounds, options.seconds, password)
    print_batches(batches)
    print(f"\nparse, MB/s on one core: CSV {parse['csv']}, CSV with quoted columns "
          f"{parse['csv_quoted']}, JSON {parse['json']} ({parse['json'] / parse['simdjson']:.2f} of "
          f"simdjson {parse['simdjson']}), memcpy {parse['memcpy']}")
    print(f"{start['users']} users: ready {start['start_up_s']:.2f} s after start, "
          f"{start['memory_per_user_bytes']:.0f} bytes a user in memory, of them "
          f"{start['text_per_user_bytes']:.0f} text; resident {start['resident_mib']:.0f} MiB")
    pathlib.Path(options.output).write_text(json.dumps(
        {"batches": batches, "parse_mb_per_s": parse, "start": start}, indent=2) + "\n")
    print(f"figures as JSON: {options.output}")


if __name__ == "__main__":
    sys.exit(main())
