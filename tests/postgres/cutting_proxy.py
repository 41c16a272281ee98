"""A TCP proxy in front of a unix socket that cuts connections at a wanted moment.

    with CuttingProxy(socket_path) as proxy:
        proxy.cut_at(b"COMMIT", "after")
        ...
        assert proxy.cuts == 1
"""

import socket
import threading

WHEN = (
    "before",  # the statement never arrives
    "at once",  # it arrives, and the line is dead before the answer
    "after",  # it was answered, and the answer is lost
)


class CuttingProxy:
    def __init__(self, target):
        self.target = str(target)
        self.cuts = 0
        self._plan = None  # (text, when)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._listener.close()

    def cut_at(self, text, when):
        """Cuts the next connection on which the client sends this text, once."""
        assert when in WHEN
        with self._lock:
            self._plan = (text, when)

    def _take_plan(self, data):
        with self._lock:
            if self._plan is None or self._plan[0] not in data:
                return None
            (_, when), self._plan = self._plan, None
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
            threading.Thread(target=self._to_server, args=(client, server, muted),
                             daemon=True).start()
            threading.Thread(target=self._to_client, args=(client, server, muted),
                             daemon=True).start()

    def _to_server(self, client, server, muted):
        tail = b""  # a text may come in two pieces
        while data := self._receive(client):
            when = self._take_plan(tail + data)
            tail = data[-16:]
            if when == "before":
                break
            if when == "after":
                muted.set()
            server.sendall(data)
            if when == "at once":
                break
        if not muted.is_set():
            self._close(client, server)

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
