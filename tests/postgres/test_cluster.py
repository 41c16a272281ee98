"""examples/cluster: the script, and what nginx does with requests when a node is away."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading

import pytest

from muster_server import PROJECT, RawConnection, binary, clean_environment, form
from remote import Remote
from servers import Nginx
from vault_client import CROWD_FIRST_ID, Api, as_csv, failure, person, result_rows, write_seed

START = PROJECT / "examples/cluster/start"
LINE = re.compile(r"cluster ready at (\S+), nodes (\S+) (\S+), databases (\S+), folder (\S+)\n")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def descendants(pid):
    """The pids of all processes below that one."""
    found = []
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *descendants(child)]
    return found


class Cluster:
    """The script with everything it starts."""

    def __init__(self, seed):
        environment = clean_environment({"MUSTER_BINARY": binary(), "MUSTER_SEED": str(seed)})
        self.process = subprocess.Popen([START], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env=environment)
        self.line = self.process.stdout.readline()
        match = LINE.fullmatch(self.line)
        if not match:
            self.process.kill()  # what it started ends with it
            raise AssertionError((self.line, *self.process.communicate()))
        self.front, *self.nodes = map(Remote, match.groups()[:3])
        self.folder = pathlib.Path(match[5])
        self.parts = descendants(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=60)
        assert (self.process.returncode, output, errors) == (0, "", "")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    seed = write_seed(tmp_path_factory.mktemp("cluster") / "seed.json", crowd=20)
    cluster = Cluster(seed)
    yield cluster
    cluster.stop()
    assert not cluster.folder.exists()
    assert [pid for pid in cluster.parts if pathlib.Path(f"/proc/{pid}").exists()] == []


def test_a_batch_through_nginx_is_seen_on_both_nodes(running):
    nadia = Api(running.front).log_in_as(person("nadia.brandt"))
    ids = range(CROWD_FIRST_ID, CROWD_FIRST_ID + 10)
    records = [{"id": user_id, "user_title__v": "Through nginx"} for user_id in ids]
    reply = nadia.put_users_csv(as_csv(records))
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS"] * 10
    for node in running.nodes:
        there = Api(node, nadia.session)
        assert {there.user(user_id)["user_title__v"] for user_id in ids} == {"Through nginx"}


@pytest.mark.parametrize(("column", "is_read"), [("company__v", True), ("unknown", False)])
def test_bodies_of_many_megabytes_pass_through_nginx(running, column, is_read):
    """Also when a node answers and closes before it has read everything."""
    nadia = Api(running.front).log_in_as(person("nadia.brandt"))
    records = [{"id": CROWD_FIRST_ID + 11 + number, column: "x" * 4_000_000}
               for number in range(8)]
    reply = nadia.put_users_csv(as_csv(records))
    if is_read:
        assert [row[2] for row in result_rows(reply)] == [["INVALID_DATA"]] * 8
    else:
        assert failure(reply) == "ATTRIBUTE_NOT_SUPPORTED"


def test_clients_are_told_the_address_of_nginx(running):
    versions = running.front.get("/api").json["values"]
    assert {url.split("/api/")[0] for url in versions.values()} == {running.front.url}


def test_a_new_password_ends_the_sessions_on_both_nodes(running):
    sara = person("sara.quality")
    here, there = (Api(node).log_in_as(sara) for node in running.nodes)
    changing = Api(running.front).log_in_as(sara)
    body = form({"password__v": sara.password, "new_password__v": "Sara-Other-0815"})
    reply = changing.call("POST", "/objects/users/me/password", body, FORM)
    assert reply.json["responseStatus"] == "SUCCESS", reply
    for session in (here, there):
        for node in running.nodes:
            assert failure(Api(node, session.session).get("/objects/users/me")) == \
                "INVALID_SESSION_ID"
    for node in running.nodes:
        login = Api(node).login(sara.user_name, "Sara-Other-0815")
        assert login.json["responseStatus"] == "SUCCESS", login


def test_a_session_of_one_node_works_on_the_other_and_ends_on_both(running):
    first = Api(running.nodes[0]).log_in_as(person("nadia.brandt"))
    others = [Api(server, first.session) for server in (running.nodes[1], running.front)]
    for other in others:
        assert other.user(CROWD_FIRST_ID)["id"] == CROWD_FIRST_ID
    assert others[0].call("DELETE", "/session").json["responseStatus"] == "SUCCESS"
    for api in (first, *others):
        assert failure(api.get("/objects/users/me")) == "INVALID_SESSION_ID"


class FakeNode:
    """Counts requests; answers them, or closes the connection once it has read one."""

    def __init__(self, answers):
        self.requests = 0
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                self._answer(client)

    def _answer(self, client):
        read = b""
        while b"\r\n\r\n" not in read or not read.endswith(b"end"):
            block = client.recv(65536)
            if not block:
                return
            read += block
        self.requests += 1
        if self._answers:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def front():
    """front(node, node): nginx before fake nodes."""
    with tempfile.TemporaryDirectory(prefix="muster-nginx-") as folder:
        started = []

        def start(*nodes):
            os.chmod(folder, 0o755)
            started.append(Nginx(pathlib.Path(folder) / "nginx", [node.address for node in nodes]))
            started[0].wait()
            return Remote(started[0].address)

        yield start
        for nginx in started:
            nginx.stop()


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_what_a_node_has_received_is_not_sent_to_the_other(front, method):
    nodes = [FakeNode(answers=False), FakeNode(answers=False)]
    with RawConnection(front(*nodes)) as connection:
        # In one packet: nginx has it all before it sends the first byte, and could send it again.
        connection.send(f"{method} /api/v24.3/objects/users HTTP/1.1\r\nHost: muster\r\n"
                        "Content-Length: 15\r\n\r\none record, end".encode())
        reply = connection.reply()
    assert reply.status == 502
    assert reply.json["errors"][0]["type"] == "UNEXPECTED_ERROR"
    assert sum(node.requests for node in nodes) == 1
    for node in nodes:
        node.close()


def test_what_could_not_be_sent_goes_to_the_other_node(front):
    nodes = [FakeNode(answers=True), FakeNode(answers=True)]
    server = front(*nodes)
    nodes[0].close()
    body = "x" * 3_000_000 + "end"  # one that nginx reads while it sends
    for _ in range(6):
        reply = server.request("PUT", "/api/v24.3/objects/users", body)
        assert (reply.status, reply.body) == (200, b"{}")
    assert (nodes[0].requests, nodes[1].requests) == (0, 6)
    nodes[1].close()
    assert server.request("PUT", "/api/v24.3/objects/users", body).status == 502
