"""Start, restart, drain: what a running server keeps and what it promises on the way out."""

import re
import signal
import sqlite3
import stat
import threading
import time

import pytest

from muster_server import PROJECT, MusterServer, RawConnection, run_muster
from vault_client import Api, person, result_rows, write_seed

LOCATION = "/api/v24.3/objects/users"


@pytest.fixture
def seed(tmp_path):
    return write_seed(tmp_path / "seed.json")


# --- first start ----------------------------------------------------------------------------------


def test_the_ready_line_is_the_only_thing_on_standard_output(own_server):
    own_server.get("/healthz")
    assert own_server.stdout_lines == [f"muster ready at {own_server.url}"]


def generated_passwords(server):
    """[(user name, password)], from wherever they were printed."""
    said = "\n".join(server.stdout_lines) + "\n" + server.log()
    return re.findall(r"(admin@[a-z.]+) has the password (\S+)", said)


def test_the_generated_admin_password_is_printed_once_and_works(tmp_path):
    server = MusterServer(tmp_path / "data", arguments=["--demo", "10"])
    with server:
        ((name, password),) = generated_passwords(server)
        reply = Api(server).login(name, password)
        server.secrets.clear()  # this one password is meant to be seen
        server.secrets.add(reply.json["sessionId"])
        admin = Api(server, reply.json["sessionId"])
        me = admin.user("me")
        assert me["is_domain_admin__v"] is True
        assert {entry["security_profile__v"] for entry in me["vault_membership"]} == {
            "vault_owner__v"}
    before = server.log()
    with server:
        assert password not in server.log()[len(before):]
        assert password not in "\n".join(server.stdout_lines)


def test_the_admin_of_the_environment_is_created_and_not_printed(tmp_path):
    server = MusterServer(tmp_path / "data", arguments=["--demo", "10"], environment={
        "MUSTER_ADMIN_USER": "root@example.com", "MUSTER_ADMIN_PASSWORD": "Root-Secret-77"})
    server.secrets.add("Root-Secret-77")
    with server:
        answer = Api(server).login("root@example.com", "Root-Secret-77").json
        assert answer["responseStatus"] == "SUCCESS"
        assert "Root-Secret-77" not in "\n".join(server.stdout_lines)


@pytest.mark.parametrize("count", [0, 10, 1500])
def test_demo_users_fill_three_vaults(tmp_path, count):
    environment = {"MUSTER_ADMIN_USER": "root@example.com", "MUSTER_ADMIN_PASSWORD": "Root-Secret-7"}
    with MusterServer(tmp_path / "data", arguments=["--demo", count],
                      environment=environment) as server:
        answer = Api(server).login("root@example.com", "Root-Secret-7").json
        assert len(answer["vaultIds"]) == 3
        total = Api(server, answer["sessionId"]).get("/objects/users?vaults=all").json["total"]
        assert total == count + 2  # the administrator and the system account


def test_a_seed_is_read_into_an_empty_directory_only(tmp_path, seed):
    with MusterServer(tmp_path / "data", seed=seed) as server:
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        nadia.put_users_json([{"id": 25003, "user_title__v": "Changed"}])
    with MusterServer(tmp_path / "data", seed=seed) as server:
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        assert nadia.user(25003)["user_title__v"] == "Changed"


# --- one server per directory ---------------------------------------------------------------------


def test_a_second_server_on_the_same_directory_is_refused(own_server):
    ended = run_muster("serve", "--data", own_server.data, "--listen", "127.0.0.1:0")
    assert ended.returncode == 1
    assert str(own_server.data) in ended.stderr
    assert own_server.get("/readyz").status == 200


def test_the_directory_is_free_again_after_kill(own_server):
    own_server.kill()
    own_server.start()
    assert own_server.get("/readyz").status == 200


# --- restart --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_users_sessions_and_audit_survive(own_server, how):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    nadia.put_users_json([{"id": 25003, "user_title__v": "Kept", "user_email__v": "kept@b",
                           "federated_id__v": "kept-1", "user_name__v": "kept@example.com",
                           "vault_membership": "4112:true:business_admin__v:external__v",
                           "app_licensing": "3003|exampleQms_v"}])
    everything = "?limit=1000&vaults=all&exclude_vault_membership=false&exclude_app_licensing=false"
    users = nadia.get("/objects/users" + everything).json
    trails = {name: nadia.audit(name) for name in ("domain_audit_trail", "login_audit_trail")}
    getattr(own_server, how)()
    own_server.start()
    assert nadia.get("/objects/users" + everything).json == users
    for name, before in trails.items():
        after = nadia.audit(name)
        assert after["data"] == before["data"]
        assert after["responseDetails"]["total"] == before["responseDetails"]["total"]
    renamed = nadia.put_users_json([{"id": 25004, "user_name__v": "kept@example.com"}])
    assert result_rows(renamed)[0][2] == ["INVALID_DATA"]  # the index of names came back too


def test_ids_of_audit_rows_go_on_after_a_restart(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    nadia.put_users_json([{"id": 25003, "user_title__v": "One"}])
    own_server.kill()
    own_server.start()
    nadia.put_users_json([{"id": 25003, "user_title__v": "Two"}])
    rows = nadia.audit_rows_of("bela.kovacs@example.com")
    assert [(row["old_value"], row["new_value"]) for row in rows] == [("One", "Two"),
                                                                      ("Clerk", "One")]
    assert int(rows[0]["id"]) > int(rows[1]["id"])


def test_many_small_batches_survive_kill(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    for n in range(300):
        nadia.put_users_json([{"id": 30001 + n, "site__v": f"n{n}"}])
    own_server.kill()
    own_server.start()
    users = nadia.get("/objects/users?limit=1000").json["users"]
    sites = {entry["user"]["id"]: entry["user"].get("site__v") for entry in users}
    assert [sites[30001 + n] for n in range(300)] == [f"n{n}" for n in range(300)]


# --- the data directory ---------------------------------------------------------------------------


def test_the_directory_is_private(own_server):
    for path in [own_server.data, *own_server.data.iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_file_can_be_read_with_sqlite(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    nadia.put_users_json([{"id": 25003, "user_title__v": "In the file"}])
    database = sqlite3.connect(f"file:{own_server.data}/muster.db?mode=ro", uri=True)
    assert database.execute("SELECT count(*) FROM audit").fetchone()[0] >= 1  # while it runs
    own_server.stop()
    assert database.execute("SELECT user_title__v FROM users WHERE id = 25003").fetchall() == [
        ("In the file",)]
    assert database.execute("SELECT count(*) FROM vault_memberships").fetchone()[0] > 700
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_the_documented_queries_work(own_server):
    text = (PROJECT / "docs" / "operations.md").read_text()
    queries = re.findall(r"^sqlite3 -readonly muster\.db '(.*)'$", text, re.M)
    assert len(queries) >= 2
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    nadia.put_users_json([{"id": 25003, "user_title__v": "Documented"}])
    database = sqlite3.connect(f"file:{own_server.data}/muster.db?mode=ro", uri=True)
    for query in queries:
        assert database.execute(query).fetchall(), query
    database.close()


def test_no_password_or_session_is_in_the_file_as_text(own_server):
    who = person("kim.keeper")
    kim = Api(own_server).log_in_as(who)
    own_server.stop()
    for path in own_server.data.iterdir():
        content = path.read_bytes()
        assert who.password.encode() not in content
        assert kim.session.encode() not in content


# --- the way out ----------------------------------------------------------------------------------


def open_update(server, session, body):
    """An update that the server is reading, with the last bytes still to come."""
    connection = RawConnection(server)
    connection.send(f"PUT {LOCATION} HTTP/1.1\r\nHost: a\r\nAuthorization: {session}\r\n"
                    f"Content-Type: text/csv\r\nContent-Length: {len(body)}\r\n"
                    "Expect: 100-continue\r\n\r\n".encode())
    assert connection.reply().status == 100
    connection.send(body[:-5])
    return connection


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_request_is_finished_before_the_end(own_server, number):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    body = b"id,site__v\n30001,drained\n"
    connection = open_update(own_server, nadia.session, body)
    process = own_server.process
    process.send_signal(number)
    time.sleep(0.3)  # long enough to notice the signal; the request is still open
    assert process.poll() is None
    connection.send(body[-5:])
    assert result_rows(connection.reply()) == [("SUCCESS", "30001", [])]
    connection.socket.close()
    assert process.wait(30) == 0
    own_server.stop()
    own_server.start()
    assert nadia.user(30001)["site__v"] == "drained"


def test_while_draining_new_connections_are_not_served_with_success(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    body = b"id,site__v\n30001,x\n"
    connection = open_update(own_server, nadia.session, body)
    own_server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    try:
        reply = nadia.put_users_json([{"id": 30002, "site__v": "too late"}])
    except OSError:
        pass  # no longer listening
    else:
        assert reply.status == 503
        assert reply.json["responseStatus"] in ("EXCEPTION", "FAILURE")
    connection.send(body[-5:])
    assert connection.reply().status == 200
    connection.socket.close()
    assert own_server.process.wait(30) == 0


def test_a_second_signal_ends_at_once(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    connection = open_update(own_server, nadia.session, b"id,site__v\n30001,never\n")
    process = own_server.process
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    process.wait(5)
    connection.socket.close()
    own_server.kill()
    own_server.start()
    assert "site__v" not in nadia.user(30001)


def test_idle_connections_do_not_hold_up_the_end(own_server):
    connections = [RawConnection(own_server) for _ in range(5)]
    for connection in connections[:3]:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.reply()
    connections[3].send(b"GET /heal")
    own_server.process.send_signal(signal.SIGTERM)
    assert own_server.process.wait(10) == 0
    for connection in connections:
        connection.socket.close()


def test_sigterm_under_load_loses_no_acknowledged_change(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    acknowledged = {}

    def write(user):
        n = 0
        while True:
            try:
                reply = nadia.put_users_json([{"id": user, "site__v": f"{n}"}])
            except OSError:
                return
            if reply.status != 200 or reply.json["responseStatus"] != "SUCCESS":
                return
            acknowledged[user] = n
            n += 1

    threads = [threading.Thread(target=write, args=(30001 + n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    own_server.stop()
    for thread in threads:
        thread.join()
    assert len(acknowledged) == 4
    own_server.start()
    for user, n in acknowledged.items():
        assert int(nadia.user(user)["site__v"]) in (n, n + 1)
