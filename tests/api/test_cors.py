"""Calls from pages of another origin (1.10), as a browser makes them: what the pages of a listed
origin may send and read, and that nobody else notices anything."""

import pytest

from conftest import start_copy
from muster_server import MusterServer, RawConnection
from vault_client import Api, failure, only_row, person, write_seed

APP, LOCAL = "https://app.example.com", "http://localhost:3000"
STRANGERS = ["https://evil.example.net", "https://app.example.com.evil.example.net",
             "https://evil.example.net/https://app.example.com", "https://app.example.co",
             "http://app.example.com", "https://app.example.com:8443", "https://APP.example.com",
             "https://app.example.com/", "https://app.example.com, https://evil.example.net",
             f"{APP},{LOCAL}", "null", "*", ""]
SENT_BY_CLIENTS = {"authorization", "content-type", "accept", "x-vaultapi-clientid",
                   "x-vaultapi-referenceid", "x-vaultapi-describequery", "idempotency-key"}


@pytest.fixture(scope="module")
def server(seeded_directory, tmp_path_factory):
    running = start_copy(seeded_directory, tmp_path_factory.mktemp("cors"),
                         arguments=["--cors-origins", f"{APP},{LOCAL}"])
    yield running
    running.stop()


def preflight(server, path, origin=APP, method="PUT", headers="authorization,content-type"):
    return server.request("OPTIONS", path, None, {
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers})


def names(reply, header):
    """A header field that is a list, as a set in lower case."""
    return {name.strip().lower() for name in reply.headers[header].split(",")}


def cors_fields(reply):
    return {name: value for name, value in reply.headers.items()
            if name.lower().startswith("access-control-") or name.lower() == "vary"}


def check_readable(reply, origin=APP):
    """A browser gives this answer to the page, with every header field of 1.8."""
    assert reply.headers.get_all("Access-Control-Allow-Origin") == [origin], reply
    assert reply.headers.get_all("Vary") == ["Origin"]
    assert "Access-Control-Allow-Credentials" not in reply.headers
    sent = {name.lower() for name in reply.headers if name.lower().startswith("x-vaultapi-")}
    assert {"x-vaultapi-executionid", "x-vaultapi-status", "x-vaultapi-burstlimit"} <= sent
    assert sent <= names(reply, "Access-Control-Expose-Headers")
    assert all("*" not in value for value in cors_fields(reply).values())
    return reply


# --- preflight ------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [APP, LOCAL])
@pytest.mark.parametrize("method, path", [
    ("GET", "/api/"), ("POST", "/api/v24.3/auth"), ("PUT", "/api/v24.3/objects/users"),
    ("DELETE", "/api/v24.3/objects/users/25001?domain=true"), ("POST", "/muster/v1/batches/x/undo"),
    ("GET", "/api/v24.3/no/such/call")])
def test_a_preflight_is_answered_204_without_a_session_and_without_a_body(server, method, path,
                                                                           origin):
    reply = preflight(server, path, origin, method)
    assert (reply.status, reply.body) == (204, b"")
    assert "Content-Length" not in reply.headers and "Content-Type" not in reply.headers
    assert reply.headers.get_all("Access-Control-Allow-Origin") == [origin]
    assert names(reply, "Access-Control-Allow-Methods") == {"get", "post", "put", "delete"}
    assert names(reply, "Access-Control-Allow-Headers") == SENT_BY_CLIENTS
    assert reply.headers["Access-Control-Max-Age"] == "600"
    assert reply.headers.get_all("Vary") == ["Origin"]
    assert "Access-Control-Allow-Credentials" not in reply.headers


def test_a_connection_goes_on_after_a_preflight(server, nadia):
    with RawConnection(server) as connection:
        connection.send((
            "OPTIONS /api/v24.3/objects/users/me HTTP/1.1\r\nHost: a\r\nOrigin: " + APP +
            "\r\nAccess-Control-Request-Method: GET\r\n\r\n"
            "GET /api/v24.3/objects/users/me HTTP/1.1\r\nHost: a\r\nOrigin: " + APP +
            "\r\nAuthorization: " + nadia.session + "\r\n\r\n").encode())
        assert connection.reply().status == 204
        assert check_readable(connection.reply()).json["users"][0]["user"]["id"] == 25001


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_preflight_from_another_origin_is_a_wrong_verb_as_ever(server, origin):
    reply = preflight(server, "/api/v24.3/objects/users", origin)
    assert (reply.status, failure(reply)) == (200, "METHOD_NOT_SUPPORTED")
    assert cors_fields(reply) == {}


@pytest.mark.parametrize("headers", [
    {}, {"Access-Control-Request-Method": "GET"}, {"Access-Control-Request-Headers": "accept"}])
def test_options_that_are_no_preflight_are_a_wrong_verb(server, headers):
    reply = server.request("OPTIONS", "/api/v24.3/objects/users", None, headers)
    assert failure(reply) == "METHOD_NOT_SUPPORTED"
    assert cors_fields(reply) == {}
    headers = {"Origin": APP, "Access-Control-Request-Headers": "accept"}
    reply = server.request("OPTIONS", "/api/v24.3/objects/users", None, headers)
    assert failure(check_readable(reply)) == "METHOD_NOT_SUPPORTED"


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [APP, LOCAL])
def test_an_answer_can_be_read_with_its_vault_and_user(nadia, origin):
    reply = check_readable(nadia.get("/objects/users/me", {
        "Origin": origin, "X-VaultAPI-ReferenceId": "page-7"}), origin)
    assert reply.json["users"][0]["user"]["id"] == 25001
    assert {"x-vaultapi-vaultid", "x-vaultapi-userid", "x-vaultapi-truncatedsessionid",
            "x-vaultapi-referenceid"} <= names(reply, "Access-Control-Expose-Headers")
    assert {"Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
            "Access-Control-Max-Age"}.isdisjoint(cors_fields(reply))


def test_the_daily_limits_of_old_versions_can_be_read(nadia):
    reply = Api(nadia.server, nadia.session, "v20.3").get("/objects/users/me", {"Origin": APP})
    assert "x-vaultapi-dailylimit" in names(check_readable(reply), "Access-Control-Expose-Headers")


def test_what_a_page_does_all_day(server, target):
    """Log in, keep alive, change somebody, query, log out."""
    from_page = {"Origin": APP, "X-VaultAPI-ClientID": "example-page"}
    nadia = person("nadia.brandt")
    login = check_readable(Api(server).login(nadia.user_name, nadia.password, headers=from_page))
    api = Api(server, login.json["sessionId"])
    check_readable(api.call("POST", "/keep-alive", headers=from_page))
    put = check_readable(api.put_users_csv(f"id,site__v\n{target},Page\n", headers=from_page))
    assert only_row(put) == ("SUCCESS", str(target), [])
    query = check_readable(api.get(
        "/query?q=SELECT+username__sys+FROM+user__sys+WHERE+id+=+'25001'", from_page))
    assert query.json["responseStatus"] == "SUCCESS"
    check_readable(api.call("DELETE", "/session", headers=from_page))


def test_a_streamed_answer_can_be_read(nadia):
    reply = check_readable(nadia.get("/objects/users", {"Origin": APP, "Accept": "text/csv"}))
    assert reply.text.startswith("id,user_name__v")


@pytest.mark.parametrize("method, path, error", [
    ("GET", "/objects/users/me", "INVALID_SESSION_ID"), ("PUT", "/objects/users", "INVALID_SESSION_ID"),
    ("GET", "/no/such/call", "MALFORMED_URL"), ("PATCH", "/objects/users", "METHOD_NOT_SUPPORTED"),
    ("POST", "/auth", "NO_PASSWORD_PROVIDED")])
def test_a_failure_can_be_read(nobody, method, path, error):
    reply = nobody.call(method, path, "username=nadia.brandt@example.com", {
        "Origin": APP, "Content-Type": "application/x-www-form-urlencoded"})
    assert failure(check_readable(reply)) == error


@pytest.mark.parametrize("line, status", [
    ("Content-Length: 2147483648", 200), ("Transfer-Encoding: gzip", None),
    ("Expect: something", None)])
def test_a_refusal_before_the_body_can_be_read_where_the_header_was(server, line, status):
    """A browser that could not read it would take it for a broken network. Of a header that is
    refused itself nothing is believed, the origin included."""
    with RawConnection(server) as connection:
        connection.send((f"PUT /api/v24.3/objects/users HTTP/1.1\r\nHost: a\r\nOrigin: {APP}\r\n"
                         f"Content-Type: text/csv\r\n{line}\r\n\r\n").encode())
        reply = connection.reply()
    if status is None:
        assert cors_fields(reply) == {}
    else:
        assert check_readable(reply).status == status


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_call_from_another_origin_is_answered_as_ever(nadia, origin):
    plain = nadia.get("/objects/users/me")
    reply = nadia.get("/objects/users/me", {"Origin": origin})
    assert (reply.status, reply.json) == (200, plain.json)
    assert set(reply.headers) == set(plain.headers)
    assert cors_fields(reply) == {}


def test_a_call_without_an_origin_is_answered_as_ever(nadia):
    assert cors_fields(nadia.get("/objects/users/me")) == {}


# --- the setting ----------------------------------------------------------------------------------


def test_nothing_of_it_happens_by_default(own_server):
    reply = preflight(own_server, "/api/v24.3/objects/users")
    assert (reply.status, failure(reply)) == (200, "METHOD_NOT_SUPPORTED")
    assert cors_fields(reply) == {}
    nadia = Api(own_server).log_in_as(person("nadia.brandt"), headers={"Origin": APP})
    assert cors_fields(nadia.get("/objects/users/me", {"Origin": APP})) == {}


@pytest.mark.parametrize("how", ["environment", "file", "table"])
def test_the_origins_may_come_from_elsewhere(tmp_path, how):
    config = tmp_path / "muster.toml"
    config.write_text({"environment": "", "file": f'cors.origins = ["{LOCAL}", "{APP}"]\n',
                       "table": f'[cors]\norigins = "{LOCAL},{APP}"\n'}[how])
    environment = {"MUSTER_CORS_ORIGINS": f"{LOCAL}, {APP}"} if how == "environment" else {}
    with MusterServer(tmp_path / "data", seed=write_seed(tmp_path / "seed.json"),
                      arguments=["--config", config], environment=environment) as server:
        assert preflight(server, "/api/v24.3/auth").status == 204
        assert preflight(server, "/api/v24.3/auth", "https://evil.example.net").status == 200
