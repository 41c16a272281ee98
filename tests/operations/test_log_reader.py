"""Whoever reads the log may be slow, or gone: the server is neither."""

import signal
import subprocess
import threading

from muster_server import READY, MusterServer


class PipedServer(MusterServer):
    """A server whose standard error is a pipe that the test reads, or does not."""

    def start(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        match = READY.match(self.process.stdout.readline().strip())
        self.scheme, self.host, self.port = match[1], match[2], int(match[3])
        return self


def flood(server, count):
    """So many calls on one connection; each leaves a line of about 300 bytes."""
    call = b"GET /api/v24.3/objects/users/me?client_id=" + b"c" * 90 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    with server.socket() as connection:
        sender = threading.Thread(target=connection.sendall, args=(call * count,))
        sender.start()
        answered, tail = 0, b""
        while answered < count:
            block = connection.recv(1 << 20)
            assert block, "the connection ended"
            text = tail + block
            answered += text.count(b"HTTP/1.1 200")
            tail = text[-11:]
        sender.join()


def test_a_reader_that_stalls_stops_nobody(tmp_path):
    server = PipedServer(tmp_path / "data", arguments=["--demo", "10"]).start()
    process = server.process
    try:
        flood(server, 25_000)
        assert server.get("/healthz").status == 200
        assert server.metric("muster_log_lines_dropped_total") > 0
        dropped = int(server.metric("muster_log_lines_dropped_total"))
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr))
        reader.start()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        reader.join(30)
    finally:
        if process.poll() is None:
            process.kill()
    assert f"log lines dropped lines={dropped}\n" in "".join(lines)
    assert " info stopped\n" in lines[-1]
    written = sum(" info request " in line for line in lines)
    assert 25_000 - dropped <= written < 25_000


def test_a_reader_that_stalls_does_not_hold_up_the_end(tmp_path):
    server = PipedServer(tmp_path / "data", arguments=["--demo", "10"]).start()
    process = server.process
    try:
        flood(server, 1_000)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()


def test_a_reader_that_is_gone_stops_nobody(tmp_path):
    server = PipedServer(tmp_path / "data", arguments=["--demo", "10"]).start()
    server.process.stderr.close()
    try:
        flood(server, 100)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
    finally:
        if server.process.poll() is None:
            server.process.kill()
