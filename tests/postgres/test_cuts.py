"""Connections that are cut while a batch is written, and a database that goes away."""

import itertools
import threading
import time

import pytest

from cutting_proxy import WHEN, CuttingProxy
from muster_server import MusterServer
from vault_client import CROWD_FIRST_ID, Api, only_row, person

# What a batch with a key sends in its transaction, from the first statement to the last.
WRITING = b"BEGIN ISOLATION LEVEL READ COMMITTED"
STATEMENTS = [WRITING, b"SELECT revision", b"FOR UPDATE", b"UPDATE users", b"pg_advisory_xact_lock",
              b"FROM kept_answer", b"INSERT INTO kept_answer", b"INSERT INTO commit_token",
              b"INSERT INTO audit", b"INSERT INTO batch", b"COMMIT"]
SETTLING = b"ON CONFLICT"  # with a token: what the server asks when a COMMIT was lost


@pytest.fixture
def proxied(cluster, seeded_database, tmp_path):
    """A server whose database is behind a proxy."""
    cluster.copy(seeded_database, tmp_path / "data")
    with CuttingProxy(cluster.root / ".s.PGSQL.5432") as proxy:
        url = cluster.url(tmp_path / "data", "127.0.0.1", proxy.port)
        with MusterServer(tmp_path / "data", place=["--store", url]) as server:
            yield server, proxy


class Changes:
    """Batches that change one user, each under a key of its own, and what is there afterwards."""

    def __init__(self, server):
        self.nadia = Api(server).log_in_as(person("nadia.brandt"))
        self.name = self.nadia.user(CROWD_FIRST_ID)["user_name__v"]
        self.count = 0

    def one(self, title):
        self.count += 1
        row = only_row(self.nadia.put_users_json([{"id": CROWD_FIRST_ID, "user_title__v": title}],
                                                 headers={"Idempotency-Key": f"cut-{self.count}"}))
        assert row[0] == "SUCCESS", (title, row)
        assert self.nadia.user(CROWD_FIRST_ID)["user_title__v"] == title
        assert len(self.nadia.audit_rows_of(self.name)) == self.count, title


def test_a_cut_at_any_statement_leaves_the_change_once(proxied):
    server, proxy = proxied
    changes = Changes(server)
    for number, (statement, when) in enumerate(itertools.product(STATEMENTS, WHEN), 1):
        proxy.cut_at(statement, when, WRITING)
        changes.one(f"{when} {statement.decode()}"[:60])
        assert proxy.cuts == number, (statement, when)


def test_cuts_while_a_lost_commit_is_judged_leave_the_change_once(proxied):
    server, proxy = proxied
    changes = Changes(server)
    for number, (lost, again) in enumerate(itertools.product(WHEN, WHEN), 1):
        proxy.cut_at(b"COMMIT", lost, WRITING)
        proxy.cut_at(SETTLING, again)
        changes.one(f"{lost} COMMIT, {again} the look for it")
        assert proxy.cuts == 2 * number, (lost, again)


def wait_for_readiness(server, status, seconds=15):
    until = time.monotonic() + seconds
    while server.get("/readyz").status != status:
        assert time.monotonic() < until, server.get("/readyz")
        time.sleep(0.1)


def test_a_database_that_hangs_holds_up_nobody_who_does_not_need_it(cluster, place, tmp_path):
    with MusterServer(tmp_path / "node", place=place) as server:
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        answered = []
        readers = [threading.Thread(target=lambda: answered.append(nadia.user(CROWD_FIRST_ID)))
                   for _ in range(8)]  # more than the server has threads for its sockets
        with cluster.hanging():
            for reader in readers:
                reader.start()
            time.sleep(0.5)
            assert server.get("/healthz").status == 200
            assert answered == []
        for reader in readers:
            reader.join()
        assert [user["id"] for user in answered] == [CROWD_FIRST_ID] * 8


def test_a_database_that_goes_away_and_comes_back(cluster, place, tmp_path):
    with MusterServer(tmp_path / "node", place=place) as server:
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        change = [{"id": CROWD_FIRST_ID + 1, "user_title__v": "Before"}]
        assert only_row(nadia.put_users_json(change))[0] == "SUCCESS"
        cluster.halt()
        try:
            refused = nadia.put_users_json([{"id": CROWD_FIRST_ID + 1, "user_title__v": "Lost"}])
            assert refused.json["responseStatus"] in ("FAILURE", "EXCEPTION"), refused
            assert [error["type"] for error in refused.json["errors"]] == ["UNEXPECTED_ERROR"]
            wait_for_readiness(server, 503)
            assert server.get("/healthz").status == 200
        finally:
            cluster.start()
        wait_for_readiness(server, 200)
        assert nadia.user(CROWD_FIRST_ID + 1)["user_title__v"] == "Before"
        change[0]["user_title__v"] = "After"
        assert only_row(nadia.put_users_json(change))[0] == "SUCCESS"
        assert nadia.user(CROWD_FIRST_ID + 1)["user_title__v"] == "After"
