"""A primary and nodes that are killed under writers: nothing that was acknowledged is lost, nothing
is applied twice, and writes go on."""

import threading
from time import monotonic as now

import pytest

from cluster_clients import Client, present_values, running_cluster, trail_of
from databases import wait_until
from history_checker import ACKNOWLEDGED, History, problems
from vault_client import CROWD_FIRST_ID

WRITERS, USERS_EACH = 8, 5
GOES_ON_WITHIN_S = 10  # the requirement


@pytest.fixture
def parts(tmp_path):
    with running_cluster(tmp_path, WRITERS * USERS_EACH) as (pair, nodes):
        yield pair, nodes


class Writers:
    """Each sends one batch after the other to users of its own, to the nodes in turn; the batches
    are numbered."""

    def __init__(self, nodes):
        self.history = History()
        self.session = nodes.log_in()
        self._nodes = nodes
        self._ending = threading.Event()
        self._clients = [Client(f"w{number}", nodes, self.session, self.history)
                         for number in range(WRITERS)]
        self.users = {client.name: [CROWD_FIRST_ID + number * USERS_EACH + place
                                    for place in range(USERS_EACH)]
                      for number, client in enumerate(self._clients)}
        self._threads = [threading.Thread(target=self._write, args=(client,))
                         for client in self._clients]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _write(self, client):
        while not self._ending.is_set():
            client.change(self.users[client.name])

    def acknowledged(self, after=0):
        """When each writer's batches were acknowledged, of those later than that."""
        ends = {name: [] for name in self.users}
        for batch in list(self.history.batches):
            if batch.outcome == ACKNOWLEDGED and batch.end > after:
                ends[batch.tag.split("-")[0]].append(batch.end)
        return ends

    def wait_for(self, count, after=0):
        """Until every writer has so many more."""
        wait_until(lambda: all(len(ends) >= count or not thread.is_alive() for ends, thread in
                               zip(self.acknowledged(after).values(), self._threads)),
                   "no writes")

    def check(self, database):
        """All batches are in the trail once, in the order of their numbers, and in force."""
        users = [user for own in self.users.values() for user in own]
        trail = trail_of(database, users)
        assert [client.unexpected for client in self._clients] == [[]] * WRITERS
        present = present_values(self._nodes, self.session, users)
        assert problems(self.history, trail, present) == []
        for name, own in self.users.items():
            count = len(self.acknowledged()[name])
            tags = [row.changes["user_title__v"][1] for row in trail if row.user == own[0]]
            assert tags == [f"{name}-{number + 1}" for number in range(count)]


def test_a_primary_that_is_killed_under_writers(parts, capsys):
    pair, nodes = parts
    with Writers(nodes) as writers:
        writers.wait_for(10)
        killed_at = now()
        pair.primary.halt()
        promoted_at = now()
        pair.promote()
        writers.wait_for(6, after=promoted_at)
        nodes.wait_for_writes()
        all_nodes = now()
    writers.check(pair.primary)
    all_writers = max(min(ends) for ends in writers.acknowledged(promoted_at).values())
    with capsys.disabled():
        print(f"\n{len(writers.history.batches)} batches; after the promotion began all "
              f"{WRITERS} writers went on in {all_writers - promoted_at:.2f} s, all nodes in "
              f"{all_nodes - promoted_at:.2f} s at most; it began "
              f"{promoted_at - killed_at:.2f} s after the kill")
    assert max(all_writers, all_nodes) - promoted_at <= GOES_ON_WITHIN_S


def test_nodes_that_are_killed_under_writers(parts):
    pair, nodes = parts
    with Writers(nodes) as writers:
        for number in (0, 1, 0):
            writers.wait_for(4, after=now())
            nodes.kill(number)
            writers.wait_for(4, after=now())
            nodes.start(number)
    writers.check(pair.primary)


@pytest.mark.parametrize("node_dies", [False, True])
def test_a_commit_that_the_standby_lacks_is_not_acknowledged(parts, node_dies):
    """Not even after the connection that waited for the standby was cut: the primary shows the
    change then, but the standby that becomes primary does not know it. When the node dies as well
    the client asks the other one, which finds the answer that was kept."""
    pair, nodes = parts
    history, session = History(), nodes.log_in()
    client = Client("w", nodes, session, history)
    pair.standby.halt()
    waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid <> pg_backend_pid()"
    writer = threading.Thread(target=client.change, args=([CROWD_FIRST_ID],))
    writer.start()
    wait_until(lambda: pair.primary.sql(f"SELECT count(*) {waiting}") == "1", "nothing waits")
    cut = pair.primary.sql(f"SELECT pid {waiting}")
    if node_dies:
        nodes.kill(0)
    pair.primary.sql(f"SELECT pg_terminate_backend({cut})")
    wait_until(lambda: history.batches or
               pair.primary.sql(f"SELECT pid {waiting}") not in ("", cut), "nothing happens")
    pair.primary.halt()
    pair.standby.start()
    pair.promote()
    writer.join()
    if node_dies:
        nodes.start(0)
    nodes.wait_for_writes()
    trail = trail_of(pair.primary, [CROWD_FIRST_ID])
    assert problems(history, trail, present_values(nodes, session, [CROWD_FIRST_ID])) == []
    assert (client.unexpected, len(trail)) == ([], 1)
