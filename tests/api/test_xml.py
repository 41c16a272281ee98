"""XML answers and how a client gets them (protocol 1.4, 1.12)."""

import xml.etree.ElementTree as ElementTree

import pytest

from vault_client import Api, failure, person

JSON = "application/json;charset=UTF-8"
XML = "application/xml;charset=UTF-8"
WANTED = {"Accept": "application/xml"}


def tree(reply):
    assert reply.content_type == XML, reply
    assert reply.status == 200
    assert reply.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?><response>')
    root = ElementTree.fromstring(reply.body)
    assert root.tag == "response"
    assert reply.headers["X-VaultAPI-Status"] == root.findtext("responseStatus")
    return root


def xml_failure(reply):
    root = tree(reply)
    assert root.findtext("responseStatus") == "FAILURE"
    assert [child.tag for child in root] == ["responseStatus", "responseMessage", "errors"]
    assert root.findtext("errors/message") == root.findtext("responseMessage")
    return root.findtext("errors/type")


def test_a_user_as_xml_says_what_json_says(nadia):
    shown = nadia.get("/objects/users/25001?exclude_vault_membership=false").json["users"][0]
    root = tree(nadia.get("/objects/users/25001?exclude_vault_membership=false", WANTED))
    assert root.findtext("responseStatus") == "SUCCESS"
    (users,) = root.findall("users")
    (user,) = users.findall("user")
    assert user.findtext("user_name__v") == "nadia.brandt@example.com"
    assert user.findtext("is_domain_admin__v") == "true"
    assert [vault.text for vault in user.findall("vault_id__v")] == ["3003", "4112", "5221"]
    assert [entry.findtext("id") for entry in user.findall("vault_membership")] == [
        "3003", "4112", "5221"]
    assert {child.tag for child in user} == {
        key for key, value in shown["user"].items() if value != []}


def test_a_list_is_one_element_that_holds_the_users(nadia):
    root = tree(nadia.get("/objects/users?limit=3", WANTED))
    assert root.findtext("limit") == "3"
    assert [child.tag for child in root.find("users")] == ["user"] * 3


def test_text_comes_through_escaping_unharmed(nadia, target):
    title = "R&D <\"Head\"> 'of' ]]> Grüße \U0001F600"
    nadia.put_users_json([{"id": target, "user_title__v": title}])
    root = tree(nadia.get(f"/objects/users/{target}", WANTED))
    assert root.findtext("users/user/user_title__v") == title


def test_a_login_as_xml(nobody):
    who = person("kim.keeper")
    reply = nobody.login(who.user_name, who.password, headers=WANTED)
    root = tree(reply)
    session = root.findtext("sessionId")
    nobody.server.secrets.add(session)
    assert root.findtext("userId") == str(who.id)
    assert root.findtext("vaultIds/id") == "3003"
    assert Api(nobody.server, session).user("me")["id"] == who.id


def test_a_failed_login_as_xml(nobody):
    root = tree(nobody.login("nobody@example.com", "Wrong-Pass-1", headers=WANTED))
    assert root.findtext("errorType") == "AUTHENTICATION_FAILED"
    assert root.findtext("errors/type") == "USERNAME_OR_PASSWORD_INCORRECT"


@pytest.mark.parametrize("path, expected", [
    ("/objects/users/999999", "USER_NOT_FOUND"), ("/objects/users/abc", "INVALID_DATA"),
    ("/objects/users?sort=nickname", "INVALID_DATA")])
def test_failures_are_xml_where_xml_was_asked_for(nadia, path, expected):
    assert xml_failure(nadia.get(path, WANTED)) == expected
    assert failure(nadia.get(path)) == expected


def test_a_dead_session_is_told_in_the_format_asked_for(nobody):
    assert xml_failure(nobody.get("/objects/users/me", WANTED)) == "INVALID_SESSION_ID"


def test_an_unknown_path_offers_nothing_and_answers_json(nadia):
    assert failure(nadia.get("/objects/nothing", WANTED)) == "MALFORMED_URL"


@pytest.mark.parametrize("accept, expected", [
    (None, JSON), ("*/*", JSON), ("application/xml", XML), ("application/json", JSON),
    ("application/*", JSON), ("application/xml;q=0.5, application/json;q=0.4", XML),
    ("application/xml;q=0.5, application/json", JSON), ("application/xml, */*;q=0.1", XML),
    ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", XML),
    ("text/csv", JSON), ("application/xml;q=0", JSON), ("nonsense", JSON)])
def test_the_best_match_of_accept_wins(nadia, accept, expected):
    headers = {} if accept is None else {"Accept": accept}
    assert nadia.get("/metadata/objects/users", headers).content_type == expected


@pytest.mark.parametrize("path", ["/api/", "/api/v24.3"])
def test_the_versions_as_xml(server, path):
    root = tree(server.get(path, WANTED))
    assert root.findtext("values/v24.3") == f"{server.url}/api/v24.3"


def test_bulk_calls_know_no_xml(nadia, target):
    body = [{"id": target, "user_title__v": "Analyst"}]
    reply = nadia.put_users_json(body, "application/xml")
    assert reply.content_type == JSON
    assert reply.json["data"] == [{"responseStatus": "SUCCESS", "id": str(target)}]
    assert failure(nadia.put_users_json("[", "application/xml")) == "INVALID_DATA"


@pytest.mark.parametrize("path", ["domain_audit_trail", "login_audit_trail"])
def test_audit_details_know_no_xml(nadia, path):
    assert nadia.get(f"/audittrail/{path}", WANTED).content_type == JSON


def test_discovery_knows_no_xml(nobody):
    reply = nobody.call("POST", "/auth/discovery?username=x@example.com", headers=WANTED)
    assert reply.content_type == JSON
    assert reply.json["data"] == {"auth_type": "password"}
