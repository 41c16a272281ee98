"""Life of a session: keep-alive, end, disabled users, restarts."""

import pytest

from vault_client import Api, failure, person


def test_keep_alive_answers_success(nadia):
    reply = nadia.call("POST", "/keep-alive")
    assert reply.json == {"responseStatus": "SUCCESS"}
    assert reply.headers["X-VaultAPI-UserId"] == "25001"


def test_keep_alive_without_a_session_is_refused(nobody):
    assert failure(nobody.call("POST", "/keep-alive")) == "INVALID_SESSION_ID"


def test_an_ended_session_is_dead_everywhere(server):
    dan = Api(server).log_in_as(person("dan.document"))
    assert dan.call("DELETE", "/session").json == {"responseStatus": "SUCCESS"}
    assert failure(dan.call("DELETE", "/session")) == "INVALID_SESSION_ID"
    assert failure(dan.call("POST", "/keep-alive")) == "INVALID_SESSION_ID"
    assert failure(dan.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert failure(server.get("/api/", {"Authorization": dan.session})) == "INVALID_SESSION_ID"


def test_ending_a_session_is_written_to_the_login_trail(server, nadia):
    eric = Api(server).log_in_as(person("eric.external"))
    eric.call("DELETE", "/session")
    rows = nadia.audit("login_audit_trail", "?limit=2")["data"]
    assert [(row["user_name"], row["type"], row["status"]) for row in rows] == [
        ("eric.external@example.com", "User Logout", "Success"),
        ("eric.external@example.com", "User Login", "Success")]


def test_disabling_a_user_ends_all_its_sessions_at_once(server, nadia):
    who = person("vic.viewer")
    sessions = [Api(server).log_in_as(who) for _ in range(2)]
    nadia.put_users_json([{"id": who.id, "domain_active__v": False}])
    for session in sessions:
        assert failure(session.get("/objects/users/me")) == "INVALID_SESSION_ID"
    nadia.put_users_json([{"id": who.id, "domain_active__v": True,
                           "vault_membership": "3003:true"}])
    for session in sessions:
        assert failure(session.get("/objects/users/me")) == "INVALID_SESSION_ID"


def test_losing_the_sessions_vault_ends_access(server, nadia):
    who = person("rita.reader")
    rita = Api(server).log_in_as(who)
    nadia.put_users_json([{"id": who.id, "vault_membership": "3003:false"}])
    assert failure(rita.get("/objects/users/me")) in ("INVALID_SESSION_ID", "INSUFFICIENT_ACCESS")


def test_a_rename_keeps_the_session_alive(server, nadia):
    who = person("dan.document")
    dan = Api(server).log_in_as(who)
    nadia.put_users_json([{"id": who.id, "user_name__v": "daniel.document@example.com"}])
    assert dan.user("me")["user_name__v"] == "daniel.document@example.com"
    renamed = Api(server).login("daniel.document@example.com", who.password)
    assert renamed.json["userId"] == who.id


def test_rights_follow_the_user_not_the_login(server, nadia, target):
    who = person("bob.business")
    bob = Api(server).log_in_as(who)
    change = [{"id": target, "user_title__v": "By Bob"}]
    assert failure(bob.put_users_json(change)) == "INSUFFICIENT_ACCESS"
    nadia.put_users_json([{"id": who.id, "vault_membership": "3003:true:system_admin__v"}])
    assert bob.put_users_json(change).json["data"][0]["responseStatus"] == "SUCCESS"
    nadia.put_users_json([{"id": who.id, "vault_membership": "3003:true:business_admin__v"}])
    assert failure(bob.put_users_json(change)) == "INSUFFICIENT_ACCESS"


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_sessions_survive_the_end_of_the_server(own_server, how):
    kim = Api(own_server).log_in_as(person("kim.keeper"))
    gone = Api(own_server).log_in_as(person("kim.keeper"))
    gone.call("DELETE", "/session")
    getattr(own_server, how)()
    own_server.start()
    assert kim.user("me")["id"] == person("kim.keeper").id
    assert failure(gone.get("/objects/users/me")) == "INVALID_SESSION_ID"
