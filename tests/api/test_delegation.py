"""Acting for somebody else (protocol 4.8). The seed lets Dan act for Sara (a System Admin) in vault
Quality and for Vera in vault Clinical; two more grants of his cannot be used: an inactive user's and
an inactive vault's."""

import pytest

from muster_server import form
from vault_client import Api, failure, person, result_rows

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SARA, DAN, VERA = (person(name).id for name in ("sara.quality", "dan.document", "vera.vaults"))


def delegate(api, **fields):
    return api.call("POST", "/delegation/login", form(fields), FORM)


@pytest.fixture
def as_sara(log_in, server):
    """Dan's session in which he acts for Sara."""
    reply = delegate(log_in("dan.document"), vault_id=3003, delegator_userid=SARA)
    assert set(reply.json) == {"responseStatus", "delegated_sessionid"}, reply
    assert reply.json["responseStatus"] == "SUCCESS"
    server.secrets.add(reply.json["delegated_sessionid"])
    return Api(server, reply.json["delegated_sessionid"])


def test_the_vaults_somebody_lets_me_act_in(log_in):
    assert log_in("dan.document").get("/delegation/vaults").json == {
        "responseStatus": "SUCCESS",
        "delegated_vaults": [
            {"id": 3003, "name": "Quality", "dns": "quality.example.com",
             "delegator_userid": str(SARA)},
            {"id": 4112, "name": "Clinical", "dns": "clinical.example.com",
             "delegator_userid": str(VERA)}]}


def test_without_grants_there_are_no_vaults(log_in):
    assert log_in("sara.quality").get("/delegation/vaults").json == {
        "responseStatus": "SUCCESS", "delegated_vaults": []}


def test_a_delegated_session_has_the_rights_of_the_delegator(log_in, as_sara, target):
    change = [{"id": target, "user_title__v": "By Dan for Sara"}]
    assert failure(log_in("dan.document").put_users_json(change)) == "INSUFFICIENT_ACCESS"
    assert result_rows(as_sara.put_users_json(change)) == [("SUCCESS", str(target), [])]
    me = as_sara.user("me")
    assert (me["id"], me["delegate_user_id"]) == (SARA, DAN)


def test_the_session_runs_in_the_granted_vault(log_in, server):
    reply = delegate(log_in("dan.document"), vault_id=4112, delegator_userid=VERA)
    session = reply.json["delegated_sessionid"]
    server.secrets.add(session)
    reply = Api(server, session).get("/objects/users/me")
    assert reply.headers["X-VaultAPI-VaultId"] == "4112"
    assert reply.headers["X-VaultAPI-UserId"] == str(VERA)


def test_audit_rows_name_who_acted_and_for_whom(nadia, as_sara, target):
    as_sara.put_users_json([{"id": target, "user_title__v": "Audited"}])
    (row,) = nadia.audit_rows_of(f"crowd.{target - 30001}@example.com")
    assert row["user_name"] == "dan.document@example.com"
    assert row["on_behalf_of"] == "sara.quality@example.com"


def test_the_login_is_in_the_login_trail(nadia, as_sara):
    row = next(row for row in nadia.audit("login_audit_trail", "?limit=10")["data"]
               if row["type"] == "Delegated Login")
    assert (row["user_name"], row["status"]) == ("dan.document@example.com", "Success")
    assert row["source_ip"]


def test_a_delegated_session_begins_no_other(as_sara):
    assert failure(delegate(as_sara, vault_id=3003, delegator_userid=SARA)) == (
        "OPERATION_NOT_ALLOWED")


@pytest.mark.parametrize("vault, delegator", [
    (4112, SARA), (3003, VERA), (3003, person("nadia.brandt").id), (3003, 999999), (9999, SARA),
    (3003, person("ina.inactive").id), (6001, VERA), (3003, DAN)])
def test_nobody_acts_without_a_usable_grant(log_in, vault, delegator):
    reply = delegate(log_in("dan.document"), vault_id=vault, delegator_userid=delegator)
    assert failure(reply) == "INSUFFICIENT_ACCESS"


def test_a_grant_is_to_one_person(log_in):
    reply = delegate(log_in("bob.business"), vault_id=3003, delegator_userid=SARA)
    assert failure(reply) == "INSUFFICIENT_ACCESS"


@pytest.mark.parametrize("fields, expected", [
    ({}, "PARAMETER_REQUIRED"), ({"vault_id": 3003}, "PARAMETER_REQUIRED"),
    ({"delegator_userid": SARA}, "PARAMETER_REQUIRED"),
    ({"vault_id": "", "delegator_userid": SARA}, "PARAMETER_REQUIRED"),
    ({"vault_id": "Quality", "delegator_userid": SARA}, "INVALID_DATA"),
    ({"vault_id": 3003, "delegator_userid": "-1"}, "INVALID_DATA")])
def test_both_parameters_are_needed(log_in, fields, expected):
    assert failure(delegate(log_in("dan.document"), **fields)) == expected


def test_without_a_session_nothing_is_delegated(nobody):
    assert failure(nobody.get("/delegation/vaults")) == "INVALID_SESSION_ID"
    assert failure(delegate(nobody, vault_id=3003, delegator_userid=SARA)) == "INVALID_SESSION_ID"


def test_a_delegated_session_changes_no_passwords(as_sara, target):
    fields = form({"password__v": person("sara.quality").password,
                   "new_password__v": "Another-Pass-1"})
    assert failure(as_sara.call("POST", "/objects/users/me/password", fields, FORM)) == (
        "OPERATION_NOT_ALLOWED")
    reply = as_sara.server.request("POST", f"/muster/v1/users/{target}/password",
                                   form({"new_password__v": "Another-Pass-1"}),
                                   {**FORM, "Authorization": as_sara.session})
    assert failure(reply) == "OPERATION_NOT_ALLOWED"


def test_a_delegated_session_leaves_the_delegators_account_alone(nadia, as_sara):
    before = nadia.user(SARA)
    assert result_rows(as_sara.put_users_json([{"id": SARA, "user_title__v": "By Dan"}])) == [
        ("FAILURE", str(SARA), ["OPERATION_NOT_ALLOWED"])]
    reply = as_sara.call("PUT", "/objects/users/me", form({"user_title__v": "By Dan"}), FORM)
    assert failure(reply) == "OPERATION_NOT_ALLOWED"
    assert nadia.user(SARA) == before


@pytest.mark.parametrize("change", [
    {"user_title__v": "Mine"}, {"vault_membership": "3003:true:system_admin__v"},
    {"security_profile__v": "system_admin__v"}, {"active__v": True}])
def test_a_delegated_session_leaves_the_delegates_account_alone(nadia, as_sara, change):
    """What Sara lent Dan is for her work, not for raising himself with it."""
    before = nadia.user(DAN)
    assert result_rows(as_sara.put_users_json([{"id": DAN, **change}])) == [
        ("FAILURE", str(DAN), ["INSUFFICIENT_ACCESS"])]
    assert failure(as_sara.call("PUT", f"/objects/users/{DAN}", form(change), FORM)) == (
        "INSUFFICIENT_ACCESS")
    assert nadia.user(DAN) == before


def test_a_delegated_session_gives_the_delegate_no_membership(nadia, as_sara):
    before = nadia.user(DAN)
    for fields in ({"security_profile__v": "system_admin__v"}, {"active__v": "false"}, {}):
        reply = as_sara.call("PUT", f"/objects/users/{DAN}/vault_membership/3003", form(fields),
                             FORM)
        assert failure(reply) == "INSUFFICIENT_ACCESS"
    fields = {"user_name__v": before["user_name__v"]}
    assert failure(as_sara.call("POST", "/objects/users", form(fields), FORM)) == (
        "INSUFFICIENT_ACCESS")
    assert failure(as_sara.call("DELETE", f"/objects/users/{DAN}")) == "INSUFFICIENT_ACCESS"
    assert nadia.user(DAN) == before


def test_what_a_delegate_may_do_for_himself_he_does_in_his_own_session(log_in, as_sara):
    assert failure(as_sara.call("PUT", f"/objects/users/{DAN}", form({"site__v": "Berlin"}),
                                FORM)) == "INSUFFICIENT_ACCESS"
    reply = log_in("dan.document").call("PUT", "/objects/users/me", form({"site__v": "Berlin"}),
                                        FORM)
    assert reply.json == {"responseStatus": "SUCCESS", "id": DAN}


def test_it_ends_like_any_other_session(log_in, as_sara):
    assert as_sara.call("DELETE", "/session").json == {"responseStatus": "SUCCESS"}
    assert failure(as_sara.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert log_in("dan.document").user("me")["id"] == DAN


def test_it_ends_when_the_delegator_is_disabled(nadia, log_in, server):
    vic, eric = person("vic.viewer"), log_in("eric.external")
    session = delegate(eric, vault_id=3003, delegator_userid=vic.id).json["delegated_sessionid"]
    server.secrets.add(session)
    acting = Api(server, session)
    assert acting.user("me")["id"] == vic.id
    nadia.put_users_json([{"id": vic.id, "domain_active__v": False}])
    assert failure(acting.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert eric.get("/delegation/vaults").json["delegated_vaults"] == []


def test_it_survives_a_restart(own_server):
    dan = Api(own_server).log_in_as(person("dan.document"))
    session = delegate(dan, vault_id=3003, delegator_userid=SARA).json["delegated_sessionid"]
    own_server.secrets.add(session)
    own_server.kill()
    own_server.start()
    assert Api(own_server, session).user("me")["delegate_user_id"] == DAN
