#!/usr/bin/python3
"""Kills parts of a cluster at random under clients and compares what they saw with the audit trail.

    tests/postgres/history.py --minutes 10 [--seed N]

Sixteen clients change and read the same users on two nodes. Meanwhile nodes and the standby are
killed and started again, connections to the database are cut, and the primary is killed: its
standby takes over, and the old one begins anew as the standby. In the end the standby takes over once more, so that what is
judged is what it has. See history_checker for what must be true then.
"""

import argparse
import pathlib
import random
import sys
import tempfile
import threading
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(PROJECT / "tests"), str(PROJECT / "examples/cluster")]

from cluster_clients import Client, present_values, running_cluster, trail_of  # noqa: E402
from history_checker import ACKNOWLEDGED, UNKNOWN, History, problems  # noqa: E402
from vault_client import CROWD_FIRST_ID  # noqa: E402

CLIENTS, USERS = 16, 48


class Disorder:
    """What happens to the cluster, chosen by a seed."""

    def __init__(self, pair, nodes, seed):
        self.counts = dict.fromkeys(
            ("node killed", "connections cut", "standby killed", "failed over"), 0)
        self._pair = pair
        self._nodes = nodes
        self._random = random.Random(seed)
        self._acts = [self.kill_node, self.cut_connections, self.kill_standby, self.fail_over]

    def run(self, seconds):
        until = time.monotonic() + seconds
        acts = self._random.sample(self._acts, len(self._acts))  # each at least once
        while acts or time.monotonic() < until:
            self._pause(1.0)
            act = acts.pop() if acts else self._random.choices(self._acts, (4, 4, 1, 1))[0]
            act()

    def _pause(self, longest):
        time.sleep(self._random.uniform(0, longest))

    def kill_node(self):
        number = self._random.randrange(len(self._nodes.servers))
        self._nodes.kill(number)
        self._pause(0.5)
        self._nodes.start(number)
        self.counts["node killed"] += 1

    def cut_connections(self):
        for _ in range(self._random.randint(1, 5)):
            self._pause(0.2)
            self._cut()
        self.counts["connections cut"] += 1

    def _cut(self):
        self._pair.primary.sql(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE "
            "application_name = 'muster' ORDER BY random() LIMIT "
            f"{self._random.randint(1, 6)}) AS chosen")

    def kill_standby(self):
        """Commits wait meanwhile, and some of them are cut off."""
        self._pair.standby.halt()
        self._pause(1.0)
        self._cut()
        self._pause(1.0)
        self._pair.restart_standby()
        self.counts["standby killed"] += 1

    def fail_over(self):
        self._pair.primary.halt()
        self._pause(1.0)
        self._pair.promote()
        self._pause(1.0)
        self._pair.attach()
        self.counts["failed over"] += 1


def work(client, chooser, users, ending):
    while not ending.is_set():
        some = chooser.sample(users, chooser.randint(1, 6))
        act = chooser.choices(("change", "change once", "read"), (6, 2, 2))[0]
        if act == "change":
            client.change(some)
        elif act == "change once":
            client.change_once(some)
        else:
            client.read(some[0])


class Clients:
    """Sixteen of them, each on a thread; join() waits until all have the answer they wait for."""

    def __init__(self, nodes, session, history, users, seed):
        self._ending = threading.Event()
        self.clients = [Client(f"c{number}", nodes, session, history)
                        for number in range(CLIENTS)]
        self._threads = [
            threading.Thread(target=work, args=(client, random.Random(f"{seed} {client.name}"),
                                                users, self._ending))
            for client in self.clients]
        for thread in self._threads:
            thread.start()

    def join(self):
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def unexpected(self):
        return [text for client in self.clients for text in client.unexpected]


def run(folder, seconds, seed):
    """Returns (what contradicts, a line that says what was done)."""
    users = list(range(CROWD_FIRST_ID, CROWD_FIRST_ID + USERS))
    history = History()
    with running_cluster(folder, USERS) as (pair, nodes):
        session = nodes.log_in()
        clients = Clients(nodes, session, history, users, seed)
        disorder = Disorder(pair, nodes, seed)
        try:
            disorder.run(seconds)
        finally:
            clients.join()
        pair.fail_over()
        trail = trail_of(pair.primary, users)
        nodes.wait_for_writes()
        present = present_values(nodes, session, users)
    outcomes = [batch.outcome for batch in history.batches]
    done = (f"seed {seed}: {outcomes.count(ACKNOWLEDGED)} batches acknowledged, "
            f"{outcomes.count(UNKNOWN)} of unknown outcome, {len(history.reads)} reads, "
            f"{len(trail)} audit rows; {disorder.counts}")
    return clients.unexpected() + problems(history, trail, present), done


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        found, done = run(pathlib.Path(folder), arguments.minutes * 60, arguments.seed)
    print(done)
    for problem in found[:20]:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(f"{len(found)} contradictions")
    print("no acknowledged batch lost, none half applied or twice, the audit trail is the history")


if __name__ == "__main__":
    main()
