"""/healthz, /readyz, /metrics: what operators and their machines read."""

import re

import pytest

from vault_client import Api, person

METRICS = {
    "muster_requests_total": "counter", "muster_batches_total": "counter",
    "muster_records_total": "counter", "muster_refused_framings_total": "counter",
    "muster_commit_seconds": "histogram", "muster_flush_seconds": "histogram",
    "muster_commit_queue": "gauge", "muster_worker_queue": "gauge", "muster_sessions": "gauge",
}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_running_server_is_healthy_and_ready(server, path):
    reply = server.get(path)
    assert reply.status == 200
    assert reply.json["responseStatus"] == "SUCCESS"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_no_session_is_needed_and_a_dead_one_does_not_matter(server, path):
    assert server.get(path, {"Authorization": "F" * 128}).status == 200


def test_metrics_are_prometheus_text(server):
    reply = server.get("/metrics")
    assert (reply.status, reply.content_type.split(";")[0]) == (200, "text/plain")
    for line in reply.text.splitlines():
        assert re.match(r"(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [^ ]+)$", line), line


@pytest.fixture
def after_some_traffic(server, nadia, target):
    nadia.put_users_json([{"id": target, "site__v": "S"}])
    connection = server.socket()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    while connection.recv(65536):
        pass
    connection.close()
    return server


@pytest.mark.parametrize("name", list(METRICS))
def test_each_promised_metric_exists_with_its_type(after_some_traffic, name):
    text = after_some_traffic.get("/metrics").text
    assert f"# TYPE {name} {METRICS[name]}" in text
    assert re.search(rf"^{name}(_count|_bucket)?(\{{.*\}})? [0-9]", text, re.M)


def test_records_are_counted_by_outcome(server, nadia, targets):
    def counts():
        return [server.metric("muster_records_total", outcome=outcome)
                for outcome in ("success", "unchanged", "failure")]
    first, second = targets(2)
    before, batches = counts(), server.metric("muster_batches_total")
    nadia.put_users_json([{"id": first, "site__v": "S"}, {"id": second, "site__v": "S"},
                          {"id": first}, {"id": 999999}])
    nadia.put_users_json([{"id": first}])
    assert [b - a for a, b in zip(before, counts())] == [2, 1, 2]
    assert server.metric("muster_batches_total") == batches + 2


def test_a_refused_request_is_no_batch(server, nadia):
    before = server.metric("muster_batches_total")
    nadia.put_users_csv("id,nickname\n1,x\n")
    nadia.put_users_csv("id\n" + "1\n" * 501)
    assert server.metric("muster_batches_total") == before


def test_commits_are_timed(server, nadia, target):
    commits = server.metric("muster_commit_seconds_count")
    flushes = server.metric("muster_flush_seconds_count")
    nadia.put_users_json([{"id": target, "site__v": "S"}])
    assert server.metric("muster_commit_seconds_count") > commits
    assert server.metric("muster_flush_seconds_count") > flushes


@pytest.mark.embedded  # PostgreSQL counts once a minute, for all nodes
def test_sessions_are_counted(server, nadia):
    before = server.metric("muster_sessions")
    kim = Api(server).log_in_as(person("kim.keeper"))
    assert server.metric("muster_sessions") == before + 1
    kim.call("DELETE", "/session")
    assert server.metric("muster_sessions") == before


def test_a_client_cannot_invent_label_values(server, nadia):
    for n in range(20):
        server.get(f"/api/v24.3/made-up-{n}?x={n}")
        nadia.call(f"MADEUP{n}", "/objects/users")
        nadia.get(f"/objects/users/{30600 + n}")
    text = server.get("/metrics").text
    assert "made-up" not in text and "MADEUP" not in text and "3060" not in text
