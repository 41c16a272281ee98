#!/usr/bin/python3
"""Kills the server at random moments under concurrent writers and checks what is left.

    tests/crash/kill_rounds.py --rounds 200 [--seed N]

Eight writers send batches without pause. Each has users of its own, all of which every one of its
batches changes to a new tag, and all share some users besides. After each kill -9 and restart:

- no batch that was answered SUCCESS is missing, none is half applied: all users of a writer carry
  one and the same tag, that of its last acknowledged batch or of the one under way at the kill;
- the audit trail has exactly one row per change, no more and no less;
- the rows of each shared user form a chain: the old value of a row is the new value of the one
  before, and the last new value is what the user shows;
- the session that was open stays open.
"""

import argparse
import http.client
import pathlib
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from muster_server import MusterServer  # noqa: E402
from vault_client import CROWD_FIRST_ID, Api, person, write_seed  # noqa: E402

OWN_USERS = [480, 480, 250, 100, 50, 20, 5, 1]  # of each writer: full batches and small ones
SHARED_USERS = 20
COLUMNS = "id,user_title__v,company__v\n"  # own users change the title, shared ones the company


class Writer:
    """Sends one batch after the other and knows which of them must be there afterwards."""

    def __init__(self, number, own, shared):
        self.number = number
        self.own = own
        self.shared = shared
        self.batches = 0                # ever sent; a number is never used again
        self.in_force = "Title before"  # what the own users show, as far as is known
        self.pending = None             # tag of the batch that got no answer
        self.acknowledged = 0           # batches answered SUCCESS in this round

    def body(self, tag):
        records = [f"{user},{tag},Company before" for user in self.own]
        records += [f"{user},Title before,{tag}" for user in self.shared]
        return COLUMNS + "\n".join(records) + "\n"

    def run(self, api):
        """Until the server is gone. Any answer but full success is an error of the server."""
        self.acknowledged = 0
        while True:
            self.batches += 1
            self.pending = f"writer {self.number} batch {self.batches}"
            try:
                envelope = api.put_users_csv(self.body(self.pending)).json
            except (OSError, ValueError, http.client.HTTPException):
                return  # killed: refused, cut off, or half an answer
            assert envelope["responseStatus"] == "SUCCESS", envelope
            assert len(envelope["data"]) == len(self.own) + len(self.shared)
            failed = [row for row in envelope["data"] if row["responseStatus"] != "SUCCESS"]
            assert not failed, failed[:3]
            self.in_force, self.pending = self.pending, None
            self.acknowledged += 1

    def settle(self, titles):
        """Judges the own users after a restart; returns how many batches the round applied."""
        found = {titles[user] for user in self.own}
        assert len(found) == 1, f"a batch was half applied: {sorted(found)}"
        (tag,) = found
        assert tag in (self.in_force, self.pending), (
            f"found {tag!r}; acknowledged {self.in_force!r}, under way {self.pending!r}")
        was_applied = tag != self.in_force
        self.in_force = tag
        return self.acknowledged + was_applied


class Rounds:
    def __init__(self, folder, random_seed, own_users=None):
        self.random = random.Random(random_seed)
        own_users = own_users or OWN_USERS
        crowd = SHARED_USERS + sum(own_users)
        ids = list(range(CROWD_FIRST_ID, CROWD_FIRST_ID + crowd))
        self.shared = ids[:SHARED_USERS]
        self.writers = []
        start = SHARED_USERS
        for number, count in enumerate(own_users):
            self.writers.append(Writer(number, ids[start:start + count], self.shared))
            start += count
        self.server = MusterServer(folder / "data", seed=write_seed(folder / "seed.json", crowd))
        self.server.start()
        self.api = Api(self.server).log_in_as(person("nadia.brandt"))
        self.rows_before = self.audit_total()
        self.rows_expected = self.rows_before

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.server.stop()
        elif self.server.process is not None:
            self.server.kill()

    def audit_total(self):
        return self.api.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"]

    def one(self):
        """One round: write, kill, restart, check. Returns how many batches were applied."""
        errors = []

        def guarded(writer):
            try:
                writer.run(self.api)
            except AssertionError as error:
                errors.append(error)

        threads = [threading.Thread(target=guarded, args=(writer,)) for writer in self.writers]
        for thread in threads:
            thread.start()
        time.sleep(self.random.uniform(0.02, 1.2))
        self.server.kill()
        for thread in threads:
            thread.join()
        assert not errors, errors[0]
        self.server.start()
        return self.check()

    def check(self):
        titles, companies = self.read_users()
        batches = 0
        for writer in self.writers:
            applied = writer.settle(titles)
            batches += applied
            self.rows_expected += applied * (len(writer.own) + len(writer.shared))
        total = self.audit_total()
        assert total == self.rows_expected, (
            f"{total} audit rows, {self.rows_expected} changes")
        self.check_chains(companies)
        return batches

    def read_users(self):
        titles, companies, start = {}, {}, 0
        while True:
            page = self.api.get(f"/objects/users?limit=1000&start={start}").json
            for entry in page["users"]:
                user = entry["user"]
                titles[user["id"]] = user.get("user_title__v")
                companies[user["id"]] = user.get("company__v")
            if page["size"] < 1000:
                return titles, companies
            start += 1000

    def check_chains(self, companies):
        rows = self.api.audit("domain_audit_trail", "?limit=1000")["data"]
        newest = {}
        for row in rows:
            if row["field_name"] != "company__v":
                continue
            if row["item"] in newest:
                assert newest[row["item"]]["old_value"] == row["new_value"], (
                    f"audit chain broken: {newest[row['item']]} does not follow {row}")
            else:
                user = CROWD_FIRST_ID + int(row["item"].split(".")[1].split("@")[0])
                assert companies[user] == row["new_value"], row
            newest[row["item"]] = row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"{arguments.rounds} rounds, random seed {arguments.seed}")
    with tempfile.TemporaryDirectory() as folder:
        with Rounds(pathlib.Path(folder), arguments.seed) as rounds:
            batches = 0
            for number in range(arguments.rounds):
                batches += rounds.one()
                print(f"round {number + 1}: {batches} batches so far, "
                      f"{rounds.rows_expected - rounds.rows_before} audit rows, all accounted for",
                      flush=True)
    print("no acknowledged batch lost, none half applied, audit = changes")


if __name__ == "__main__":
    main()
