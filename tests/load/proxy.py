"""A small HTTP proxy between a client and a server, that misbehaves as told.

    with Proxy(server.port) as proxy:
        proxy.hook = lambda request: "cut_after" if request.number % 3 == 0 else None

The hook sees each request before it goes on and may change it. It returns None (pass), "cut_before"
(the server never sees it), "cut_after" (the server answers, the client never hears it) or bytes (the
answer).
"""

import http.client
import socket
import threading


class Request:
    def __init__(self, number, method, target, headers, body):
        self.number, self.method, self.target = number, method, target
        self.headers, self.body = headers, body

    @property
    def is_batch(self):
        return "/objects/users" in self.target and self.method in ("PUT", "POST")


class Proxy:
    def __init__(self, port):
        self.upstream_port = port
        self.hook = lambda request: None
        self.requests = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind, error, trace):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, client.makefile("rb") as reader:
            try:
                while self._serve_one(client, reader):
                    pass
            except (OSError, http.client.HTTPException):
                pass  # one end left: so does the other

    def _serve_one(self, client, reader):
        line = reader.readline()
        if not line:
            return False
        method, target, _ = line.decode().split(" ")
        headers = http.client.parse_headers(reader)
        body = reader.read(int(headers.get("Content-Length", "0")))
        with self._lock:
            request = Request(len(self.requests), method, target, headers, body)
            self.requests.append(request)
        wish = self.hook(request)
        if wish == "cut_before":
            return False
        answer = wish if isinstance(wish, bytes) else self._ask_upstream(request)
        if wish == "cut_after":
            return False
        client.sendall(answer)
        return True

    def _ask_upstream(self, request):
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream_port, timeout=60)
        try:
            connection.request(request.method, request.target, body=request.body or None,
                               headers=dict(request.headers))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        head += [f"{name}: {value}" for name, value in answer.getheaders()
                 if name.lower() not in ("transfer-encoding", "content-length", "connection")]
        head += [f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(head).encode() + body
