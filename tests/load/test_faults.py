"""`muster load` when connections, sessions, servers and the loader itself end in the middle."""

import json
import re
import signal
import time

import pytest

from loading import (NADIA, changes_by_item, load, rows_of, start, titles, wait_for, write_titles)
from vault_client import CROWD_FIRST_ID, Api

FIRST = CROWD_FIRST_ID
COUNT = 600


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", COUNT)
    return file


def outputs(folder):
    return ["--results", folder / "results.csv", "--failed", folder / "failed.csv"]


def assert_all_applied_once(server, folder):
    assert changes_by_item(server) == {f"crowd.{i}@example.com": 1 for i in range(COUNT)}
    assert [(row["responseStatus"], row["id"], row["rowId"])
            for row in rows_of(folder / "results.csv")] == [
        ("SUCCESS", str(FIRST + i), str(i + 1)) for i in range(COUNT)]
    assert rows_of(folder / "failed.csv") == []
    assert not (folder / "people.csv.muster-state").exists()


def wait_until(condition, timeout=60):
    until = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.01)


def marks(folder):
    state = folder / "people.csv.muster-state"
    return len(state.read_text().splitlines()) - 1 if state.exists() else 0


def slowly(proxy, seconds=0.05):
    """A hook: batches take so long that a test can act in between."""
    proxy.hook = lambda request: time.sleep(seconds) if request.is_batch else None


# --- the way to the server ------------------------------------------------------------------------


@pytest.mark.parametrize("cut", ["cut_before", "cut_after"])
def test_cut_connections_cost_nothing(own_server, proxy, tmp_path, people, cut):
    proxy.hook = lambda request: cut if request.number % 4 == 3 else None
    ended = load(proxy.url, people, "--batch", 20, *outputs(tmp_path))
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    assert_all_applied_once(own_server, tmp_path)


def failing(error_type):
    body = json.dumps({"responseStatus": "FAILURE", "errors": [
        {"type": error_type, "message": "Not now."}]}).encode()
    head = f"HTTP/1.1 200 OK\r\nX-VaultAPI-Status: FAILURE\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>", failing("RACE_CONDITION"),
    failing("API_LIMIT_EXCEEDED"), failing("OPERATION_IN_PROGRESS"), failing("UNEXPECTED_ERROR")])
def test_what_may_pass_is_tried_again(own_server, proxy, tmp_path, people, answer):
    proxy.hook = lambda request: answer if request.number % 5 == 4 else None
    ended = load(proxy.url, people, "--batch", 60, *outputs(tmp_path))
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    assert_all_applied_once(own_server, tmp_path)


def test_what_will_not_pass_ends_the_load(own_server, proxy, tmp_path, people):
    proxy.hook = lambda request: failing("INSUFFICIENT_ACCESS") if request.is_batch else None
    ended = load(proxy.url, people)
    assert ended.code == 1 and "INSUFFICIENT_ACCESS: Not now." in ended.said, ended
    assert len([request for request in proxy.requests if request.is_batch]) <= 4


def test_records_that_lost_a_race_are_sent_again_alone(own_server, proxy, tmp_path, people):
    lost = set()

    def lose_once(request):
        key = request.headers.get("Idempotency-Key", "")
        if not request.is_batch or "-r" in key or key in lost:
            return None
        lost.add(key)
        ids = [line.split(b",")[0].decode() for line in request.body.splitlines()[1:]]
        rows = [{"responseStatus": "FAILURE", "id": user,
                 "errors": [{"type": "RACE_CONDITION", "message": "Lost."}]} for user in ids]
        body = json.dumps({"responseStatus": "SUCCESS", "data": rows}).encode()
        head = f"HTTP/1.1 200 OK\r\nX-VaultAPI-Status: SUCCESS\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    proxy.hook = lose_once
    ended = load(proxy.url, people, "--batch", 100, *outputs(tmp_path))
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    keys = {request.headers["Idempotency-Key"] for request in proxy.requests if request.is_batch}
    assert len(lost) == 6 and {f"{key}-r1" for key in lost} | lost == keys
    assert_all_applied_once(own_server, tmp_path)


def test_a_session_that_ended_is_replaced(own_server, proxy, tmp_path, people):
    ended_sessions, batches = [], []

    def end_session(request):
        if not request.is_batch:
            return
        batches.append(request)
        if len(batches) in (4, 15):
            session = request.headers["Authorization"]
            Api(own_server, session).call("DELETE", "/session")
            ended_sessions.append(session)

    proxy.hook = end_session
    ended = load(proxy.url, people, "--batch", 20, *outputs(tmp_path))
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    assert ended_sessions
    logins = [request for request in proxy.requests if request.target.endswith("/auth")]
    assert 2 <= len(logins) <= 1 + len(ended_sessions)
    assert_all_applied_once(own_server, tmp_path)


def test_a_server_that_is_restarted_costs_nothing(own_server, proxy, tmp_path, people):
    slowly(proxy)
    loader = start(proxy.url, people, "--batch", 10, *outputs(tmp_path))
    wait_until(lambda: marks(tmp_path) >= 5)
    own_server.kill()
    own_server.start()
    proxy.upstream_port = own_server.port
    ended = wait_for(loader)
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    assert_all_applied_once(own_server, tmp_path)


# --- the loader's own end -------------------------------------------------------------------------


def test_a_killed_loader_goes_on_where_it_was(own_server, proxy, tmp_path, people):
    slowly(proxy)
    for seen in (3, 12, 25):
        loader = start(proxy.url, people, "--batch", 20, "--resume", *outputs(tmp_path))
        wait_until(lambda: marks(tmp_path) >= seen)
        loader.send_signal(signal.SIGKILL)
        loader.communicate()
    ended = load(proxy.url, people, "--batch", 20, "--resume", *outputs(tmp_path))
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    assert_all_applied_once(own_server, tmp_path)
    keys = {request.headers["Idempotency-Key"] for request in proxy.requests if request.is_batch}
    assert len(keys) == COUNT / 20


def test_failed_rows_are_right_after_a_resume(own_server, proxy, tmp_path):
    lines = write_titles(tmp_path / "people.csv", "Pilot", 300)
    for row in range(7, 301, 29):
        lines[row] = f"{900_000 + row},x"
    people = tmp_path / "people.csv"
    people.write_text("\n".join(lines) + "\n")
    slowly(proxy)
    loader = start(proxy.url, people, "--batch", 10, *outputs(tmp_path))
    wait_until(lambda: marks(tmp_path) >= 8)
    loader.send_signal(signal.SIGKILL)
    loader.communicate()
    with open(tmp_path / "failed.csv", "a", encoding="utf-8") as half_written:
        half_written.write("half a r")
    ended = load(proxy.url, people, "--batch", 10, "--resume", *outputs(tmp_path))
    assert (ended.code, ended.sums) == (3, (300, 289, 11, 0)), ended
    assert [f"{row['id']},{row['user_title__v']}" for row in rows_of(tmp_path / "failed.csv")] == [
        lines[row] for row in range(7, 301, 29)]
    assert [int(row["rowId"]) for row in rows_of(tmp_path / "results.csv")] == list(range(1, 301))


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(own_server, proxy, tmp_path, people):
    slowly(proxy)
    loader = start(proxy.url, people, "--batch", 10, *outputs(tmp_path))
    wait_until(lambda: marks(tmp_path) >= 5)
    loader.send_signal(signal.SIGINT)
    stopped = wait_for(loader)
    assert stopped.code == 1 and "--resume" in stopped.said, stopped
    (done,) = re.findall(r"Stopped after (\d+) of 600 records", stopped.said)
    assert stopped.sums == (int(done), int(done), 0, 0)
    assert 50 <= int(done) < COUNT
    assert len(changes_by_item(own_server)) == int(done)
    ended = load(proxy.url, people, "--batch", 10, "--resume", *outputs(tmp_path))
    assert (ended.code, ended.sums) == (0, (COUNT, COUNT, 0, 0)), ended
    assert_all_applied_once(own_server, tmp_path)


@pytest.fixture
def interrupted(proxy, tmp_path, people):
    slowly(proxy)
    loader = start(proxy.url, people, "--batch", 10)
    wait_until(lambda: marks(tmp_path) >= 3)
    loader.send_signal(signal.SIGKILL)
    loader.communicate()
    return people


def test_a_file_that_changed_is_not_resumed(own_server, proxy, interrupted):
    interrupted.write_text(interrupted.read_text().replace("Pilot 599", "Baker 599"))
    ended = load(proxy.url, interrupted, "--batch", 10, "--resume")
    assert ended.code == 2 and "the file is not the same" in ended.said, ended


@pytest.mark.parametrize("arguments, name", [
    (["--batch", "20"], "--batch"), (["--batch", "10", "--atomic"], "--atomic"),
    (["--batch", "10", "--failed", "f.csv"], "--failed")])
def test_another_load_is_not_resumed(own_server, proxy, interrupted, tmp_path, monkeypatch,
                                     arguments, name):
    monkeypatch.chdir(tmp_path)
    ended = load(proxy.url, interrupted, "--resume", *arguments)
    assert ended.code == 2 and f"{name} is not the same" in ended.said, ended


def test_without_resume_a_load_begins_anew(own_server, proxy, interrupted):
    ended = load(proxy.url, interrupted, "--batch", 10)
    read, succeeded, failed, unchanged = ended.sums
    assert (ended.code, read, failed) == (0, COUNT, 0) and unchanged >= 30, ended
    assert succeeded == COUNT - unchanged
    assert set(changes_by_item(own_server).values()) == {1}
    assert titles(own_server, [FIRST + 599]) == ["Pilot 599"]


def test_a_server_that_is_not_there_is_told_soon(tmp_path, people):
    ended = load("http://127.0.0.1:9", people)
    assert ended.code == 1 and "127.0.0.1:9" in ended.said, ended
    assert not (tmp_path / "people.csv.muster-state").exists()


def test_the_password_stands_nowhere(own_server, proxy, interrupted, tmp_path):
    assert NADIA.password not in (tmp_path / "people.csv.muster-state").read_text()
