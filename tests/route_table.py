"""The calls of the program under test, as `muster routes` lists them.

    for route in routes(): print(route.method, route.path)
    find_route("GET", "/api/v24.3/objects/users/25001?x=1").path == "/api/{version}/objects/users/{id}"
"""

import dataclasses
import functools
import re

from muster_server import run_muster


@dataclasses.dataclass(frozen=True)
class Route:
    method: str
    path: str  # a template: "{name}" stands for one segment
    session: str  # none, optional, required
    formats: tuple  # media types of a success, the default first

    def __str__(self):
        return f"{self.method} {self.path}"

    def matches(self, method, path):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(self.path))
        return self.method == method and re.fullmatch(pattern, path) is not None


@functools.cache
def routes():
    listed = run_muster("routes")
    assert listed.returncode == 0 and listed.stdout, listed
    fields = [line.split() for line in listed.stdout.splitlines()]
    return [Route(method, path, session, tuple(formats.split(",")))
            for method, path, session, formats in fields]


@functools.cache
def _find(method, path):
    return next((route for route in routes() if route.matches(method, path)), None)


def find_route(method, target):
    """The route that serves this request, None without one. The first that fits, as there."""
    return _find(method, target.partition("?")[0].rstrip("/"))


def route(method, path):
    """The route of that template, None when the program does not have it."""
    return next((each for each in routes() if (each.method, each.path) == (method, path)), None)
