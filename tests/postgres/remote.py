"""A Muster server, or what stands before it, that is known by its address alone."""

from muster_server import MusterServer


class Remote(MusterServer):
    def __init__(self, address):
        """`address` is http://HOST:PORT or HOST:PORT."""
        super().__init__("remote")
        self.scheme = "http"
        self.host, port = address.removeprefix("http://").split(":")
        self.port = int(port)
