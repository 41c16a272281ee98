"""The log on standard error: one line a record, whatever clients send, and no secrets."""

import json
import re

import pytest

from conftest import start_copy
from muster_server import RawConnection
from vault_client import Api, person

TEXT_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error) \S.*")
FORGED = "2026-01-01T00:00:00.000Z info forged by a client"

INJECTIONS = {
    "CR LF": f"x\r\n{FORGED}", "LF": f"x\n{FORGED}", "escape sequence": "x\x1b[31mred\x1b[2J",
    "NUL": "x\0y", "bell and backspace": "x\a\b\by", "quotes": 'x" level="error" y="',
    "JSON": '{"level":"error","event":"forged"}', "line separator": "x\u2028\u0085y",
    "one megabyte": "m" * 1_000_000,
}


@pytest.fixture(scope="module", params=["text", "json"])
def logging(request, seeded_directory, tmp_path_factory):
    server = start_copy(seeded_directory, tmp_path_factory.mktemp("log"),
                        arguments=["--log-format", request.param])
    server.format = request.param
    yield server
    server.stop()


def check_every_line(server):
    log = server.log()
    assert log.endswith("\n")
    for line in log.split("\n")[:-1]:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line), repr(line)
        assert len(line) < 10_000
        if server.format == "json":
            record = json.loads(line)
            assert {"time", "level", "event"} <= set(record)
            assert record["event"] != "forged"
        else:
            assert TEXT_LINE.fullmatch(line), line
            assert not line.startswith(FORGED)


def test_each_call_is_one_line_with_its_execution_id(logging):
    reply = logging.get("/api/v24.3/objects/users/me", {"X-VaultAPI-ReferenceId": "ref-77",
                                                         "X-VaultAPI-ClientID": "log-test"})
    (line,) = logging.log_lines(reply.headers["X-VaultAPI-ExecutionId"])
    assert "ref-77" in line and "log-test" in line
    check_every_line(logging)


def quoted(text):
    return "".join(f"%{byte:02x}" for byte in text[:4000].encode())


@pytest.mark.parametrize("name", list(INJECTIONS))
def test_nothing_a_client_sends_breaks_a_line(logging, name):
    text = INJECTIONS[name]
    api = Api(logging)
    api.login(text, "no-password-of-anybody")
    logging.get(f"/api/v24.3/{quoted(text[:500])}")
    logging.get(f"/api/v24.3/objects/users/me?client_id={quoted(text[:500])}")
    reply = logging.get("/healthz")
    assert reply.status == 200
    check_every_line(logging)


@pytest.mark.parametrize("header", ["User-Agent", "X-VaultAPI-ClientID", "X-VaultAPI-ReferenceId",
                                    "Authorization", "Accept", "Content-Type", "Host"])
@pytest.mark.parametrize("value", [b"x\x1b[31mred", b"x\x0by", b"x\ry", b"caf\xe9",
                                   b'{"event":"forged"}', b"x\ty", b"y" * 7000])
def test_header_bytes_are_refused_or_escaped(logging, header, value):
    with RawConnection(logging) as connection:
        host = b"" if header == "Host" else b"Host: a\r\n"
        connection.send(b"GET /api/v24.3/objects/users/me HTTP/1.1\r\n" + host +
                        header.encode() + b": " + value + b"\r\n\r\n")
        reply = connection.reply()
        assert reply is not None and reply.json["responseStatus"] == "FAILURE"
    check_every_line(logging)


def test_sessions_and_passwords_never_reach_the_log(logging):
    who = person("quentin.quote")
    api = Api(logging).log_in_as(who)
    Api(logging).login(who.user_name, who.password + "x")
    logging.get(f"/api/v24.3/objects/users/me?sessionId={api.session}&password={who.password[:2]}")
    api.call("POST", "/auth?password=Query-Secret-99", "")
    logging.get("/api/v24.3/objects/users/me", {"Authorization": "Bearer " + api.session})
    logging.get("/api/v24.3/objects/users/me", {"Authorization": api.session[:-1] + "é"})
    api.put_users_json([{"id": who.id, "password__v": "Body-Secret-98"}])
    api.call("DELETE", "/session")
    log = logging.log()
    for secret in (api.session, api.session[:100], who.password, "Query-Secret-99",
                   "Body-Secret-98"):
        assert secret not in log
    assert "argon2" not in log


def test_one_user_is_told_from_another_in_the_log(logging):
    api = Api(logging).log_in_as(person("nadia.brandt"))
    reply = api.get("/objects/users/me")
    (line,) = logging.log_lines(reply.headers["X-VaultAPI-ExecutionId"])
    assert "25001" in line or "nadia.brandt@example.com" in line
