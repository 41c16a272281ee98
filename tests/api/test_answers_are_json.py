"""Whatever happens, the answer is a JSON object, unless CSV, XML or metrics were rightly asked for:
every call of the route table x everything that can be wrong with it (1.4, 1.6)."""

import itertools
import signal
import xml.etree.ElementTree

import pytest

from calls import CALLS, call_of
from muster_server import RawConnection
from route_table import routes
from vault_client import Api, person

WALKS_ALL_ROUTES = True
JSON, XML = "application/json;charset=UTF-8", "application/xml;charset=UTF-8"
UNIQUE = itertools.count()
END_OF_SESSION = ("DELETE", "/api/{version}/session")  # of which the other tests live


def every(*conditions):
    """Test parameters: the routes that fulfil all of these."""
    return pytest.mark.parametrize("route", [
        pytest.param(route, id=str(route)) for route in routes()
        if all(holds(route) for holds in conditions)])


def keeps_the_session(route):
    return (route.method, route.path) != END_OF_SESSION


def needs_a_session(route):
    return route.session != "none"


def reads_its_body(route):
    return route.path not in ("/healthz", "/readyz", "/metrics")


def has_a_version(route):
    return route.path.startswith("/api/")


BODIES = {
    "not UTF-8": (b"\xff\xfe\x00\xc0", "text/csv"),
    "broken JSON": (b'[{"id":', "application/json"),
    "JSON of another shape": (b'"text"', "application/json"),
    "deep JSON": (b"[" * 2000, "application/json"),
    "a broken form": (b"a=%zz&%=%&=&&", "application/x-www-form-urlencoded"),
    "a form without an end": (b"--x\r\nContent-Disposition", "multipart/form-data; boundary=x"),
    "an unknown type": (b"<a/>", "application/xml"),
    "an unknown charset": (b"id\n1\n", "text/csv; charset=utf-16"),
    "no type": (b"\x00\x01", None),
    "nothing": (b"", None),
}


def check_is_json(reply):
    """The envelope, at whatever status."""
    assert reply.content_type == JSON, reply
    envelope = reply.json
    assert isinstance(envelope, dict)
    assert envelope["responseStatus"] in ("SUCCESS", "WARNING", "FAILURE", "EXCEPTION")
    if envelope["responseStatus"] in ("FAILURE", "EXCEPTION") and "data" not in envelope:
        assert envelope["responseMessage"]
        assert all(set(error) == {"type", "message"} for error in envelope["errors"])
        assert envelope["errors"]
    if "X-VaultAPI-Status" in reply.headers:
        assert reply.headers["X-VaultAPI-Status"] == envelope["responseStatus"]
    return envelope


def check(route, reply, accept=None):
    """JSON, or a success in the format that was asked for or that this call always has."""
    if reply.status == 200 and reply.content_type != JSON:
        media_type = reply.content_type.partition(";")[0]
        assert media_type in route.formats, reply
        assert media_type in (accept, route.formats[0]), reply
        return None
    return check_is_json(reply)


@pytest.fixture
def right(nadia):
    """right(route): a right call, with nadia's session: (method, target, body, headers)."""
    def make(route):
        method, path, body, headers = call_of(route).request({
            "id": 30001, "own": 25001, "unique": f"json{next(UNIQUE)}", "password": "not it",
            "user_name": "kim.keeper@example.com", "login_name": "kim.keeper@example.com",
            "login_password": "not it"})
        return method, path, body, {**headers, "Authorization": nadia.session}
    return make


def test_every_call_has_a_right_way_to_make_it():
    assert [str(route) for route in routes()
            if (route.method, route.path) not in {key[:2] for key in CALLS}] == []


@every()
def test_a_right_call(server, right, route):
    method, path, body, headers = right(route)
    if not keeps_the_session(route):
        headers["Authorization"] = Api(server).log_in_as(person("kim.keeper")).session
    check(route, server.request(method, path, body, headers))


@pytest.mark.parametrize("accept", ["text/csv", "application/xml", "text/html", "*/*", "nonsense",
                                    "application/xml;q=0", "text/*;q=0.5, image/png"])
@every(needs_a_session)
def test_a_failing_call_answers_json_or_the_xml_it_offers(server, right, route, accept):
    """Never CSV, in which an error could not be told from rows."""
    method, path, body, headers = right(route)
    reply = server.request(method, path, body,
                           {**headers, "Authorization": "F" * 128, "Accept": accept})
    if accept == "application/xml" and accept in route.formats:
        assert reply.content_type == XML
        envelope = xml.etree.ElementTree.fromstring(reply.text)
        assert envelope.find("responseStatus").text == "FAILURE"
        assert envelope.find("errors/type").text == "INVALID_SESSION_ID"
    else:
        assert check_is_json(reply)["errors"][0]["type"] == "INVALID_SESSION_ID"


@pytest.mark.parametrize("kind", list(BODIES))
@every(keeps_the_session)
def test_a_body_that_makes_no_sense(server, right, route, kind):
    body, content_type = BODIES[kind]
    method, path, _, headers = right(route)
    headers.pop("Content-Type", None)
    if content_type:
        headers["Content-Type"] = content_type
    check(route, server.request(method, path, body, headers))


WRONG_VERBS = [pytest.param(route, method, id=f"{method} {route.path}") for route in routes()
               for method in ("PATCH", "OPTIONS", "MADEUP", "PUT", "DELETE")
               if not any(each.matches(method, route.path) for each in routes())]


@pytest.mark.parametrize("route, method", WRONG_VERBS)
def test_a_wrong_verb(server, right, route, method):
    _, path, _, headers = right(route)
    envelope = check_is_json(server.request(method, path, None, headers))
    assert envelope["errors"][0]["type"] == "METHOD_NOT_SUPPORTED"


@pytest.mark.parametrize("end", ["/nothing/that/exists", "//", "/%zz", "/%00", "/..", "/%2e%2e"])
@every()
def test_a_path_that_is_none(server, right, route, end):
    method, path, _, headers = right(route)
    reply = server.request(method, path.partition("?")[0] + end, None, headers)
    assert check_is_json(reply)["errors"][0]["type"] in ("MALFORMED_URL", "INVALID_SESSION_ID")


@every(has_a_version)
def test_a_version_that_never_was(server, right, route):
    method, path, body, headers = right(route)
    reply = server.request(method, path.replace("v24.3", "v99.9"), body, headers)
    assert check_is_json(reply)["errors"][0]["type"] == "MALFORMED_URL"


@pytest.mark.parametrize("query", ["?%zz", "?limit=x&start=-1&sort=%00", "?" + "a=b&" * 300,
                                   "?" + "q" * 9000])
@every(keeps_the_session)
def test_a_query_that_makes_no_sense(server, right, route, query):
    method, path, body, headers = right(route)
    check(route, server.request(method, path.partition("?")[0] + query, body, headers))


def raw(server, right, route, fields, after=b""):
    method, path, _, headers = right(route)
    lines = [f"{method} {path.replace(' ', '+')} HTTP/1.1", f"Host: {server.host}:{server.port}",
             *(f"{name}: {value}" for name, value in headers.items()), *fields]
    with RawConnection(server) as connection:
        connection.send("\r\n".join(lines).encode() + b"\r\n\r\n" + after)
        return connection.reply()


@every(reads_its_body)
def test_a_body_that_is_too_large(server, right, route):
    reply = raw(server, right, route, [f"Content-Length: {2 << 30}"])
    types = {error["type"] for error in check_is_json(reply)["errors"]}
    assert types == {"EXCEEDS_FILE_MAX_SIZE"}


@pytest.mark.parametrize("fields", [
    ["Content-Length: 1", "Content-Length: 2"], ["Content-Length: 1", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: gzip"], ["Content-Length: -1"], ["Content-Length: x"], ["Host: second"],
    ["Bad Name: x"], ["Upgrade: h2c", "Content-Length: 1, 1"], ["Expect: something"]])
@every()
def test_bad_framing(server, right, route, fields):
    reply = raw(server, right, route, fields)
    assert reply.status >= 400 or fields == ["Expect: something"], reply
    check_is_json(reply)


@pytest.mark.parametrize("request_line", [
    b"", b"\x16\x03\x01\x02\x00", b"GET", b"GET /api", b"GET /api HTTP/3.0", b"get /api HTTP/1.1",
    b"GET  /api HTTP/1.1", b"GET http://example.com/api HTTP/1.1", b"CONNECT a:1 HTTP/1.1",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1", b"GET * HTTP/1.1"])
def test_what_is_hardly_http(server, request_line):
    with RawConnection(server) as connection:
        connection.try_send(request_line + b"\r\nHost: a\r\n\r\n")
        reply = connection.reply()
    assert reply is not None
    check_is_json(reply)


def test_a_draining_server(own_server):
    """Requests that were under way when the drain began are answered, others told or cut off."""
    session = Api(own_server).log_in_as(person("nadia.brandt")).session
    head = ("PUT /api/v24.3/objects/users HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n"
            f"Authorization: {session}\r\nContent-Length: 26\r\n"
            "Expect: 100-continue\r\n\r\n").encode()
    body = b"id,site__v\n30001,drained\n\n"
    with RawConnection(own_server) as running, RawConnection(own_server) as late:
        running.send(head)
        assert running.reply().status == 100
        running.send(body[:5])
        late.send(head[:20])
        process = own_server.process
        process.send_signal(signal.SIGTERM)
        assert own_server.log_lines("drain") or own_server.log_lines("stop")
        try:
            told = late.reply() if late.try_send(head[20:] + body) else None
        except ConnectionResetError:
            told = None
        if told is not None:
            assert told.status == 503
            check_is_json(told)
        running.send(body[5:])
        assert check_is_json(running.reply())["responseStatus"] == "SUCCESS"
    assert process.wait(30) == 0
    own_server.stop()


# --- formats that were rightly asked for ----------------------------------------------------------


def as_xml_tree(name, value):
    """What the mapping of 1.12 makes of a JSON value: [(element, text or children)]."""
    if isinstance(value, dict):
        return [(name, [element for key, part in value.items()
                        for element in as_xml_tree(key, part)])]
    if isinstance(value, list):
        if value and all(isinstance(item, dict) and len(item) == 1 for item in value):
            return [(name, [element for item in value for key, part in item.items()
                            for element in as_xml_tree(key, part)])]
        return [element for item in value for element in as_xml_tree(name, item)]
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    return [(name, "" if value is None else str(value))]


def read_xml_tree(element):
    children = [read_xml_tree(child) for child in element]
    return element.tag, children or (element.text or "")


def same(one, other):
    """An empty object and an empty text look alike in XML."""
    if one[1] in ("", []) and other[1] in ("", []):
        return one[0] == other[0]
    if isinstance(one[1], str) or isinstance(other[1], str):
        return one == other
    return one[0] == other[0] and len(one[1]) == len(other[1]) and all(
        same(first, second) for first, second in zip(one[1], other[1]))


def offered(route):
    """What 1.4 says a call offers, the default first."""
    bulk = route.method in ("PUT", "POST") and route.path.endswith(("/users", "/user__sys"))
    if bulk or route.path.endswith("/undo") or "/audittrail" in route.path and "/metadata/" not in route.path:
        return ("application/json", "text/csv")
    if route.path.endswith("/auth/discovery"):
        return ("application/json",)
    if route.path.endswith("/file"):
        return ("text/csv",)
    if (route.method, route.path) == ("GET", "/api/{version}/objects/users"):
        return ("application/json", "application/xml", "text/csv")  # the export
    return ("application/json", "application/xml")


@every(has_a_version)
def test_each_call_offers_the_formats_of_the_contract(route):
    assert route.formats == offered(route)


@every(lambda route: "application/xml" in route.formats)
def test_xml_says_what_json_says(server, right, route):
    method, path, body, headers = right(route)
    if not keeps_the_session(route):
        headers["Authorization"] = Api(server).log_in_as(person("kim.keeper")).session
    asked = server.request(method, path, body, {**headers, "Accept": "application/xml"})
    assert asked.content_type == XML
    assert asked.text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    root = read_xml_tree(xml.etree.ElementTree.fromstring(asked.text))
    assert root[0] == "response"
    assert root[1][0] == ("responseStatus", asked.headers["X-VaultAPI-Status"])
    if method == "GET":
        envelope = server.request(method, path, body, headers).json
        (expected,) = as_xml_tree("response", envelope)
        assert same(root, expected), (root, expected)


@pytest.mark.parametrize("accept, expected", [
    ("text/csv", ["text/csv"]), ("text/csv;q=0.9, application/json;q=0.8", ["text/csv"]),
    ("text/csv;q=0.5, application/json", ["application/json"]), ("*/*", []),
    ("text/*", ["text/csv"]), ("application/xml", ["application/xml"]), ("application/*", []),
    ("application/xml;q=0.2, text/csv;q=0.1, text/html", ["application/xml", "text/csv"]),
    ("text/html", [])])
@every(has_a_version, keeps_the_session)
def test_the_best_of_what_is_offered_is_sent(server, right, route, accept, expected):
    method, path, body, headers = right(route)
    reply = server.request(method, path, body, {**headers, "Accept": accept})
    if reply.headers["X-VaultAPI-Status"] != "SUCCESS" and reply.content_type != XML:
        check_is_json(reply)
        return
    wanted = next((each for each in expected if each in route.formats), route.formats[0])
    assert reply.content_type == f"{wanted};charset=UTF-8"
