"""`muster verify`, `backup` and `restore` on the data of a server, running and stopped."""

import re
import sqlite3

import pytest

from muster_server import MusterServer, run_muster
from vault_client import Api, person, write_seed


@pytest.fixture
def server(tmp_path):
    server = MusterServer(tmp_path / "data", seed=write_seed(tmp_path / "seed.json", crowd=20))
    server.start()
    yield server
    if server.process is not None:
        server.stop()


def nadia_of(server):
    return Api(server).log_in_as(person("nadia.brandt"))


def verified(directory, *more):
    ended = run_muster("verify", "--data", directory, *more)
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    assert ended.stdout.endswith("The directory is whole.\n")
    return dict(re.findall(r"^(.*?)  +(\S+)$", ended.stdout, re.M))


def fails(*arguments, code=1):
    ended = run_muster(*arguments)
    assert (ended.returncode, ended.stdout) == (code, ""), ended
    return ended.stderr


def test_a_running_server_is_verified_and_copied(server, tmp_path):
    nadia = nadia_of(server)
    nadia.put_users_json([{"id": 30001, "user_title__v": "Before the copy"}])
    before = verified(server.data)
    copy = tmp_path / "copy.db"
    ended = run_muster("backup", "--data", server.data, "--output", copy)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert copy.stat().st_mode & 0o077 == 0, "a copy holds password hashes"
    nadia.put_users_json([{"id": 30001, "user_title__v": "After the copy"}])
    server.stop()

    restored = MusterServer(tmp_path / "restored")
    ended = run_muster("restore", copy, "--data", restored.data)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert verified(restored.data)["users"] == before["users"]
    restored.start()
    try:
        assert nadia_of(restored).user(30001)["user_title__v"] == "Before the copy"
    finally:
        restored.stop()
    assert verified(server.data, "--head", before["audit chain head"])


def test_tampering_is_named(server):
    nadia_of(server).put_users_json([{"id": 30001, "user_title__v": "True"}])
    server.stop()
    head = verified(server.data)["audit chain head"]
    with sqlite3.connect(server.data / "muster.db") as database:
        (row,) = database.execute("SELECT max(seq) FROM journal WHERE record LIKE '%True%'").fetchone()
        database.execute("UPDATE journal SET record = replace(record, 'True', 'Fake') "
                         "WHERE seq = ?", (row,))
    database.close()
    assert f"journal row {row}: the audit chain is broken here" in fails(
        "verify", "--data", server.data)
    assert "a row and a hash" in fails("verify", "--data", server.data, "--head", "x", code=2)
    assert head.startswith(f"{row}:") or int(head.split(":")[0]) > row


def test_what_is_refused(server, tmp_path):
    nobody = tmp_path / "nobody"
    assert "there is no such file" in fails("verify", "--data", nobody)
    assert "there is no directory here" in fails("backup", "--data", nobody, "--output", "x")
    there = tmp_path / "there.db"
    there.write_text("mine")
    assert "exists already" in fails("backup", "--data", server.data, "--output", there)
    assert there.read_text() == "mine"
    copy = tmp_path / "copy.db"
    assert run_muster("backup", "--data", server.data, "--output", copy).returncode == 0
    server.stop()
    assert "has data already" in fails("restore", copy, "--data", server.data)
    assert "not a database" in fails("restore", there, "--data", nobody)
    assert not (nobody / "muster.db").exists()
