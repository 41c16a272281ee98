"""A TCP proxy in front of a unix socket that cuts connections to PostgreSQL at a wanted statement.

    with CuttingProxy(socket_path) as proxy:
        proxy.cut_at(b"COMMIT", "after")
        ...
        assert proxy.cuts == 1

It reads the messages of PostgreSQL's protocol (version 3, extended queries), as several statements
travel in one packet, and one that was prepared before is named, not written out.
"""

import socket
import struct
import threading

WHEN = (
    "before",  # the statement never arrives, those before it do
    "at once",  # it arrives, nothing behind it does, and the line is dead before the answer
    "after",  # it was answered with all that was sent with it, and the answers are lost
)
ENCRYPTION_ASKED = (80877103, 80877104)  # comes before the start of the protocol


class Statements:
    """What a client's bytes say, message by message."""

    def __init__(self):
        self._buffer = b""
        self._has_begun = False
        self._prepared = {}

    def feed(self, data):
        """The complete messages, as pairs (bytes, statement that is to be run or None)."""
        self._buffer += data
        while message := self._next():
            yield message, self._statement(message)

    def _next(self):
        head = 1 if self._has_begun else 0  # the type of the message
        if len(self._buffer) < head + 4:
            return None
        size = head + struct.unpack_from("!i", self._buffer, head)[0]
        if len(self._buffer) < size:
            return None
        message, self._buffer = self._buffer[:size], self._buffer[size:]
        if not self._has_begun:
            self._has_begun = struct.unpack_from("!i", message, 4)[0] not in ENCRYPTION_ASKED
            return b"\0" + message  # no type
        return message

    def _statement(self, message):
        if message[:1] == b"P":
            name, text = message[5:].split(b"\0")[:2]
            self._prepared[name] = text
        if message[:1] == b"B":
            return self._prepared.get(message[5:].split(b"\0")[1])
        return None


class CuttingProxy:
    def __init__(self, target):
        self.target = str(target)
        self.cuts = 0
        self._plans = []  # (text, when, begun_with)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut_at(self, text, when, begun_with=b""):
        """Cuts the next connection on which a statement with this text is run, once; only in a
        transaction whose BEGIN has that other text. What is asked for later waits for this."""
        assert when in WHEN
        with self._lock:
            self._plans.append((text, when, begun_with))

    def _take_plan(self, statement, begin):
        with self._lock:
            if not self._plans:
                return None
            text, when, begun_with = self._plans[0]
            if text not in statement or begun_with not in begin:
                return None
            self._plans.pop(0)
            self.cuts += 1
            return when

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            muted = threading.Event()
            for way in (self._to_server, self._to_client):
                threading.Thread(target=way, args=(client, server, muted), daemon=True).start()

    def _to_server(self, client, server, muted):
        try:
            self._pass_on(client, server, muted)
        except OSError:
            pass
        if not muted.is_set():
            self._close(client, server)

    def _pass_on(self, client, server, muted):
        statements, begin, last_one = Statements(), b"", False
        while data := self._receive(client):
            passed = b""
            for message, statement in statements.feed(data):
                if statement is not None and statement.startswith(b"BEGIN"):
                    begin = statement
                when = statement is not None and self._take_plan(statement, begin)
                if when == "before":
                    server.sendall(passed)
                    return
                if when == "after":
                    muted.set()
                last_one |= when == "at once"
                passed += message.removeprefix(b"\0")
                if last_one and message[:1] == b"E":
                    server.sendall(passed)
                    return
            server.sendall(passed)

    def _to_client(self, client, server, muted):
        while data := self._receive(server):
            if muted.is_set():
                break
            try:
                client.sendall(data)
            except OSError:
                break
        self._close(client, server)

    @staticmethod
    def _receive(end):
        try:
            return end.recv(65536)
        except OSError:
            return b""

    @staticmethod
    def _close(*ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
