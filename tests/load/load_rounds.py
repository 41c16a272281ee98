#!/usr/bin/python3
"""Kills the loader or the server at random moments of loads and checks that nothing shows it.

    tests/load/load_rounds.py --rounds 100 [--seed N] [--records 20000]

Each round loads a file that gives every user a new title, some rows of it wrong. Until it is through,
the loader or the server, by chance, gets a kill -9 after a random time; the server starts again, the
loader with --resume. Afterwards results and failed rows are those of a load without kills, and the
audit trail has grown by exactly one row for each record that succeeded.
"""

import argparse
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from loading import NADIA, SUMS, rows_of, start  # noqa: E402
from muster_server import MusterServer  # noqa: E402
from proxy import Proxy  # noqa: E402
from vault_client import CROWD_FIRST_ID, Api, write_seed  # noqa: E402

WRONG_EVERY = 97


def audit_total(server):
    nadia = Api(server).log_in_as(NADIA)
    return nadia.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"]


def write_file(path, number, records):
    lines = ["id,user_title__v"]
    for i in range(records):
        wrong = i % WRONG_EVERY == WRONG_EVERY - 1
        lines.append(f"{900_000_000 + i if wrong else CROWD_FIRST_ID + i},Round {number}")
    path.write_text("\n".join(lines) + "\n")
    return lines[1:]


def run_round(number, server, proxy, folder, chance, records):
    """How often something was killed."""
    file, results, failed = folder / "people.csv", folder / "results.csv", folder / "failed.csv"
    rows = write_file(file, number, records)
    before = audit_total(server)
    kills, loader = 0, None
    while True:
        loader = loader or start(proxy.url, file, "--resume", "--batch", 100, "--results", results,
                                 "--failed", failed)
        try:
            out, said = loader.communicate(timeout=chance.uniform(0.05, 1.2) if kills < 6 else 300)
            break
        except subprocess.TimeoutExpired:
            kills += 1
        if chance.random() < 0.5:  # the loader lives on
            server.kill()
            server.start()
            proxy.upstream_port = server.port
        else:
            loader.send_signal(signal.SIGKILL)
            out, said = loader.communicate()
            if loader.returncode != -signal.SIGKILL:
                break  # it was through already
            loader = None
    wrong = [row for i, row in enumerate(rows) if i % WRONG_EVERY == WRONG_EVERY - 1]
    assert loader.returncode == 3, (loader.returncode, out, said)
    ((read, succeeded, not_taken, unchanged),) = SUMS.findall(out)
    assert (int(read), int(not_taken), int(unchanged)) == (records, len(wrong), 0), out
    assert int(succeeded) == records - len(wrong), out
    assert [int(row["rowId"]) for row in rows_of(results)] == list(range(1, records + 1))
    assert [f"{row['id']},{row['user_title__v']}" for row in rows_of(failed)] == wrong
    grown = audit_total(server) - before
    assert grown == records - len(wrong), f"{grown} audit rows for {records - len(wrong)} changes"
    return kills


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    print(f"seed {arguments.seed}", flush=True)
    kills = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        seed = write_seed(folder / "seed.json", crowd=arguments.records)
        with MusterServer(folder / "data", seed=seed) as server, Proxy(server.port) as proxy:
            for number in range(1, arguments.rounds + 1):
                kills += run_round(number, server, proxy, folder, chance, arguments.records)
                print(f"round {number}: {kills} kills so far", flush=True)
    print(f"{arguments.rounds} rounds, {kills} kills: every record applied exactly once")


if __name__ == "__main__":
    main()
