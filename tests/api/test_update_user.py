"""PUT and DELETE of one user, and of me (protocol 3.7, 3.8, 3.10)."""

import json

import pytest

from muster_server import form
from vault_client import (CLINICAL, CROWD_FIRST_ID, QUALITY, Api, failure, failure_message, person,
                          result_rows)

FORM = "application/x-www-form-urlencoded"


def put(api, user_id, fields, as_json=False):
    body = json.dumps(fields) if as_json else form(fields)
    return api.call("PUT", f"/objects/users/{user_id}", body,
                    {"Content-Type": "application/json" if as_json else FORM})


def put_raw(api, user_id, body, content_type):
    return api.call("PUT", f"/objects/users/{user_id}", body, {"Content-Type": content_type})


def delete(api, user_id, query=""):
    return api.call("DELETE", f"/objects/users/{user_id}{query}")


def join(api, user_id, vault, fields=None, content_type=FORM):
    headers = {"Content-Type": content_type} if content_type else {}
    return api.call("PUT", f"/objects/users/{user_id}/vault_membership/{vault}",
                    form(fields or {}), headers)


def succeeded(reply, user_id):
    assert reply.json == {"responseStatus": "SUCCESS", "id": user_id}, reply


BOTH = pytest.mark.parametrize("as_json", [False, True])


@BOTH
def test_fields_change_and_are_audited(nadia, target, as_json):
    succeeded(put(nadia, target, {"user_title__v": "Director, Quality", "company__v": "A & B"},
                  as_json), target)
    user = nadia.user(target)
    assert (user["user_title__v"], user["company__v"]) == ("Director, Quality", "A & B")
    (row,) = nadia.audit_rows_of(user["user_name__v"])
    assert row["action"] == "Update User"


@pytest.mark.parametrize("value, as_json", [("", False), ("null", False), ("", True), (None, True)])
def test_a_blank_or_null_clears(nadia, target, value, as_json):
    succeeded(put(nadia, target, {"user_title__v": value}, as_json), target)
    assert "user_title__v" not in nadia.user(target)


def test_a_raw_form_is_read(nadia, target):
    reply = nadia.call("PUT", f"/objects/users/{target}", 'user_title__v=Head of "QA", Berlin',
                       {"Content-Type": FORM})
    succeeded(reply, target)
    assert nadia.user(target)["user_title__v"] == 'Head of "QA", Berlin'


def test_the_security_profile_is_set_here(nadia, target):
    succeeded(put(nadia, target, {"security_profile__v": "business_admin__v",
                                  "license_type__v": "external__v"}), target)
    membership = nadia.memberships(target)[QUALITY]
    assert (membership["security_profile__v"], membership["license_type__v"]) == (
        "business_admin__v", "external__v")
    assert failure(put(nadia, target, {"security_profile__v": "no_such__v"})) == "INVALID_DATA"


def test_a_profile_for_who_is_no_member(nadia, clinical_target):
    reply = put(nadia, clinical_target, {"security_profile__v": "business_admin__v"})
    assert failure(reply) == "OPERATION_NOT_ALLOWED"


def test_blanks_of_a_time_zone_are_underscores(nadia, target):
    succeeded(put(nadia, target, {"user_timezone__v": "America/Los Angeles"}), target)
    assert nadia.user(target)["user_timezone__v"] == "America/Los_Angeles"


def test_json_memberships_and_booleans(nadia, target):
    succeeded(put(nadia, target, {"active__v": False, "vault_membership": [{"id": CLINICAL}]},
                  True), target)
    memberships = nadia.memberships(target)
    assert memberships[QUALITY]["active__v"] is False and memberships[CLINICAL]["active__v"] is True


def test_all_errors_are_told_and_nothing_is_changed(nadia, target):
    reply = put(nadia, target, {"user_title__v": "x", "nickname": "y", "active__v": "maybe"})
    assert [error["type"] for error in reply.json["errors"]] == [
        "ATTRIBUTE_NOT_SUPPORTED", "INVALID_DATA"]
    assert nadia.user(target)["user_title__v"] == "Title before"


@pytest.mark.parametrize("user_id, error", [
    (999999, "USER_NOT_FOUND"), (99999999999, "USER_NOT_FOUND"), ("abc", "INVALID_DATA"),
    (1, "OPERATION_NOT_ALLOWED")])
def test_users_that_cannot_be_updated(nadia, user_id, error):
    assert failure(put(nadia, user_id, {"user_title__v": "x"})) == error


def test_post_updates_as_put_does(nadia, target):
    reply = nadia.call("POST", f"/objects/users/{target}", '{"user_title__v":"Posted"}',
                       {"Content-Type": "application/json"})
    assert reply.json == {"responseStatus": "SUCCESS", "id": target}
    assert nadia.user(target)["user_title__v"] == "Posted"
    reply = nadia.call("POST", "/objects/users/999999", '{"user_title__v":"Posted"}',
                       {"Content-Type": "application/json"})
    assert failure(reply) == "USER_NOT_FOUND"


@pytest.mark.parametrize("body", ['[{"user_title__v":"a"},{"user_title__v":"b"}]', "[]", "[1]", "{",
                                  '{"user_title__v":"a","user_title__v":"b"}'])
def test_json_that_is_not_one_object(nadia, target, body):
    reply = put_raw(nadia, target, body, "application/json")
    assert failure(reply) == "INVALID_DATA"
    assert nadia.user(target)["user_title__v"] == "Title before"


@pytest.mark.parametrize("body", ['[{"user_title__v":"a"}]', ' \n[{"user_title__v":"a"}]',
                                  '\ufeff[{"user_title__v":"a"}]'])
def test_an_array_of_one_object_is_that_object(nadia, target, body):
    reply = put_raw(nadia, target, body, "application/json")
    assert reply.json == {"responseStatus": "SUCCESS", "id": target}
    assert nadia.user(target)["user_title__v"] == "a"


def test_one_csv_record_is_an_object_too(nadia, target):
    reply = put_raw(nadia, target, 'id, user_title__v ,site__v,company__v\n'
                    f'{target},"Director, Quality",,null\n', "text/csv")
    assert reply.json == {"responseStatus": "SUCCESS", "id": target}
    user = nadia.user(target)
    assert user["user_title__v"] == "Director, Quality"
    assert "site__v" not in user and "company__v" not in user


@pytest.mark.parametrize("body", ["user_title__v\na\nb\n", "user_title__v\n", "",
                                  "user_title__v\na,b\n", "user_title__v,user_title__v\na,b\n"])
def test_csv_that_is_not_one_record(nadia, target, body):
    assert failure(put_raw(nadia, target, body, "text/csv")) in ("INVALID_DATA",
                                                                 "PARAMETER_REQUIRED")
    assert nadia.user(target)["user_title__v"] == "Title before"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml"])
def test_other_content_types_are_refused(nadia, target, content_type):
    reply = put_raw(nadia, target, "user_title__v=Director", content_type)
    assert failure(reply) == "INVALID_DATA"
    assert content_type in failure_message(reply)
    assert "application/json" in failure_message(reply)
    assert nadia.user(target)["user_title__v"] == "Title before"


@BOTH
def test_another_id_in_the_body(nadia, target, as_json):
    succeeded(put(nadia, target, {"id": target, "alias__v": "a"}, as_json), target)
    for other in (25001, "abc"):
        reply = put(nadia, target, {"id": other, "user_title__v": "x"}, as_json)
        assert failure_message(reply) == f"The URL names user [{target}]."
        assert reply.json["errors"][0]["type"] == "INVALID_DATA"
    assert nadia.user(target)["user_title__v"] == "Title before"


# Rights

def test_people_change_their_own_details(log_in):
    dan = log_in("dan.document")
    succeeded(put(dan, "me", {"user_title__v": "Reader", "user_language__v": "de"}), 25015)
    succeeded(put(dan, 25015, {"mobile_phone__v": "+49 30 1234"}), 25015)
    user = dan.user("me")
    assert (user["user_title__v"], user["mobile_phone__v"]) == ("Reader", "+49 30 1234")


@pytest.mark.parametrize("field, value", [
    ("user_name__v", "dan.other@example.com"), ("federated_id__v", "f-dan"),
    ("security_policy_id__v", "822"), ("user_needs_to_change_password__v", "true"),
    ("salesforce_user_name__v", "dan"), ("medidata_uuid__v", "dan")])
def test_people_do_not_change_what_administrators_set(log_in, field, value):
    dan = log_in("dan.document")
    assert failure(put(dan, "me", {field: value})) == "INSUFFICIENT_ACCESS"


@pytest.mark.parametrize("field, value", [
    ("is_domain_admin__v", "true"), ("domain_active__v", "false"), ("active__v", "false"),
    ("license_type__v", "external__v"), ("security_profile__v", "vault_owner__v"),
    ("vault_membership", "4112:true")])
def test_people_do_not_raise_themselves(log_in, field, value):
    reply = put(log_in("dan.document"), "me", {field: value})
    assert {error["type"] for error in reply.json["errors"]} == {"INSUFFICIENT_ACCESS"}


@pytest.mark.parametrize("field, value", [
    ("user_name__v", "ana.ruiz@example.com"), ("user_name__v", "dan@elsewhere.example.org"),
    ("federated_id__v", "e-4711")])
def test_the_refusal_does_not_tell_what_others_have(log_in, field, value):
    """That a name or a federated id is taken is for administrators to know."""
    reply = put(log_in("dan.document"), "me", {field: value, "user_title__v": "Hidden"})
    assert failure(reply) == "INSUFFICIENT_ACCESS"
    assert f"[{field}]" in failure_message(reply)


def test_nobody_locks_himself_out_of_the_vault_he_works_in(own_server):
    nadia, target = Api(own_server).log_in_as(person("nadia.brandt")), CROWD_FIRST_ID
    me = nadia.user("me")
    for reply in (put(nadia, "me", {"active__v": "false"}),
                  put(nadia, me["id"], {"active__v": False}, as_json=True),
                  put(nadia, "me", {"vault_membership": f"{QUALITY}:false"}),
                  join(nadia, me["id"], QUALITY, {"active__v": "false"})):
        assert failure(reply) == "OPERATION_NOT_ALLOWED"
    rows = result_rows(nadia.put_users_csv(f"id,active__v\n{me['id']},false\n{target},false\n"))
    assert [row[0] for row in rows] == ["FAILURE", "SUCCESS"]
    assert rows[0][2] == ["OPERATION_NOT_ALLOWED"]
    assert nadia.user("me") == me
    succeeded(join(nadia, me["id"], CLINICAL, {"active__v": "false"}), me["id"])


def test_an_empty_object_changes_nothing(nadia, target):
    before = nadia.user(target)
    succeeded(put(nadia, target, {}, as_json=True), target)
    succeeded(put(nadia, target, {}), target)
    assert nadia.user(target) == before
    ((status, _, errors),) = result_rows(nadia.put_users_json({}))
    assert (status, errors) == ("FAILURE", ["PARAMETER_REQUIRED"])


@BOTH
def test_a_blank_id_in_the_body_says_nothing(nadia, target, as_json):
    succeeded(put(nadia, target, {"id": "", "user_title__v": "Director"}, as_json), target)


def test_others_are_out_of_reach(log_in, target, clinical_target):
    assert failure(put(log_in("dan.document"), target, {"alias__v": "x"})) == "INSUFFICIENT_ACCESS"
    assert failure(put(log_in("bob.business"), target, {"alias__v": "x"})) == "INSUFFICIENT_ACCESS"
    assert failure(put(log_in("sara.quality"), clinical_target, {"alias__v": "x"})) == (
        "INSUFFICIENT_ACCESS")
    succeeded(put(log_in("sara.quality"), target, {"alias__v": "x"}), target)


# Disable

def test_disabling_in_the_vault(nadia, target):
    succeeded(delete(nadia, target), target)
    assert nadia.memberships(target)[QUALITY]["active__v"] is False
    assert nadia.user(target)["domain_active__v"] is True
    succeeded(delete(nadia, target, "?domain=false"), target)


def test_disabling_in_the_domain(nadia, log_in, target):
    assert failure(delete(log_in("sara.quality"), target, "?domain=true")) == "INSUFFICIENT_ACCESS"
    succeeded(delete(nadia, target, "?domain=true"), target)
    assert nadia.user(target)["domain_active__v"] is False


@pytest.mark.parametrize("value", ["yes", "1", "0", "no", "null", "true%2Cfalse"])
def test_disabling_takes_true_or_false(nadia, target, value):
    """Whoever means the domain must not be told that it was done when it was the vault alone."""
    reply = delete(nadia, target, f"?domain={value}")
    assert failure(reply) == "INVALID_DATA"
    assert "[domain]" in failure_message(reply)
    assert nadia.memberships(target)[QUALITY]["active__v"] is True
    assert nadia.user(target)["domain_active__v"] is True
    succeeded(delete(nadia, target, "?domain="), target)  # as if it was not sent
    assert nadia.user(target)["domain_active__v"] is True
    succeeded(delete(nadia, target, "?domain=TRUE"), target)
    assert nadia.user(target)["domain_active__v"] is False


def test_who_cannot_be_disabled(nadia, clinical_target):
    assert failure(delete(nadia, clinical_target)) == "OPERATION_NOT_ALLOWED"
    assert failure(delete(nadia, "me")) == "OPERATION_NOT_ALLOWED"
    assert failure(delete(nadia, "me", "?domain=true")) == "OPERATION_NOT_ALLOWED"
    assert failure(delete(nadia, 25001, "?domain=true")) == "OPERATION_NOT_ALLOWED"
    assert failure(delete(nadia, 25001)) == "OPERATION_NOT_ALLOWED"
    assert nadia.memberships(25001)[QUALITY]["active__v"] is True
    assert failure(delete(nadia, 999999)) == "USER_NOT_FOUND"


# Vault membership

@pytest.mark.parametrize("content_type", [FORM, None])
def test_an_empty_membership_form_joins_with_the_defaults(nadia, target, content_type):
    succeeded(join(nadia, target, CLINICAL, content_type=content_type), target)
    membership = nadia.memberships(target)[CLINICAL]
    assert (membership["security_profile__v"], membership["license_type__v"],
            membership["active__v"]) == ("document_user__v", "full__v", True)
    succeeded(join(nadia, target, CLINICAL, content_type=content_type), target)


def test_a_membership_keeps_what_is_not_sent(nadia, target):
    succeeded(join(nadia, target, QUALITY, {"security_profile__v": "business_admin__v",
                                            "license_type__v": "external__v"}), target)
    succeeded(join(nadia, target, QUALITY, {"active__v": "false"}), target)
    membership = nadia.memberships(target)[QUALITY]
    assert (membership["security_profile__v"], membership["license_type__v"],
            membership["active__v"]) == ("business_admin__v", "external__v", False)


@pytest.mark.parametrize("vault, fields, error", [
    (9999, {}, "INVALID_DATA"), ("abc", {}, "INVALID_DATA"),
    (QUALITY, {"active__v": "maybe"}, "INVALID_DATA"),
    (QUALITY, {"security_profile__v": "no_such__v"}, "INVALID_DATA"),
    (QUALITY, {"active__v": "true:vault_owner__v"}, "INVALID_DATA"),
    (QUALITY, {"license_type__v": "full__v;4112:true"}, "INVALID_DATA")])
def test_memberships_that_are_wrong(nadia, target, vault, fields, error):
    assert failure(join(nadia, target, vault, fields)) == error


@pytest.mark.parametrize("fields, error, said", [
    ({"active__v": "yes"}, "INVALID_DATA", "Invalid value [yes] for field [active__v]."),
    ({"license_type__v": "full"}, "INVALID_DATA", "Invalid value [full] for field [license_type__v]."),
    ({"licence_type__v": "read_only__v"}, "ATTRIBUTE_NOT_SUPPORTED",
     "Field [licence_type__v] is not supported by this call.")])
def test_a_wrong_membership_field_is_named(nadia, clinical_target, fields, error, said):
    reply = join(nadia, clinical_target, QUALITY, fields)
    assert (failure(reply), failure_message(reply)) == (error, said)
    assert set(nadia.memberships(clinical_target)) == {CLINICAL}


def test_membership_rights(log_in, target, clinical_target):
    sara = log_in("sara.quality")
    assert failure(join(sara, target, CLINICAL)) == "INSUFFICIENT_ACCESS"
    assert failure(join(sara, target, QUALITY, {"security_profile__v": "vault_owner__v"})) == (
        "INSUFFICIENT_ACCESS")
    assert failure(join(log_in("dan.document"), 25015, QUALITY)) == "INSUFFICIENT_ACCESS"
    assert failure(join(sara, 999999, QUALITY)) == "USER_NOT_FOUND"


def test_a_vaults_administrator_adds_anybody_to_it(nadia, log_in, clinical_target):
    """The right that counts is that in the vault; the account itself stays out of reach."""
    sara, fields = log_in("sara.quality"), {"security_profile__v": "business_admin__v"}
    before = nadia.memberships(clinical_target)[CLINICAL]
    assert failure(join(log_in("bob.business"), clinical_target, QUALITY, fields)) == (
        "INSUFFICIENT_ACCESS")
    succeeded(join(sara, clinical_target, QUALITY, fields), clinical_target)
    memberships = nadia.memberships(clinical_target)
    assert memberships[QUALITY]["security_profile__v"] == "business_admin__v"
    assert memberships[CLINICAL] == before
    assert failure(join(sara, clinical_target, CLINICAL, {"active__v": "false"})) == (
        "INSUFFICIENT_ACCESS")
    succeeded(join(sara, clinical_target, QUALITY, {"active__v": "false"}), clinical_target)
    assert nadia.memberships(clinical_target)[CLINICAL] == before
