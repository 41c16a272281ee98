"""URL and version, headers, content types, Accept, envelope: what holds for every call."""

import re

import pytest

from vault_client import Api, failure, only_row, person, result_rows

JSON = "application/json;charset=UTF-8"
CSV = "text/csv;charset=UTF-8"

ALL_VERSIONS = [f"v{major}.0" for major in range(7, 17)] + [
    f"v{major}.{minor}" for major in range(17, 26) for minor in (1, 2, 3)] + ["v26.1", "v26.2"]


# --- versions and paths -----------------------------------------------------------------------


def test_the_list_of_versions_names_every_version_oldest_first(nobody, server):
    reply = server.get("/api/")
    assert reply.json["responseStatus"] == "SUCCESS"
    values = reply.json["values"]
    assert list(values) == ALL_VERSIONS
    assert values == {version: f"{server.url}/api/{version}" for version in ALL_VERSIONS}


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v24.3", "/api/v24.3/", "/api/v7.0"])
def test_the_list_of_versions_is_at_each_of_its_addresses(server, path):
    assert server.get(path).json["values"]["v24.3"] == f"{server.url}/api/v24.3"


def test_the_listed_urls_repeat_the_host_that_the_client_called(server):
    reply = server.get("/api/", {"Host": "Users.Example.com:8443"})
    assert reply.json["values"]["v24.3"] == "http://Users.Example.com:8443/api/v24.3"


def test_forwarded_host_of_an_unknown_proxy_is_not_believed(server):
    reply = server.get("/api/", {"X-Forwarded-Host": "evil.example.net",
                                 "X-Forwarded-Proto": "https"})
    assert reply.json["values"]["v24.3"] == f"{server.url}/api/v24.3"


def test_the_version_list_with_a_session_names_vault_and_user(server, nadia):
    reply = server.get("/api/v24.3", {"Authorization": nadia.session})
    assert reply.headers["X-VaultAPI-VaultId"] == "3003"
    assert reply.headers["X-VaultAPI-UserId"] == "25001"


def test_the_version_list_refuses_a_dead_session(server):
    assert failure(server.get("/api/", {"Authorization": "F" * 128})) == "INVALID_SESSION_ID"


@pytest.mark.parametrize("version", ALL_VERSIONS + ["25.2", "24.3"])
def test_a_session_works_in_every_version(nadia, version):
    reply = Api(nadia.server, nadia.session, version).get("/objects/users/me")
    assert reply.json["users"][0]["user"]["id"] == 25001


@pytest.mark.parametrize("version", ["v12.0", "v16.0", "v23.3", "v26.2", "25.2"])
def test_bulk_update_exists_from_version_12(nadia, target, version):
    api = Api(nadia.server, nadia.session, version)
    reply = api.put_users_json([{"id": target, "user_title__v": version}])
    assert only_row(reply) == ("SUCCESS", str(target), [])


@pytest.mark.parametrize("version", ["v7.0", "v11.0"])
def test_bulk_update_does_not_exist_below_version_12(nadia, target, version):
    api = Api(nadia.server, nadia.session, version)
    reply = api.put_users_json([{"id": target, "user_title__v": version}])
    assert failure(reply) == "METHOD_NOT_SUPPORTED"
    assert nadia.user(target)["user_title__v"] == "Title before"


@pytest.mark.parametrize("version", [
    "v99.9", "latest", "v6.0", "v16.1", "v17.0", "v17.4", "v26.3", "V24.3", "v24", "v24.3.1",
    "24", "v024.3", "v24.03"])
def test_a_version_that_never_was_is_a_malformed_url(nadia, version):
    reply = Api(nadia.server, nadia.session, version).get("/objects/users/me")
    assert failure(reply) == "MALFORMED_URL"


@pytest.mark.parametrize("path", [
    "/", "/index.html", "/apis", "/api/v24.3/objects", "/api/v24.3/objects/user",
    "/api/v24.3/Objects/users", "/api/v24.3/objects/users/me/nothing",
    "/api/v24.3//objects/users", "/api//v24.3/objects/users", "//api/v24.3/objects/users",
    "/api/v24.3/objects/users//", "/api/v24.3/objects/users/../users", "/api/v24.3/%2e%2e/x",
    "/api/v24.3/objects%2Fusers"])
def test_an_unknown_path_is_a_malformed_url(server, nadia, path):
    reply = server.get(path, {"Authorization": nadia.session})
    assert (reply.status, failure(reply)) == (200, "MALFORMED_URL")


@pytest.mark.parametrize("path", ["/objects/users", "/objects/users/me",
                                  "/metadata/objects/users"])
def test_one_trailing_slash_is_ignored(nadia, path):
    assert nadia.get(path + "/").json == nadia.get(path).json


@pytest.mark.parametrize("method, path", [
    ("PATCH", "/objects/users"), ("DELETE", "/objects/users"),
    ("POST", "/metadata/objects/users"), ("PUT", "/metadata/objects/users"),
    ("GET", "/auth"), ("PUT", "/auth"), ("GET", "/keep-alive"), ("GET", "/session"),
    ("POST", "/session"), ("POST", "/audittrail/domain_audit_trail")])
def test_a_known_path_with_a_wrong_verb_says_so(nadia, method, path):
    reply = nadia.call(method, path)
    assert (reply.status, failure(reply)) == (200, "METHOD_NOT_SUPPORTED")


def test_unknown_query_parameters_are_ignored(nadia):
    plain = nadia.get("/objects/users?limit=2")
    assert nadia.get("/objects/users?limit=2&offset=7&status__v=active&x").json == plain.json


# --- authorization ----------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer ", "BEARER "])
def test_the_session_id_goes_bare_or_as_bearer(nadia, prefix):
    reply = Api(nadia.server).get("/objects/users/me", {"Authorization": prefix + nadia.session})
    assert reply.json["responseStatus"] == "SUCCESS"


@pytest.mark.parametrize("path", ["/objects/users", "/objects/users/me", "/objects/users/25001",
                                  "/metadata/objects/users", "/audittrail/domain_audit_trail",
                                  "/audittrail/login_audit_trail"])
def test_a_call_without_a_session_is_refused(nobody, path):
    reply = nobody.get(path)
    assert (reply.status, failure(reply)) == (200, "INVALID_SESSION_ID")


def variants_of(session):
    return {
        "empty": "", "one short": session[:-1], "one long": session + "A",
        "lower case": session.lower(), "changed": ("0" if session[0] != "0" else "1") + session[1:],
        "basic": "Basic " + session, "twice bearer": "Bearer Bearer " + session,
        "quoted": f'"{session}"', "shortened form": session[:8] + "*", "token": "Token " + session,
    }


@pytest.mark.parametrize("variant", list(variants_of("A" * 128)))
def test_anything_but_the_exact_session_id_is_refused(nadia, variant):
    header = variants_of(nadia.session)[variant]
    reply = Api(nadia.server).get("/objects/users/me", {"Authorization": header})
    assert failure(reply) == "INVALID_SESSION_ID"


def test_a_session_in_query_or_cookie_is_not_looked_at(nobody, nadia):
    reply = nobody.get(f"/objects/users/me?sessionId={nadia.session}&Authorization={nadia.session}",
                       {"Cookie": f"Authorization={nadia.session}; session={nadia.session}"})
    assert failure(reply) == "INVALID_SESSION_ID"


def test_an_unauthenticated_bulk_update_changes_nothing(nobody, nadia, target):
    reply = nobody.put_users_json([{"id": target, "user_title__v": "Stranger"}])
    assert failure(reply) == "INVALID_SESSION_ID"
    assert nadia.user(target)["user_title__v"] == "Title before"


# --- response headers ---------------------------------------------------------------------------


UUID_V7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.mark.parametrize("path, status", [("/objects/users/me", "SUCCESS"),
                                          ("/objects/nothing", "FAILURE"),
                                          ("/objects/users/999", "FAILURE")])
def test_every_answer_carries_the_standard_headers(nadia, path, status):
    reply = nadia.get(path)
    assert re.fullmatch(UUID_V7, reply.headers["X-VaultAPI-ExecutionId"])
    assert reply.headers["X-VaultAPI-Status"] == reply.json["responseStatus"] == status
    assert reply.headers["X-VaultAPI-BurstLimit"] == "2000"
    assert reply.headers["X-VaultAPI-BurstLimitRemaining"] == "2000"
    assert reply.headers["Content-Type"] == JSON
    assert reply.headers["Content-Length"] == str(len(reply.body))


def test_execution_ids_never_repeat(nadia):
    ids = [nadia.get("/objects/users/me").headers["X-VaultAPI-ExecutionId"] for _ in range(50)]
    assert len(set(ids)) == 50


def test_a_call_with_a_session_names_vault_user_and_short_session(nadia):
    headers = nadia.get("/objects/users/me").headers
    assert headers["X-VaultAPI-VaultId"] == "3003"
    assert headers["X-VaultAPI-UserId"] == "25001"
    assert headers["X-VaultAPI-TruncatedSessionId"] == nadia.session[:8] + "*"


def test_a_call_without_a_session_names_none_of_them(server):
    headers = server.get("/api/").headers
    for name in ("VaultId", "UserId", "TruncatedSessionId", "ReferenceId", "ResponseDelay",
                 "DowntimeExpectedDurationMinutes"):
        assert f"X-VaultAPI-{name}" not in headers


@pytest.mark.parametrize("version, expected", [("v20.3", "999999"), ("v9.0", "999999"),
                                               ("v21.1", None), ("v24.3", None)])
def test_daily_limits_are_shown_to_old_versions_only(nadia, version, expected):
    headers = Api(nadia.server, nadia.session, version).get("/objects/users/me").headers
    assert headers.get("X-VaultAPI-DailyLimit") == expected
    assert headers.get("X-VaultAPI-DailyLimitRemaining") == expected


@pytest.mark.parametrize("name", ["X-VaultAPI-ReferenceId", "X-VaultAPI-ReferenceID",
                                  "x-vaultapi-referenceid"])
def test_a_reference_id_is_echoed(nadia, name):
    reply = nadia.get("/objects/users/me", {name: "nightly sync #7 / row 12"})
    assert reply.headers["X-VaultAPI-ReferenceId"] == "nightly sync #7 / row 12"


def test_a_reference_id_is_echoed_on_failures_and_logins_too(nobody):
    headers = {"X-VaultAPI-ReferenceId": "ref-1"}
    assert nobody.get("/nothing", headers).headers["X-VaultAPI-ReferenceId"] == "ref-1"
    assert nobody.login("nobody@example.com", "x", headers=headers
                        ).headers["X-VaultAPI-ReferenceId"] == "ref-1"


@pytest.mark.parametrize("length, echoed", [(255, True), (256, False)])
def test_a_reference_id_has_at_most_255_characters(nadia, length, echoed):
    reply = nadia.get("/objects/users/me", {"X-VaultAPI-ReferenceId": "r" * length})
    assert reply.headers.get("X-VaultAPI-ReferenceId") == ("r" * length if echoed else None)


def test_a_reference_id_with_other_than_ascii_is_dropped(server, nadia):
    reply = nadia.get("/objects/users/me", {"X-VaultAPI-ReferenceId": "tab\there"})
    assert "X-VaultAPI-ReferenceId" not in reply.headers


@pytest.mark.parametrize("query, header, logged", [
    ("", None, "unknown"),
    ("", "example-hr-sync_1.0", "example-hr-sync_1.0"),
    ("?client_id=from.query", None, "from.query"),
    ("?client_id=from.query", "from-header", "from.query"),
    ("", "C" * 100, "C" * 100),
    ("", "C" * 101, "invalid_client_id"),
    ("", "no blanks", "invalid_client_id"),
    ("?client_id=x%0d%0ay", None, "invalid_client_id"),
])
def test_the_client_id_is_logged_and_never_stops_a_call(nadia, query, header, logged):
    headers = {"X-VaultAPI-ClientID": header} if header else {}
    reply = nadia.get("/objects/users/me" + query, headers)
    assert reply.json["responseStatus"] == "SUCCESS"
    (line,) = nadia.server.log_lines(reply.headers["X-VaultAPI-ExecutionId"])
    assert logged in line


# --- Accept -------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept, expected", [
    (None, JSON), ("*/*", JSON), ("application/json", JSON), ("text/csv", CSV),
    ("TEXT/CSV", CSV), ("text/*", CSV), ("application/*", JSON),
    ("text/csv, application/json", JSON), ("application/json, text/csv", JSON),
    ("text/csv;q=0.5, application/json", JSON), ("application/json;q=0.5, text/csv", CSV),
    ("text/csv;q=0.9, application/json;q=0.8, */*;q=0.1", CSV),
    ("text/html, text/csv;q=0.1", CSV), ("text/csv;q=0", JSON), ("text/csv;q=0, */*", JSON),
    ("application/json;q=0, */*", CSV), ("text/csv;charset=utf-8", CSV),
    ("application/pdf", JSON), ("nonsense", JSON), ("", JSON), ("text/csv;q=2", CSV),
])
def test_bulk_answers_follow_accept(nadia, target, accept, expected):
    reply = nadia.put_users_json([{"id": target}], accept=accept)
    assert (reply.status, reply.content_type) == (200, expected)
    assert only_row(reply) == ("SUCCESS", str(target), [])


@pytest.mark.parametrize("accept", ["text/csv", "text/csv;q=1, */*;q=0", "application/pdf",
                                    "application/xml"])
def test_a_whole_request_failure_is_json_whatever_was_asked_for(nadia, accept):
    assert failure(nadia.put_users_json("[{]", accept=accept)) == "INVALID_DATA"
    assert failure(nadia.put_users_csv("", accept=accept)) == "PARAMETER_REQUIRED"
    assert failure(nadia.put_users_csv("nonsense\n", accept=accept))


def test_a_refused_session_is_json_whatever_was_asked_for(nobody):
    reply = nobody.put_users_csv("id\n25003\n", accept="text/csv")
    assert (reply.status, failure(reply)) == (200, "INVALID_SESSION_ID")


@pytest.mark.parametrize("accept", ["text/html", "text/csv", "*/*;q=0"])
def test_what_is_not_offered_is_answered_in_json_never_refused(nadia, accept):
    reply = nadia.get("/objects/users/me", {"Accept": accept})
    assert (reply.status, reply.content_type) == (200, JSON)
    assert reply.json["users"][0]["user"]["id"] == 25001


# --- Content-Type -------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", [
    "text/csv", "text/csv; charset=UTF-8", "text/csv;charset=utf-8", "TEXT/CSV",
    'text/csv; charset="utf-8"', "text/csv; charset=us-ascii", "text/csv; header=present", None])
def test_a_csv_body_is_recognised(nadia, target, content_type):
    reply = nadia.put_users(f"id,site__v\n{target},{content_type}\n", content_type)
    assert only_row(reply) == ("SUCCESS", str(target), [])


@pytest.mark.parametrize("content_type", [
    "application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", None])
@pytest.mark.parametrize("blanks", ["", " \r\n\t"])
def test_a_json_body_is_recognised(nadia, target, content_type, blanks):
    reply = nadia.put_users(blanks + '[{"id":%d}]' % target, content_type)
    assert only_row(reply) == ("SUCCESS", str(target), [])


@pytest.mark.parametrize("content_type", [
    "text/csv; charset=iso-8859-1", "text/csv;charset=utf-16",
    "application/json; charset=windows-1252"])
def test_another_charset_is_refused(nadia, target, content_type):
    reply = nadia.put_users(f"id\n{target}\n", content_type)
    assert failure(reply) == "INVALID_DATA"


@pytest.mark.parametrize("content_type", [
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
    "application/xml", "application/vnd.ms-excel"])
def test_another_body_type_is_refused_and_the_answer_names_the_two_that_work(nadia, target,
                                                                              content_type):
    reply = nadia.put_users(f"id\n{target}\n", content_type)
    assert failure(reply) == "INVALID_DATA"
    message = reply.json["errors"][0]["message"]
    assert "text/csv" in message and "application/json" in message


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP"])
def test_a_compressed_body_is_refused(nadia, target, encoding):
    reply = nadia.put_users_csv(f"id\n{target}\n", headers={"Content-Encoding": encoding})
    assert failure(reply) == "INVALID_DATA"


def test_content_encoding_identity_is_no_compression(nadia, target):
    reply = nadia.put_users_csv(f"id\n{target}\n", headers={"Content-Encoding": "identity"})
    assert only_row(reply)[0] == "SUCCESS"


# --- envelope -----------------------------------------------------------------------------------


def test_a_failure_carries_its_message_twice_as_clients_read_either(nobody):
    envelope = nobody.get("/objects/users/me").json
    assert list(envelope) == ["responseStatus", "responseMessage", "errors"]
    assert envelope["responseMessage"] == envelope["errors"][0]["message"]


def test_the_envelope_succeeds_though_every_record_failed(nadia):
    reply = nadia.put_users_json([{"id": 999001}, {"id": 999002}])
    assert reply.headers["X-VaultAPI-Status"] == "SUCCESS"
    assert [row[0] for row in result_rows(reply)] == ["FAILURE", "FAILURE"]


def test_date_times_have_three_decimals_in_user_objects(nadia):
    user = nadia.user(person("nadia.brandt").id)
    for name in ("created_date__v", "modified_date__v", "last_login__v"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", user[name])
