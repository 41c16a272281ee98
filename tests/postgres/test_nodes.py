"""Two servers on one database are one directory."""

import threading
import time

from muster_server import MusterServer
from vault_client import CROWD_FIRST_ID, Api, as_csv, failure, only_row, person, result_rows


def test_a_session_of_one_node_works_and_ends_on_the_other(nodes):
    first = Api(nodes[0]).log_in_as(person("nadia.brandt"))
    second = Api(nodes[1], first.session)
    assert second.user(CROWD_FIRST_ID)["id"] == CROWD_FIRST_ID
    assert second.call("DELETE", "/session").json["responseStatus"] == "SUCCESS"
    assert failure(first.get("/objects/users/me")) == "INVALID_SESSION_ID"


def test_a_disabled_user_is_out_on_all_nodes(nodes):
    nadia = Api(nodes[0]).log_in_as(person("nadia.brandt"))
    sara = Api(nodes[1]).log_in_as(person("sara.quality"))
    sara_id = sara.get("/objects/users/me").json["users"][0]["user"]["id"]
    row = only_row(nadia.put_users_json([{"id": sara_id, "domain_active__v": False}]))
    assert row[0] == "SUCCESS", row
    assert failure(sara.get("/objects/users/me")) == "INVALID_SESSION_ID"


def test_batches_on_both_nodes_lose_nothing(nodes):
    """Both change the same users in other fields, at once, again and again."""
    ids = [CROWD_FIRST_ID + number for number in range(10)]
    fields = ("user_title__v", "company__v")
    failures = []

    def send(node, field):
        api = Api(node).log_in_as(person("nadia.brandt"))
        for turn in range(15):
            order = ids if field == fields[0] else ids[::-1]
            records = [{"id": user_id, field: f"{turn} of {user_id}"} for user_id in order]
            rows = result_rows(api.put_users_csv(as_csv(records)))
            failures.extend(row for row in rows if row[0] != "SUCCESS")

    threads = [threading.Thread(target=send, args=pair) for pair in zip(nodes, fields)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    nadia = Api(nodes[0]).log_in_as(person("nadia.brandt"))
    for user_id in ids:
        user = nadia.user(user_id)
        assert [user[field] for field in fields] == [f"14 of {user_id}"] * 2
        assert len(nadia.audit_rows_of(user["user_name__v"])) == 30


def test_one_key_on_both_nodes_at_once_is_applied_once(nodes):
    """Also where the second node cannot know yet that the first has begun."""
    nadia = Api(nodes[0]).log_in_as(person("nadia.brandt"))
    name = nadia.user(CROWD_FIRST_ID + 11)["user_name__v"]
    for turn in range(12):
        body = [{"id": CROWD_FIRST_ID + 11, "site__v": f"Turn {turn}"}]
        start, replies = threading.Barrier(4), []

        def send(node, start=start, replies=replies, body=body, turn=turn):
            api = Api(node, nadia.session)
            start.wait()
            replies.append(api.put_users_json(body, headers={"Idempotency-Key": f"both-{turn}"}))

        threads = [threading.Thread(target=send, args=(node,)) for node in nodes * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = [reply for reply in replies if reply.json["responseStatus"] == "SUCCESS"]
        applied = [reply for reply in done if "Idempotency-Replayed" not in reply.headers]
        assert len(applied) == 1, replies
        assert {failure(reply) for reply in replies if reply not in done} <= {
            "OPERATION_IN_PROGRESS"}
        # Batches are remembered even when they change nothing.
        batches = nadia.server.request("GET", "/muster/v1/batches?limit=1000", None,
                                       {"Authorization": nadia.session}).json["batches"]
        ours = {reply.headers["X-VaultAPI-ExecutionId"] for reply in replies}
        assert len([batch for batch in batches if batch["id"] in ours]) == 1
    assert len(nadia.audit_rows_of(name)) == 12


def test_tries_to_log_in_count_on_all_nodes(nodes):
    if time.time() % 60 > 55:  # both halves in one minute
        time.sleep(6)
    sara = person("sara.quality").user_name
    answers = [Api(node).login(sara, "Wrong-Pass-1") for node in nodes for _ in range(11)]
    kinds = [failure(answer) for answer in answers]
    assert kinds[-1] == "API_LIMIT_EXCEEDED", kinds
    assert "API_LIMIT_EXCEEDED" not in kinds[:20], kinds
    assert answers[11].headers["X-VaultAPI-BurstLimitRemaining"] == "8"


def test_the_burst_limit_of_a_vault_holds_over_nodes(place, tmp_path):
    if time.time() % 300 > 290:  # all calls in one window
        time.sleep(11)
    servers = [MusterServer(tmp_path / name, place=place, arguments=["--burst-limit", "20"])
               for name in ("first", "second")]
    with servers[0] as first, servers[1] as second:
        nadia = Api(first).log_in_as(person("nadia.brandt"))
        for _ in range(20):
            nadia.get("/objects/users/me")
        time.sleep(1.1)  # by then the next call tells the other one
        nadia.get("/objects/users/me")
        there = Api(second, nadia.session)
        there.get("/objects/users/me")
        held = there.get("/objects/users/me")
        assert held.headers["X-VaultAPI-BurstLimitRemaining"] == "0"
        assert held.headers["X-VaultAPI-ResponseDelay"] == "500"


def test_two_nodes_that_start_on_an_empty_database_fill_it_once(cluster, tmp_path):
    place = ["--store", cluster.url(tmp_path / "data")]
    settings = {"place": place, "arguments": ["--demo", "200"],
                "environment": {"MUSTER_ADMIN_PASSWORD": "Start-Here-1"}}
    servers = [MusterServer(tmp_path / name, **settings) for name in ("first", "second")]
    threads = [threading.Thread(target=server.start) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    filled = [server for server in servers if "directory filled" in server.log()]
    for server in servers:
        server.stop()
    assert len(filled) == 1
    database = cluster.database(tmp_path / "data")
    assert cluster.sql("SELECT count(*) FROM users", database) == "202"  # System, administrator
