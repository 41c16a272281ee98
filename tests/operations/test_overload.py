"""What one address does to the others when it asks for too much."""

import signal
import socket
import subprocess
import time
import urllib.parse

import pytest

from conftest import start_copy
from muster_server import RawConnection
from vault_client import person


def login_request(name, password):
    body = urllib.parse.urlencode({"username": name, "password": password})
    return (f"POST /api/v24.3/auth HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}").encode()


def connect(server, source):
    return socket.create_connection((server.host, server.port), timeout=30,
                                    source_address=(source, 0))


def test_a_flood_of_logins_keeps_no_other_address_out(own_server):
    flood = [connect(own_server, "127.0.0.2") for _ in range(500)]
    for connection in flood:
        connection.sendall(login_request("nobody@example.com", "wrong"))
    nadia = person("nadia.brandt")
    with connect(own_server, "127.0.0.3") as connection:
        connection.sendall(login_request(nadia.user_name, nadia.password))
        assert b'"responseStatus":"SUCCESS"' in connection.recv(65536)
    answers = [connection.recv(65536) for connection in flood]
    for connection in flood:
        connection.close()
    refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503 ")]
    assert len(refused) > 400
    assert all(b"\r\nRetry-After: 1\r\n" in answer for answer in refused)


def test_behind_a_trusted_proxy_each_client_has_its_own_share(seeded_directory, tmp_path):
    server = start_copy(seeded_directory, tmp_path, arguments=["--trusted-proxies", "127.0.0.1"])
    connections = [RawConnection(server) for _ in range(40)]
    for n, connection in enumerate(connections):
        connection.send(login_request("nobody@example.com", "wrong").replace(
            b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.%d\r\n\r\n" % n, 1))
    assert {connection.reply().status for connection in connections} == {200}
    for connection in connections:
        connection.socket.close()
    server.stop()


def test_an_address_beyond_its_connections_gives_up_its_idle_ones(seeded_directory, tmp_path):
    server = start_copy(seeded_directory, tmp_path, arguments=["--connections-per-address", "10"])
    connections = [RawConnection(server) for _ in range(30)]
    ask = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    assert connections[-1].try_send(ask) and connections[-1].reply().status == 200
    assert all(connection.closed() for connection in connections[:20])
    assert server.metric("muster_refused_framings_total",
                         reason="Idle connection closed to make room") >= 20
    for connection in connections:
        connection.socket.close()
    server.stop()


def test_a_flood_of_refusals_is_a_few_lines_with_their_reason(own_server):
    for _ in range(300):
        with RawConnection(own_server) as connection:
            connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            assert connection.reply().status == 400
    time.sleep(0.3)
    with RawConnection(own_server) as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        execution_id = connection.reply().headers["X-VaultAPI-ExecutionId"]
    (last,) = own_server.log_lines(execution_id)
    assert 'reason="More than one Host field"' in last and 'address="127.0.0.1"' in last
    lines = own_server.log_lines("More than one Host field")
    refused = [line for line in lines if " warning request refused " in line]
    assert len(refused) < 150
    left_out = sum(int(line.rsplit("lines=", 1)[1]) for line in lines if "refusals not logged" in line)
    assert len(refused) + left_out == 301
    assert own_server.metric("muster_refused_framings_total",
                             reason="More than one Host field") == 301


# --- the certificate ------------------------------------------------------------------------------


def make_certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
                    "-out", str(folder / "cert.pem")], check=True, capture_output=True)


@pytest.fixture
def tls_server(seeded_directory, tmp_path):
    make_certificate(tmp_path, "first")
    running = start_copy(seeded_directory, tmp_path, tls_certificate=tmp_path / "cert.pem",
                         arguments=["--tls-cert", tmp_path / "cert.pem",
                                    "--tls-key", tmp_path / "key.pem"])
    yield running
    running.stop()


def test_sighup_takes_the_new_certificate(tls_server, tmp_path):
    with RawConnection(tls_server) as before:
        make_certificate(tmp_path, "second")
        tls_server.process.send_signal(signal.SIGHUP)
        assert tls_server.log_lines("certificate reloaded")
        assert tls_server.get("/healthz").status == 200  # verified against the new certificate
        before.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert before.reply().status == 200


def test_sighup_keeps_the_old_certificate_when_the_new_one_is_unusable(tls_server, tmp_path):
    old = (tmp_path / "cert.pem").read_text()
    (tmp_path / "cert.pem").write_text("nonsense")
    tls_server.process.send_signal(signal.SIGHUP)
    (line,) = tls_server.log_lines("certificate not reloaded")
    assert " error " in line and "cert.pem" in line
    (tmp_path / "cert.pem").write_text(old)
    assert tls_server.get("/healthz").status == 200


def test_sighup_without_tls_changes_nothing(own_server):
    own_server.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert own_server.get("/healthz").status == 200
