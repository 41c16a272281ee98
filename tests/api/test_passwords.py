"""Changing and resetting passwords (protocol 3.9 and section 8)."""

import collections
import concurrent.futures

import pytest

from muster_server import form
from vault_client import (CLINICAL, CLINICAL_FIRST_ID, CROWD_FIRST_ID, SEED, Api, Person, failure,
                          failure_message, person, result_rows)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def change(api, current, wanted, user_id="me"):
    api.server.secrets.update(text for text in (current, wanted) if len(text) >= 8)
    return api.call("POST", f"/objects/users/{user_id}/password",
                    form({"password__v": current, "new_password__v": wanted}), FORM)


def reset(api, user_id, wanted, **more):
    api.server.secrets.add(wanted)
    return api.server.request("POST", f"/muster/v1/users/{user_id}/password",
                              form({"new_password__v": wanted, **more}),
                              {"Authorization": api.session, **FORM})


@pytest.fixture
def kim(own_server):
    return Api(own_server).log_in_as(person("kim.keeper"))


@pytest.fixture
def boss(own_server):
    return Api(own_server).log_in_as(person("nadia.brandt"))


OLD, NEW = person("kim.keeper").password, "Quite-New-7"


def log_in(server, password):
    return Api(server).login("kim.keeper@example.com", password)


def test_a_change_counts_at_once_and_ends_the_other_sessions(own_server, kim):
    other = Api(own_server).log_in_as(person("kim.keeper"))
    assert change(kim, OLD, NEW).json == {"responseStatus": "SUCCESS"}
    assert kim.get("/objects/users/me").json["responseStatus"] == "SUCCESS"
    assert failure(other.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert log_in(own_server, OLD).json["errors"][0]["type"] == "USERNAME_OR_PASSWORD_INCORRECT"
    assert log_in(own_server, NEW).json["responseStatus"] == "SUCCESS"


def test_the_own_id_works_like_me_and_others_do_not(kim):
    assert change(kim, OLD, NEW, person("kim.keeper").id).json == {"responseStatus": "SUCCESS"}
    assert failure(change(kim, NEW, "Other-One-8", 25001)) == "INSUFFICIENT_ACCESS"
    assert failure(change(kim, NEW, "Other-One-8", 999999)) == "INSUFFICIENT_ACCESS"


@pytest.mark.parametrize("current, wanted, error", [
    ("", NEW, "PARAMETER_REQUIRED"), (OLD, "", "PARAMETER_REQUIRED"), (OLD, OLD, "INVALID_DATA"),
    (OLD, "short-1", "INVALID_DATA"), (OLD, "no-digits-Here", "INVALID_DATA"),
    (OLD, "no-capitals-1", "INVALID_DATA"), ("Wrong-Pass-1", NEW, "INVALID_DATA")])
def test_changes_that_are_refused(own_server, kim, current, wanted, error):
    assert failure(change(kim, current, wanted)) == error
    assert log_in(own_server, OLD).json["responseStatus"] == "SUCCESS"


def test_wrong_passwords_lock_the_account(own_server, kim):
    for _ in range(5):
        assert failure(change(kim, "Wrong-Pass-1", NEW)) == "INVALID_DATA"
    assert failure(change(kim, OLD, NEW)) == "USER_LOCKED_OUT"
    assert log_in(own_server, OLD).json["errors"][0]["type"] == "USER_LOCKED_OUT"


def test_guesses_in_parallel_lock_the_account_too(own_server, kim):
    with concurrent.futures.ThreadPoolExecutor(6) as guessers:
        replies = list(guessers.map(lambda _: change(kim, "Wrong-Pass-1", NEW), range(20)))
    errors = collections.Counter(failure(reply) for reply in replies)
    assert errors == {"INVALID_DATA": 5, "USER_LOCKED_OUT": 15}
    assert failure(change(kim, OLD, NEW)) == "USER_LOCKED_OUT"
    assert log_in(own_server, OLD).json["errors"][0]["type"] == "USER_LOCKED_OUT"


def test_single_sign_on_has_no_password_to_guess(own_server, boss, kim):
    """Kim moves to single sign-on while logged in: wrong passwords are no longer counted."""
    policy = next(user["security_policy_id__v"] for user in SEED["users"] if user["id"] == 25025)
    boss.put_users_json([{"id": 25034, "security_policy_id__v": policy}])
    for _ in range(6):
        assert failure(change(kim, "Wrong-Pass-1", NEW)) == "OPERATION_NOT_ALLOWED"
    boss.put_users_json([{"id": 25034, "security_policy_id__v": 821}])
    assert change(kim, OLD, NEW).json == {"responseStatus": "SUCCESS"}


def test_a_reset_sets_the_password_and_asks_for_a_change(own_server, boss, kim):
    for _ in range(5):
        log_in(own_server, "Wrong-Pass-1")
    assert reset(boss, 25034, NEW).json == {"responseStatus": "SUCCESS"}
    assert failure(kim.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert log_in(own_server, NEW).json["errors"][0]["type"] == "PASSWORD_CHANGE_REQUIRED"
    assert boss.user(25034)["user_needs_to_change_password__v"] is True
    assert reset(boss, 25034, "Quite-New-8", user_needs_to_change_password__v="false").json == {
        "responseStatus": "SUCCESS"}
    assert log_in(own_server, "Quite-New-8").json["responseStatus"] == "SUCCESS"


def test_who_may_reset_whom(own_server, boss):
    sara = Api(own_server).log_in_as(person("sara.quality"))
    assert reset(sara, 25034, NEW).json == {"responseStatus": "SUCCESS"}
    for user_id in (25001, 25012, 25030):  # Domain Admin, Vault Owner, of another vault
        assert failure(reset(sara, user_id, NEW)) == "INSUFFICIENT_ACCESS"
    assert failure(reset(sara, 25011, NEW)) == "OPERATION_NOT_ALLOWED"
    assert failure(reset(boss, 25025, NEW)) == "OPERATION_NOT_ALLOWED"  # single sign-on
    assert failure(reset(boss, 999999, NEW)) == "USER_NOT_FOUND"
    assert failure(reset(boss, 25034, "short")) == "INVALID_DATA"
    dan = Api(own_server).log_in_as(person("dan.document"))
    assert failure(reset(dan, 25034, NEW)) == "INSUFFICIENT_ACCESS"


@pytest.mark.parametrize("more, who_has_more", [
    ({"vault_membership": f"{CLINICAL}:true:system_admin__v"}, "an administrator elsewhere"),
    ({"vault_membership": f"{CLINICAL}:false:system_admin__v"}, "one who may come back"),
    ({"vault_membership": f"{CLINICAL}:false:vault_owner__v"}, "an owner who may come back"),
    ({"vault_membership": f"{CLINICAL}:true"}, "a member elsewhere"),
    ({"is_domain_admin__v": True}, "a Domain Admin")])
def test_a_reset_raises_nobody(own_server, boss, more, who_has_more):
    sara, target = Api(own_server).log_in_as(person("sara.quality")), CROWD_FIRST_ID
    assert reset(sara, target, NEW).json == {"responseStatus": "SUCCESS"}
    assert result_rows(boss.put_users_json([{"id": target, **more}])) == [
        ("SUCCESS", str(target), [])]
    assert failure(reset(sara, target, "Quite-New-8")) == "INSUFFICIENT_ACCESS", who_has_more
    assert reset(boss, target, "Quite-New-9").json == {"responseStatus": "SUCCESS"}


def test_who_is_drawn_into_the_own_vault_is_not_taken_over(own_server, boss):
    """Sara may add anybody to her vault, which does not make his password hers."""
    sara, target = Api(own_server).log_in_as(person("sara.quality")), CLINICAL_FIRST_ID
    boss.put_users_json([{"id": target, "vault_membership": f"{CLINICAL}:true:system_admin__v"}])
    joined = sara.call("PUT", f"/objects/users/{target}/vault_membership/3003", "", FORM)
    assert joined.json == {"responseStatus": "SUCCESS", "id": target}
    assert failure(reset(sara, target, NEW)) == "INSUFFICIENT_ACCESS"


def test_new_users_get_their_first_password(own_server, boss):
    fields = {"user_name__v": "new.here@example.com", "user_first_name__v": "New",
              "user_last_name__v": "Here", "user_email__v": "new@example.com",
              "user_timezone__v": "Europe/Berlin", "user_locale__v": "de_DE",
              "user_language__v": "de", "security_policy_id__v": "821"}
    user_id = boss.call("POST", "/objects/users", form(fields), FORM).json["id"]
    assert reset(boss, user_id, NEW, user_needs_to_change_password__v="false").json == {
        "responseStatus": "SUCCESS"}
    me = Api(own_server).log_in_as(Person(user_id, "new.here@example.com", NEW))
    assert me.user("me")["id"] == user_id


def test_the_trail_names_the_reset_and_no_password(boss):
    assert reset(boss, 25034, NEW).json == {"responseStatus": "SUCCESS"}
    (row,) = boss.audit_rows_of("kim.keeper@example.com")
    assert row["action"] == "Reset Password"
    assert NEW not in str(row)


def test_the_trail_names_a_change_too(boss, kim):
    """Nothing but the password changes: nobody was asked to change it."""
    assert change(kim, OLD, NEW).json == {"responseStatus": "SUCCESS"}
    (row,) = boss.audit_rows_of("kim.keeper@example.com")
    assert (row["action"], row["user_name"]) == ("Change Password", "kim.keeper@example.com")
    assert (row["field_name"], row["old_value"], row["new_value"]) == ("", "", "")
    assert not {OLD, NEW} & set(str(row).split("'"))


def test_every_reset_leaves_a_row(boss):
    """The second one changes no field: the account is asked for a change already."""
    assert reset(boss, 25034, NEW).json == {"responseStatus": "SUCCESS"}
    assert reset(boss, 25034, "Quite-New-8").json == {"responseStatus": "SUCCESS"}
    latest, first = boss.audit_rows_of("kim.keeper@example.com")
    assert [row["action"] for row in (latest, first)] == ["Reset Password"] * 2
    assert (first["field_name"], first["new_value"]) == ("user_needs_to_change_password__v", "true")
    assert latest["field_name"] == ""


def test_a_wrong_password_is_in_the_login_trail(own_server, boss, kim):
    assert failure(change(kim, "Wrong-Pass-1", NEW)) == "INVALID_DATA"
    own_server.kill()  # what was counted is durable, and so is its row
    own_server.start()
    rows = [row for row in boss.audit("login_audit_trail")["data"]
            if row["type"] == "Password Change"]
    assert [(row["user_name"], row["full_name"], row["status"], row["source_ip"])
            for row in rows] == [("kim.keeper@example.com", "Kim Keeper", "INVALID_DATA",
                                  "127.0.0.1")]


def test_messages_name_the_rule(kim):
    assert "digit" in failure_message(change(kim, OLD, "no-digits-Here")).lower() or \
        "number" in failure_message(change(kim, OLD, "no-digits-Here")).lower()
