"""A real `muster serve` process under test: started on a free port of 127.0.0.1, stopped by its
own pid, and on the way out checked for what no run may show (a wrong exit code, an assertion,
a secret in the log).

    with MusterServer(tmp_path / "data", seed=path) as server:
        server.get("/healthz")
"""

import http.client
import json
import os
import pathlib
import re
import select
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

import stores

PROJECT = pathlib.Path(__file__).resolve().parent.parent
READY = re.compile(r"^muster ready at (https?)://([^ ]+):(\d+)$")
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 40


def binary():
    """The program under test: MUSTER_BINARY, else the release build, else the dev build."""
    named = os.environ.get("MUSTER_BINARY")
    # A test may stand in another folder when it asks.
    candidates = [PROJECT / named] if named else [
        PROJECT / "build" / preset / "muster" for preset in ("release", "dev")
    ]
    for path in candidates:
        if path.is_file():
            return str(path.resolve())
    tried = ", ".join(str(path) for path in candidates)
    raise FileNotFoundError(
        f"No muster program at {tried}. Build it or set MUSTER_BINARY; these tests never skip.")


def clean_environment(extra=None):
    """The environment without the caller's own MUSTER_ settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    environment.update(extra or {})
    return environment


def run_muster(*arguments, environment=None, timeout=60, **options):
    """Runs a muster command that ends by itself."""
    return subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, env=clean_environment(environment), check=False,
                          **options)


class Reply:
    """An answer, with nothing hidden: status, headers (names in any case) and raw body."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self):
        return f"<Reply {self.status} {self.body[:600]!r}>"

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def content_type(self):
        return self.headers.get("Content-Type")


class MusterServer:
    observers = []  # called with (method, path, reply) after each request() of any server

    def __init__(self, data, seed=None, arguments=(), environment=None, tls_certificate=None,
                 place=None):
        self.data = pathlib.Path(data)
        self.place = place  # the arguments that say where the directory is, when not at `data`
        self.seed = seed
        self.arguments = list(map(str, arguments))
        self.environment = dict(environment or {})
        self.tls_certificate = tls_certificate
        self.secrets = set()  # texts that must never appear in the log
        self.stdout_lines = []
        self.process = None
        self.port = None
        self._stderr = pathlib.Path(f"{self.data}.stderr")
        self._ready = threading.Event()

    # --- life -----------------------------------------------------------------------------

    def command(self):
        command = [binary(), "serve", *(self.place or stores.arguments(self.data)), "--listen", "127.0.0.1:0"]
        if self.seed:
            command += ["--seed", str(self.seed)]
        return command + self.arguments

    def start(self):
        self._ready.clear()
        self.port = None
        self.stdout_lines = []
        assert self.process is None, "already running"
        with open(self._stderr, "ab") as stderr:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=stderr, text=True,
                                            env=clean_environment(self.environment))
        self._reader = threading.Thread(target=self._read_stdout, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_TIMEOUT_S) or self.port is None:
            self.kill()
            raise AssertionError(f"muster did not become ready: {self.stdout_lines} {self.log()}")
        return self

    def _read_stdout(self):
        for line in self.process.stdout:
            self.stdout_lines.append(line.rstrip("\n"))
            match = READY.match(self.stdout_lines[-1])
            if match and self.port is None:
                self.scheme, self.host, self.port = match[1], match[2], int(match[3])
                self._ready.set()
        self._ready.set()  # the process ended: start() sees that there is no port

    def stop(self, expect=0):
        """SIGTERM, then the checks that every run must pass."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"muster did not end after SIGTERM: {self.log()[-3000:]}")
        self._reader.join(5)
        process.stdout.close()
        assert code == expect, f"exit code {code}, expected {expect}: {self.log()[-3000:]}"
        self.check_log()

    def kill(self):
        """The end that nobody can prepare for."""
        process, self.process = self.process, None
        process.kill()
        process.wait()
        self._reader.join(5)
        process.stdout.close()

    def check_log(self):
        log = self.log()
        assert "assertion" not in log.lower(), log[-3000:]
        assert "ERROR: " not in log and "runtime error:" not in log, log[-3000:]  # sanitizers
        for secret in self.secrets:
            assert secret not in log, "a secret reached the log"

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, trace):
        self.stop()

    # --- observation ----------------------------------------------------------------------

    @property
    def pid(self):
        return self.process.pid

    @property
    def url(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    def log(self):
        return self._stderr.read_text(errors="replace") if self._stderr.exists() else ""

    def log_lines(self, containing="", timeout_s=5):
        """The log lines that contain a text; waits for the first, as logs may lag an answer."""
        until = time.monotonic() + timeout_s
        while True:
            lines = [line for line in self.log().split("\n") if containing in line and line]
            if lines or time.monotonic() > until:
                return lines
            time.sleep(0.02)

    def metric(self, name, **labels):
        """The sum over all series of that metric that carry these labels; 0 without any."""
        text = self.get("/metrics").text
        total = 0.0
        for line in text.splitlines():
            match = re.match(r"^([a-z_A-Z0-9:]+)(?:\{(.*)\})? ([^ ]+)$", line)
            if not match or match[1] != name:
                continue
            have = dict(re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
            if all(have.get(key) == value for key, value in labels.items()):
                total += float(match[3])
        return total

    def memory_kib(self, row="VmRSS"):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(row + ":"):
                return int(line.split()[1])
        raise AssertionError(f"no {row} in /proc")

    # --- requests -------------------------------------------------------------------------

    def tls_context(self):
        return ssl.create_default_context(cafile=str(self.tls_certificate))

    def request(self, method, path, body=None, headers=None, timeout=60):
        """One request on a connection of its own."""
        if self.scheme == "https":
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=timeout,
                                                     context=self.tls_context())
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            if isinstance(body, str):
                body = body.encode("utf-8")
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        for note in self.observers:
            note(method, path, reply)
        return reply

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def socket(self, timeout=30):
        """A bare TCP connection (inside TLS when the server speaks it)."""
        raw = socket.create_connection((self.host, self.port), timeout=timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.scheme == "https":
            return self.tls_context().wrap_socket(raw, server_hostname=self.host)
        return raw


class RawConnection:
    """Bytes out, answers in: for requests that no HTTP library would send."""

    def __init__(self, server, timeout=30):
        self.socket = server.socket(timeout)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def try_send(self, data):
        """Sends what the server still takes; False when it closed the connection."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def _fill(self):
        try:
            block = self.socket.recv(65536)
        except ConnectionResetError:
            block = b""
        self.buffer += block
        return bool(block)

    def _until(self, mark):
        while mark not in self.buffer:
            if not self._fill():
                return None
        head, self.buffer = self.buffer.split(mark, 1)
        return head

    def reply(self):
        """The next answer on this connection, None when the server closed without one."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            assert not self.buffer, f"half an answer: {self.buffer[:300]!r}"
            return None
        status_line, _, fields = head.partition(b"\r\n")
        headers = http.client.parse_headers(_Lines(fields + b"\r\n\r\n"))
        status = int(status_line.split(b" ")[1])
        if status == 100:
            return Reply(status, headers, b"")
        if headers.get("Transfer-Encoding", "") == "chunked":
            return Reply(status, headers, self._chunks())
        return Reply(status, headers, self._exactly(int(headers.get("Content-Length", "0"))))

    def _exactly(self, size):
        while len(self.buffer) < size:
            assert self._fill(), "the connection ended inside an answer"
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return body

    def _chunks(self):
        body = b""
        while True:
            size = int(self._until(b"\r\n"), 16)
            body += self._exactly(size)
            self._exactly(2)
            if size == 0:
                return body

    def closed(self, timeout=30):
        """True when the server ends the connection without sending more."""
        self.socket.settimeout(timeout)
        try:
            return not self.buffer and not self._fill()
        except (socket.timeout, TimeoutError):
            return False

    def quiet(self, seconds):
        """True when nothing arrives for so long."""
        return not self.buffer and not select.select([self.socket], [], [], seconds)[0]


class _Lines:
    """What http.client.parse_headers reads from: readline() over bytes."""

    def __init__(self, data):
        self._lines = data.splitlines(keepends=True)

    def readline(self, limit=-1):
        return self._lines.pop(0) if self._lines else b""


def form(fields):
    return urllib.parse.urlencode(fields)
