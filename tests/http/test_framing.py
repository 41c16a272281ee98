"""Requests as bytes on a socket: what is refused never reaches the API, and no client can stop
the server or another client."""

import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from conftest import start_copy
from muster_server import PROJECT, RawConnection
from vault_client import Api, failure, person, result_rows

CORPUS = PROJECT.parent / "shared" / "corpora" / "http-own" / "cases.json"
EXPECTED_REFUSALS = {400, 408, 413, 414, 417, 431, 501, 505}


def too_large_to_store(name):
    """The two cases that the corpus describes instead of listing their bytes."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5"
    if name == "chunk ext 64 KiB":
        return head + b";a=" + b"x" * 65536 + b"\r\nhello\r\n0\r\n\r\n"
    if name == "trailer 100 KiB":
        return head + b"\r\nhello\r\n0\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"
    raise KeyError(name)


def corpus():
    for case in json.loads(CORPUS.read_text()):
        raw = case["bytes_hex"]
        yield case, bytes.fromhex(raw) if raw else too_large_to_store(case["name"])


REFUSED = [(case["name"], raw) for case, raw in corpus() if case["want"].startswith("reject")]
ACCEPTED = [(case["name"], raw) for case, raw in corpus() if case["want"] == "accept"]


def at_the_bulk_update(raw, session):
    """The same framing on the call that reads a body: only there do chunks matter."""
    return re.sub(rb"^(POST|PUT) / HTTP",
                  rb"PUT /api/v24.3/objects/users HTTP", raw).replace(
        b"\r\nHost: a\r\n",
        b"\r\nHost: a\r\nContent-Type: text/csv\r\nAuthorization: " + session.encode() + b"\r\n", 1)


def test_the_corpus_is_complete():
    assert len(REFUSED) >= 80 and len(ACCEPTED) >= 5


@pytest.mark.parametrize("name, raw", REFUSED, ids=[name for name, _ in REFUSED])
def test_a_doubtful_framing_is_refused_and_nothing_behind_it_is_read(server, nadia, name, raw):
    batches = server.metric("muster_batches_total")
    smuggled = (b"GET /api/v24.3/objects/users/me HTTP/1.1\r\nHost: a\r\nAuthorization: "
                + nadia.session.encode() + b"\r\n\r\n")
    with RawConnection(server) as connection:
        connection.try_send(at_the_bulk_update(raw, nadia.session) + smuggled)
        reply = connection.reply()
        if reply is not None:
            assert reply.json["responseStatus"] in ("FAILURE", "EXCEPTION"), reply
            too_long = reply.status == 200 and reply.json["errors"][0][
                "type"] == "EXCEEDS_FILE_MAX_SIZE"
            assert reply.status in EXPECTED_REFUSALS or (too_long and name.startswith("CL 2^64"))
            assert reply.headers["Connection"] == "close"
        assert connection.closed(), "the connection must end with the refusal"
    assert server.metric("muster_batches_total") == batches
    assert nadia.user("me")["id"] == 25001


def test_refused_framings_are_counted_with_a_reason(server):
    before = server.metric("muster_refused_framings_total")
    for raw in (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"):
        with RawConnection(server) as connection:
            connection.send(raw)
            assert connection.reply().status in EXPECTED_REFUSALS
    assert server.metric("muster_refused_framings_total") == before + 2
    assert 'reason="' in server.get("/metrics").text


@pytest.mark.parametrize("name, raw", ACCEPTED, ids=[name for name, _ in ACCEPTED])
def test_a_clean_framing_is_answered_by_the_api(server, name, raw):
    with RawConnection(server) as connection:
        connection.send(raw)
        reply = connection.reply()
    assert (reply.status, failure(reply)) == (200, "MALFORMED_URL")


def mutations():
    """Transfer-Encoding: each odd byte before and after the name, before and after the value."""
    for byte in [*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0x80, 0xA0, 0xFF]:
        odd = bytes([byte])
        for name, value in [(odd + b"Transfer-Encoding", b"chunked"),
                            (b"Transfer-Encoding" + odd, b"chunked"),
                            (b"Transfer-Encoding", odd + b"chunked"),
                            (b"Transfer-Encoding", b"chunked" + odd)]:
            yield name + b":" + value


def test_no_spelling_of_transfer_encoding_smuggles_a_request(server, nadia):
    """Either refused, or read exactly as chunked: never two readings of the same bytes."""
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    for field in mutations():
        with RawConnection(server) as connection:
            connection.try_send(
                b"POST /api/v24.3/keep-alive HTTP/1.1\r\nHost: a\r\n" + field +
                b"\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + smuggled)
            reply = connection.reply()
            assert reply is None or reply.status in EXPECTED_REFUSALS, field
            assert connection.closed(), field
    assert nadia.user("me")["id"] == 25001


def test_a_header_block_without_end_is_refused(server):
    with RawConnection(server) as connection:
        connection.try_send(b"GET / HTTP/1.1\r\nHost: a\r\n")
        for n in range(40):
            if not connection.try_send(b"X-%d: %s\r\n" % (n, b"y" * 4000)):
                break
        reply = connection.reply()
        assert reply is None or reply.status in (400, 431)


@pytest.mark.parametrize("count, status", [(90, 200), (200, 431), (10_000, 431)])
def test_too_many_header_fields_are_refused(server, count, status):
    fields = b"".join(b"X%d: y\r\n" % n for n in range(count))
    with RawConnection(server) as connection:
        connection.try_send(b"GET / HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n")
        reply = connection.reply()
    assert reply.status in (status, 400 if status != 200 else 200)
    assert reply.json["responseStatus"] == "FAILURE"


def test_garbage_of_every_kind_leaves_the_server_up(server, nadia):
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\0" * 1000, b"\xff" * 100_000,
                    b"\r\n" * 5000, b"SSH-2.0-OpenSSH_9.2\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                    b"GET " + b"A" * 200_000):
        with RawConnection(server) as connection:
            connection.try_send(garbage)
            connection.socket.shutdown(socket.SHUT_WR) if connection.try_send(b"") else None
            connection.reply()
    assert nadia.user("me")["id"] == 25001


# --- one connection, several requests -------------------------------------------------------------


def request_line(session, path="/objects/users/me", method="GET"):
    return (f"{method} /api/v24.3{path} HTTP/1.1\r\nHost: a\r\nAuthorization: {session}\r\n"
            ).encode()


def test_a_connection_is_kept_for_the_next_request(server, nadia):
    with RawConnection(server) as connection:
        for _ in range(3):
            connection.send(request_line(nadia.session) + b"\r\n")
            assert connection.reply().json["users"][0]["user"]["id"] == 25001


def test_pipelined_requests_are_answered_in_order(server, nadia):
    paths = ["/objects/users/me", "/objects/users/25003", "/nothing", "/objects/users/25004"]
    with RawConnection(server) as connection:
        connection.send(b"".join(request_line(nadia.session, path) + b"\r\n" for path in paths))
        replies = [connection.reply().json for _ in paths]
    assert [reply["users"][0]["user"]["id"] if "users" in reply else reply["errors"][0]["type"]
            for reply in replies] == [25001, 25003, "MALFORMED_URL", 25004]


def put_request(session, body, fields=b"", content_type=b"text/csv"):
    return (request_line(session, "/objects/users", "PUT") + b"Content-Type: " + content_type +
            b"\r\nContent-Length: %d\r\n" % len(body) + fields + b"\r\n" + body)


def test_pipelined_updates_are_applied_in_order(server, nadia, target):
    bodies = [b"id,site__v\n%d,%d\n" % (target, n) for n in range(10)]
    with RawConnection(server) as connection:
        connection.send(b"".join(put_request(nadia.session, body) for body in bodies))
        for _ in bodies:
            assert result_rows(connection.reply()) == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["site__v"] == "9"


def test_a_thousand_pipelined_requests_do_not_hurt(server, nadia):
    with RawConnection(server) as connection:
        sender = threading.Thread(target=connection.try_send, args=(
            (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n") * 1000,))
        sender.start()
        statuses = [connection.reply().status for _ in range(1000)]
        sender.join()
    assert statuses == [200] * 1000


@pytest.mark.parametrize("version, field, closes", [
    (b"1.1", b"Connection: close\r\n", True), (b"1.1", b"", False), (b"1.0", b"", True),
    (b"1.1", b"Connection: keep-alive\r\n", False)])
def test_the_client_says_how_long_a_connection_lasts(server, version, field, closes):
    with RawConnection(server) as connection:
        connection.send(b"GET /healthz HTTP/" + version + b"\r\nHost: a\r\n" + field + b"\r\n")
        assert connection.reply().status == 200
        assert connection.closed() if closes else connection.quiet(0.3)


# --- bodies ---------------------------------------------------------------------------------------


def chunked(pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece)


def chunked_head(session, fields=b""):
    return (request_line(session, "/objects/users", "PUT") + b"Content-Type: text/csv\r\n" +
            fields + b"Transfer-Encoding: chunked\r\n\r\n")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
def test_a_chunked_body_means_the_same_at_every_split(server, nadia, target, size):
    body = ('id,site__v,company__v\r\n%d,"quoted ""é""\r\nline",\\\\ %d\r\n'
            % (target, size)).encode()
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    with RawConnection(server) as connection:
        connection.send(chunked_head(nadia.session) + chunked(pieces) + b"0\r\n\r\n")
        assert result_rows(connection.reply()) == [("SUCCESS", str(target), [])]
    user = nadia.user(target)
    assert (user["site__v"], user["company__v"]) == ('quoted "é"\nline', f"\\ {size}")


def test_a_body_that_arrives_byte_by_byte_is_read(server, nadia, target):
    request = put_request(nadia.session, f"id,site__v\n{target},é\n".encode())
    with RawConnection(server) as connection:
        for i in range(len(request)):
            connection.send(request[i:i + 1])
        assert result_rows(connection.reply()) == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["site__v"] == "é"


def test_a_body_cut_anywhere_changes_nothing(server, nadia, target):
    body = f"id,site__v\n{target},cut\n30690,cut\n".encode()
    request = put_request(nadia.session, body)
    batches = server.metric("muster_batches_total")
    for end in range(len(request) - len(body), len(request), 3):
        with RawConnection(server) as connection:
            connection.send(request[:end])
            connection.socket.shutdown(socket.SHUT_WR)
            reply = connection.reply()
            assert reply is None or reply.json["responseStatus"] == "FAILURE"
    assert "site__v" not in nadia.user(target)
    assert server.metric("muster_batches_total") == batches


def test_record_501_is_answered_while_the_body_is_still_open(server, nadia):
    with RawConnection(server) as connection:
        connection.send(chunked_head(nadia.session) +
                        chunked([b"id,site__v\n", b"25003,x\n" * 501]))
        reply = connection.reply()  # no last chunk was sent, and none will be
        assert failure(reply) == "INVALID_DATA"
        assert reply.json["responseMessage"] == "More than 500 records."
        assert reply.headers["Connection"] == "close"


def test_broken_syntax_is_answered_while_the_body_is_still_open(server, nadia):
    with RawConnection(server) as connection:
        connection.send(chunked_head(nadia.session) + chunked([b'id,site__v\n25003,"a"b\n']))
        assert failure(connection.reply()) == "INVALID_DATA"


@pytest.mark.parametrize("size_mib", [1, 8, 48])
def test_a_client_that_writes_everything_before_reading_still_gets_the_answer(server, nadia,
                                                                              size_mib):
    body = b"id,site__v\n" + b"25003,x\n" * 501
    body += b"25003,x\n" * ((size_mib << 20) // 8)
    with RawConnection(server) as connection:
        connection.send(put_request(nadia.session, body))
        assert failure(connection.reply()) == "INVALID_DATA"
        assert connection.closed()


@pytest.mark.parametrize("length", [(1 << 30) + 1, 1 << 40, (1 << 63) - 1])
def test_a_length_over_1_gb_is_refused_before_any_body(server, nadia, length):
    with RawConnection(server) as connection:
        connection.send(request_line(nadia.session, "/objects/users", "PUT") +
                        b"Content-Type: text/csv\r\nContent-Length: %d\r\n\r\n" % length)
        reply = connection.reply()
        assert (reply.status, failure(reply)) == (200, "EXCEEDS_FILE_MAX_SIZE")
        assert reply.headers["Connection"] == "close"


def test_exactly_1_gb_is_not_too_long(server, nadia):
    with RawConnection(server) as connection:
        connection.send(request_line(nadia.session, "/objects/users", "PUT") +
                        b"Content-Type: text/csv\r\nExpect: 100-continue\r\n"
                        b"Content-Length: %d\r\n\r\n" % (1 << 30))
        assert connection.reply().status == 100


def test_a_form_has_its_own_smaller_limit(server):
    with RawConnection(server) as connection:
        connection.send(b"POST /api/v24.3/auth HTTP/1.1\r\nHost: a\r\n"
                        b"Content-Type: application/x-www-form-urlencoded\r\n"
                        b"Content-Length: 2000000\r\n\r\n")
        assert connection.reply().json["responseStatus"] == "FAILURE"


# --- Expect: 100-continue -------------------------------------------------------------------------


EXPECT = b"Expect: 100-continue\r\n"


def test_an_expecting_client_is_told_to_continue(server, nadia, target):
    body = f"id,site__v\n{target},expected\n".encode()
    request = put_request(nadia.session, body, EXPECT)
    with RawConnection(server) as connection:
        connection.send(request[:-len(body)])
        assert connection.reply().status == 100
        connection.send(body)
        assert result_rows(connection.reply()) == [("SUCCESS", str(target), [])]


@pytest.mark.parametrize("situation, kind", [
    ("no session", "INVALID_SESSION_ID"), ("dead session", "INVALID_SESSION_ID"),
    ("unknown path", "MALFORMED_URL"), ("wrong verb", "METHOD_NOT_SUPPORTED"),
    ("too long", "EXCEEDS_FILE_MAX_SIZE")])
def test_a_request_that_is_refused_anyway_is_never_told_to_continue(server, nadia, situation, kind):
    session = {"no session": "", "dead session": "E" * 128}.get(situation, nadia.session)
    path = "/objects/nothing" if situation == "unknown path" else "/objects/users"
    method = "DELETE" if situation == "wrong verb" else "PUT"
    length = 1 << 31 if situation == "too long" else 100
    with RawConnection(server) as connection:
        connection.send(request_line(session, path, method) + EXPECT +
                        b"Content-Type: text/csv\r\nContent-Length: %d\r\n\r\n" % length)
        reply = connection.reply()
        assert (reply.status, failure(reply)) == (200, kind)
        assert reply.headers["Connection"] == "close"
        assert connection.closed()


def test_a_client_that_does_not_wait_for_the_100_is_served_too(server, nadia, target):
    with RawConnection(server) as connection:
        connection.send(put_request(nadia.session, f"id\n{target}\n".encode(), EXPECT))
        reply = connection.reply()
        if reply.status == 100:
            reply = connection.reply()
        assert result_rows(reply) == [("SUCCESS", str(target), [])]


# --- clients against each other -------------------------------------------------------------------


def test_slow_clients_do_not_stop_another(server, nadia, targets):
    slow = []
    try:
        for n in range(60):
            connection = RawConnection(server)
            slow.append(connection)
            kind = n % 3
            if kind == 0:
                connection.send(b"GET /api/ HT")  # half a header
            elif kind == 1:
                connection.send(put_request(nadia.session, b"id\n25003\n" * 100)[:-400])
            else:  # never reads what it asked for
                connection.send((request_line(nadia.session, "/objects/users?limit=1000") +
                                 b"\r\n") * 8)
        for user in targets(20):
            reply = nadia.put_users_json([{"id": user, "site__v": "quick"}])
            assert result_rows(reply) == [("SUCCESS", str(user), [])]
    finally:
        for connection in slow:
            connection.socket.close()


def test_many_clients_at_once_are_all_served(server, nadia, targets):
    users, answers = targets(64), {}

    def update(user):
        answers[user] = result_rows(nadia.put_users_json([{"id": user, "site__v": f"s{user}"}]))

    threads = [threading.Thread(target=update, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {user: [("SUCCESS", str(user), [])] for user in users}
    assert [nadia.user(user)["site__v"] for user in users] == [f"s{user}" for user in users]


def test_descriptors_return_to_where_they_were(own_server):
    def descriptors():
        return len(os.listdir(f"/proc/{own_server.pid}/fd"))
    own_server.get("/healthz")
    before = descriptors()
    connections = [RawConnection(own_server) for _ in range(100)]
    for connection in connections:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET")
        connection.reply()
    assert descriptors() >= before + 90  # the count above may hold a connection just closing
    for connection in connections:
        connection.socket.close()
    until = time.monotonic() + 10
    while descriptors() > before + 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert descriptors() <= before + 2


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tls_server(seeded_directory, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=muster",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(key), "-out", str(certificate)],
                   check=True, capture_output=True)
    running = start_copy(seeded_directory, folder, tls_certificate=certificate,
                         arguments=["--tls-cert", certificate, "--tls-key", key])
    yield running
    running.stop()


def test_the_ready_line_says_https(tls_server):
    assert tls_server.stdout_lines[0] == f"muster ready at https://127.0.0.1:{tls_server.port}"


def test_the_api_works_over_tls(tls_server):
    nadia = Api(tls_server).log_in_as(person("nadia.brandt"))
    reply = nadia.put_users_json([{"id": 30001, "site__v": "TLS"}])
    assert result_rows(reply) == [("SUCCESS", "30001", [])]
    assert nadia.user(30001)["site__v"] == "TLS"


def test_over_tls_a_login_by_host_and_port_gets_its_own_address_back(tls_server):
    """What the vendor's Java client compares as strings before it believes a login."""
    dns = f"localhost:{tls_server.port}"
    nadia = person("nadia.brandt")
    answer = Api(tls_server).login(nadia.user_name, nadia.password, vault_dns=dns,
                                   headers={"Host": dns}).json
    (vault,) = [vault for vault in answer["vaultIds"] if vault["id"] == answer["vaultId"]]
    assert vault["url"] == f"https://{dns}/api"
    versions = tls_server.get("/api/v24.3", {"Host": dns}).json["values"]
    assert versions["v24.3"] == f"https://{dns}/api/v24.3"


def test_plain_http_on_the_tls_port_is_cut_and_hurts_nobody(tls_server):
    with socket.create_connection((tls_server.host, tls_server.port), timeout=30) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"200 OK" not in raw.recv(65536)
    assert tls_server.get("/healthz").status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")  # 1.1 is what the test is about
@pytest.mark.parametrize("version, works", [(ssl.TLSVersion.TLSv1_3, True),
                                            (ssl.TLSVersion.TLSv1_2, True),
                                            (ssl.TLSVersion.TLSv1_1, False)])
def test_tls_starts_at_1_2(tls_server, version, works):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(str(tls_server.tls_certificate))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    raw = socket.create_connection((tls_server.host, tls_server.port), timeout=30)
    if works:
        with context.wrap_socket(raw, server_hostname="localhost") as tls:
            assert tls.version()
    else:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            context.wrap_socket(raw, server_hostname="localhost")
    raw.close()


def test_a_client_that_stops_in_the_handshake_stops_nobody(tls_server):
    half = [socket.create_connection((tls_server.host, tls_server.port)) for _ in range(20)]
    for connection in half:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")
    assert tls_server.get("/healthz").status == 200
    for connection in half:
        connection.close()
