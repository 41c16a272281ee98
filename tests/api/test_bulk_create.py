"""POST /objects/users with CSV or JSON: create many and upsert (protocol 3.5, 3.6)."""

import json

import pytest

from vault_client import CLINICAL, QUALITY, as_csv, failure, failure_message, only_row, result_rows

CSV, JSON = "text/csv", "application/json"
BOTH = pytest.mark.parametrize("content_type", [CSV, JSON])
REQUIRED = ["user_name__v", "user_first_name__v", "user_last_name__v", "user_email__v",
            "user_timezone__v", "user_locale__v", "user_language__v", "security_policy_id__v"]
GUEST = "guest@partner.example.org"


def new_user(name, **more):
    return {"user_name__v": name, "user_first_name__v": "Mei", "user_last_name__v": "Tan",
            "user_email__v": "mei@example.com", "user_timezone__v": "Asia/Singapore",
            "user_locale__v": "en_SG", "user_language__v": "en", "security_policy_id__v": 821,
            **more}


def post(api, records, content_type=JSON, query="", accept=JSON):
    body = json.dumps(records) if content_type == JSON else as_csv(records)
    return api.call("POST", "/objects/users" + query, body,
                    {"Content-Type": content_type, "Accept": accept})


def upsert(api, records, key="user_name__v", content_type=JSON):
    return post(api, records, content_type, f"?operation=upsert&idParam={key}")


def errors_of(reply):
    """The errors of the only record: [(type, message)]."""
    (row,) = reply.json["data"]
    return [(error["type"], error["message"]) for error in row["errors"]]


@pytest.fixture(scope="module")
def names():
    """names(): user names nobody has."""
    counter = iter(range(1000))
    return lambda: f"new.{next(counter)}@example.com"


# Create

@BOTH
def test_a_created_user_is_there_with_all_its_fields(nadia, names, content_type):
    name = names()
    record = new_user(name, user_title__v="Analyst", federated_id__v="f-" + name,
                      vault_membership="4112:true:business_admin__v:external__v")
    status, user_id, errors = only_row(post(nadia, [record], content_type))
    assert (status, errors) == ("SUCCESS", []) and user_id.isdigit()
    user = nadia.user(user_id)
    assert {key: user[key] for key in REQUIRED} == {key: record[key] for key in REQUIRED}
    assert (user["user_title__v"], user["federated_id__v"]) == ("Analyst", "f-" + name)
    assert user["domain_active__v"] is True
    assert user["is_domain_admin__v"] is False
    assert user["created_by__v"] == user["modified_by__v"] == nadia.user("me")["id"]
    assert user["created_date__v"] == user["modified_date__v"]
    assert list(nadia.memberships(user_id)) == [CLINICAL]
    membership = nadia.memberships(user_id)[CLINICAL]
    assert membership["security_profile__v"] == "business_admin__v"
    assert membership["license_type__v"] == "external__v"
    (row,) = nadia.audit_rows_of(name)
    assert row["action"] == "Create Users"


def test_results_keep_the_order_of_the_records(nadia, names):
    first, second = names(), names()
    rows = result_rows(post(nadia, [new_user(first), {"user_name__v": names()}, new_user(second)]))
    assert [status for status, _, _ in rows] == ["SUCCESS", "FAILURE", "SUCCESS"]
    assert rows[1] == ("FAILURE", None, ["PARAMETER_REQUIRED"] * 7)
    assert int(rows[2][1]) > int(rows[0][1])
    assert nadia.user(rows[0][1])["user_name__v"] == first
    assert nadia.user(rows[2][1])["user_name__v"] == second


def test_results_as_csv(nadia, names):
    reply = post(nadia, [new_user(names())], CSV, accept=CSV)
    header, row = reply.text.splitlines()
    assert header == "responseStatus,id,errors"
    assert row.startswith("SUCCESS,") and row.endswith(",")


@pytest.mark.parametrize("missing", REQUIRED)
def test_each_required_field_is_asked_for(nadia, names, missing):
    record = new_user(names())
    del record[missing]
    assert errors_of(post(nadia, [record])) == [
        ("PARAMETER_REQUIRED", f"Missing required parameter [{missing}]")]


@pytest.mark.parametrize("blank", ["", None])
@pytest.mark.parametrize("field", REQUIRED)
def test_a_blank_required_field_is_missing_and_said_once(nadia, names, field, blank):
    assert errors_of(post(nadia, [new_user(names()) | {field: blank}])) == [
        ("PARAMETER_REQUIRED", f"Missing required parameter [{field}]")]


def test_a_wrong_value_is_not_called_missing(nadia, names):
    record = new_user(names(), user_timezone__v="Mars/Olympus")
    assert errors_of(post(nadia, [record])) == [
        ("INVALID_DATA", "Invalid value [Mars/Olympus] for field [user_timezone__v].")]


def test_without_a_membership_the_user_belongs_to_the_domain_only(nadia, names):
    _, user_id, _ = only_row(post(nadia, [new_user(names())]))
    assert nadia.memberships(user_id) == {}


def test_profile_and_license_columns_mean_the_session_vault(nadia, names):
    record = new_user(names(), security_profile__v="business_admin__v",
                      license_type__v="external__v")
    _, user_id, _ = only_row(post(nadia, [record], CSV))
    membership = nadia.memberships(user_id)[QUALITY]
    assert (membership["security_profile__v"], membership["license_type__v"],
            membership["active__v"]) == ("business_admin__v", "external__v", True)


def test_domain_users_get_no_membership_from_these_columns(nadia, names):
    record = new_user(names(), security_profile__v="business_admin__v")
    _, user_id, _ = only_row(post(nadia, [record], query="?domain=true"))
    assert nadia.memberships(user_id) == {}


def test_domain_users_that_name_a_membership_are_refused(nadia, names):
    record = new_user(names(), vault_membership="3003:true")
    assert errors_of(post(nadia, [record], query="?domain=true")) == [
        ("INVALID_DATA", "A domain user has no vault membership.")]


@pytest.mark.parametrize("field, value", [
    ("security_profile__v", "business_admin__v"), ("license_type__v", "external__v"),
    ("active__v", "false")])
@BOTH
def test_what_means_the_session_vault_needs_it_among_the_memberships(nadia, names, field, value,
                                                                     content_type):
    """Said of a vault that the record does not join, it would be lost without a word."""
    record = new_user(names(), vault_membership="4112:true") | {field: value}
    ((error, message),) = errors_of(post(nadia, [record], content_type))
    assert error == "INVALID_DATA" and "vault [3003]" in message and "vault_membership" in message


def test_a_contradiction_with_the_membership_is_refused(nadia, names):
    record = new_user(names(), vault_membership="3003:true::full__v", license_type__v="external__v")
    assert errors_of(post(nadia, [record])) == [
        ("INVALID_DATA", "Field [license_type__v] contradicts field [vault_membership].")]


def test_an_unknown_profile_is_refused(nadia, names):
    record = new_user(names(), security_profile__v="no_such__v")
    assert errors_of(post(nadia, [record])) == [
        ("INVALID_DATA", "Invalid value [no_such__v] for field [security_profile__v].")]


def test_a_bare_name_gets_the_domain(nadia, names):
    bare = names().split("@")[0]
    _, user_id, _ = only_row(post(nadia, [new_user(bare)]))
    assert nadia.user(user_id)["user_name__v"] == bare + "@example.com"


def test_a_name_that_exists_twice_in_the_file_is_created_once(nadia, names):
    name = names()
    rows = result_rows(post(nadia, [new_user(name), new_user(name.upper())]))
    assert rows[0][0] == "SUCCESS"
    assert rows[1] == ("FAILURE", None, ["ITEM_NAME_EXISTS"])


def test_a_name_that_is_taken(nadia):
    assert only_row(post(nadia, [new_user("ANA.RUIZ@example.com")])) == (
        "FAILURE", None, ["ITEM_NAME_EXISTS"])


def test_a_federated_id_that_is_taken(nadia, names):
    federated = "fed-" + names()
    rows = result_rows(post(nadia, [new_user(names(), federated_id__v=federated),
                                    new_user(names(), federated_id__v=federated)]))
    assert rows[1] == ("FAILURE", None, ["FEDERATED_ID_ALREADY_EXISTS"])
    again = post(nadia, [new_user(names(), federated_id__v=federated)])
    assert only_row(again) == ("FAILURE", None, ["FEDERATED_ID_ALREADY_EXISTS"])


def test_a_foreign_name_that_nobody_has_is_refused(nadia):
    assert errors_of(post(nadia, [new_user("guest@elsewhere.example.org")])) == [
        ("INVALID_DATA", "User name [guest@elsewhere.example.org] must end in @example.com.")]


def test_a_foreign_name_is_all_there_is_to_say(nadia):
    """Such a record has nothing but a name and a membership: no use to ask for the rest."""
    record = {"user_name__v": "guest@elsewhere.example.org", "vault_membership": "3003:true"}
    assert errors_of(post(nadia, [record])) == [
        ("INVALID_DATA", "User name [guest@elsewhere.example.org] must end in @example.com.")]


def test_an_existing_account_joins_a_vault_and_keeps_its_fields(nadia, targets):
    (joining,) = targets(1)
    name = nadia.user(joining)["user_name__v"]
    record = {"user_name__v": name, "user_title__v": "ignored", "vault_membership": "4112:true"}
    assert only_row(post(nadia, [record])) == ("SUCCESS", str(joining), [])
    assert set(nadia.memberships(joining)) == {QUALITY, CLINICAL}
    assert nadia.user(joining)["user_title__v"] == "Title before"
    assert only_row(post(nadia, [record])) == ("FAILURE", None, ["ITEM_NAME_EXISTS"])


@BOTH
def test_what_a_join_ignores_may_be_broken(nadia, targets, content_type):
    (joining,) = targets(1)
    before = nadia.user(joining)
    broken = {"user_email__v": "nobody", "user_timezone__v": "Mars/Olympus",
              "security_policy_id__v": "999", "user_title__v": "x" * 300}
    record = {"user_name__v": before["user_name__v"], "vault_membership": "4112:maybe", **broken}
    assert only_row(post(nadia, [record], content_type)) == (
        "FAILURE", None, ["INVALID_DATA", "ITEM_NAME_EXISTS"])
    record["vault_membership"] = "4112:true"
    assert only_row(post(nadia, [record], content_type)) == ("SUCCESS", str(joining), [])
    after = nadia.user(joining)
    assert set(nadia.memberships(joining)) == {QUALITY, CLINICAL}
    assert {field: after[field] for field in broken} == {field: before[field] for field in broken}


@pytest.mark.parametrize("field, value", [
    ("id", 25001), ("file", "picture.png"), ("nickname", "x")])
def test_fields_of_other_calls_fail_their_record(nadia, names, field, value):
    assert only_row(post(nadia, [new_user(names()) | {field: value}])) == (
        "FAILURE", None, ["ATTRIBUTE_NOT_SUPPORTED"])


@pytest.mark.parametrize("field, value", [
    ("created_date__v", "2024-03-01T08:00:00.000Z"), ("created_by__v", 25001),
    ("vault_id__v", "3003"), ("domain_active__v", False)])
def test_fields_nobody_may_set_on_create(nadia, names, field, value):
    assert only_row(post(nadia, [new_user(names()) | {field: value}])) == (
        "FAILURE", None, ["INVALID_DATA"])


def test_an_id_column_is_refused_as_a_whole(nadia, names):
    reply = post(nadia, [{"id": ""} | new_user(names())], CSV)
    assert failure(reply) == "ATTRIBUTE_NOT_SUPPORTED"


def test_a_file_without_names_is_refused_as_a_whole(nadia):
    reply = post(nadia, [{"user_first_name__v": "Mei"}], CSV)
    assert failure_message(reply) == "Missing required parameter [user_name__v]"


def test_nothing_to_create_is_a_success(nadia):
    assert post(nadia, []).json == {"responseStatus": "SUCCESS", "data": []}


# Rights

def test_a_document_user_creates_nobody(log_in, names):
    assert failure(post(log_in("dan.document"), [new_user(names())])) == "INSUFFICIENT_ACCESS"


def test_a_system_admin_creates_members_of_his_vault_only(log_in, names):
    sara = log_in("sara.quality")
    rows = result_rows(post(sara, [
        new_user(names(), vault_membership="3003:true"), new_user(names(), vault_membership="4112"),
        new_user(names(), vault_membership=""), new_user(names(), vault_membership="3003::vault_owner__v"),
        new_user(names(), vault_membership="3003", is_domain_admin__v=True)]))
    assert rows[0][0] == "SUCCESS"
    assert [errors for _, _, errors in rows[1:]] == [["INSUFFICIENT_ACCESS"]] * 4


# Upsert

@pytest.mark.parametrize("key", ["id", "user_name__v", "federated_id__v"])
@BOTH
def test_upsert_updates_whom_it_finds_and_creates_the_rest(nadia, names, targets, key,
                                                           content_type):
    (found,) = targets(1)
    known = f"up-{found}"
    nadia.put_users_json([{"id": found, "federated_id__v": known}])
    name = nadia.user(found)["user_name__v"]
    old = new_user(name, user_title__v="Statistician", federated_id__v=known)
    fresh_name = names()
    fresh = new_user(fresh_name, user_title__v="Clerk",
                     federated_id__v="" if key == "federated_id__v" else "f-" + fresh_name)
    if key == "id":
        old, fresh = {"id": found} | old, {"id": ""} | fresh
    rows = result_rows(upsert(nadia, [old, fresh], key, content_type))
    assert rows[0] == ("SUCCESS", str(found), [])
    assert rows[1][0] == "SUCCESS" and rows[1][1] != str(found)
    assert nadia.user(found)["user_title__v"] == "Statistician"
    created = nadia.user(rows[1][1])
    assert (created["user_name__v"], created["user_title__v"]) == (fresh_name, "Clerk")


@BOTH
def test_blank_cells_of_an_upsert_keep_what_is_there(nadia, target, content_type):
    name = nadia.user(target)["user_name__v"]
    record = {"user_name__v": name, "user_title__v": "", "company__v": "Example Ltd"}
    assert only_row(upsert(nadia, [record], content_type=content_type))[0] == "SUCCESS"
    user = nadia.user(target)
    assert (user["user_title__v"], user["company__v"]) == ("Title before", "Example Ltd")


def test_null_in_an_upsert_clears(nadia, target):
    name = nadia.user(target)["user_name__v"]
    assert only_row(upsert(nadia, [{"user_name__v": name, "user_title__v": None}]))[0] == "SUCCESS"
    assert "user_title__v" not in nadia.user(target)


def test_an_upsert_that_changes_nothing_writes_no_audit_row(nadia, target):
    name = nadia.user(target)["user_name__v"]
    record = {"user_name__v": name.upper().replace("EXAMPLE.COM", "example.com"),
              "user_title__v": "Title before"}
    del record["user_name__v"]
    assert only_row(upsert(nadia, [{"user_name__v": name} | record])) == (
        "SUCCESS", str(target), [])
    assert nadia.audit_rows_of(name) == []


def test_the_name_that_finds_a_user_does_not_rename_him(nadia, target):
    name = nadia.user(target)["user_name__v"]
    record = {"user_name__v": name.upper(), "user_title__v": "Found"}
    assert only_row(upsert(nadia, [record])) == ("SUCCESS", str(target), [])
    user = nadia.user(target)
    assert (user["user_name__v"], user["user_title__v"]) == (name, "Found")
    (row,) = nadia.audit_rows_of(name)
    assert row["field_name"] == "user_title__v"


def test_a_name_in_other_letters_renames_when_it_is_not_the_key(nadia, target):
    name = nadia.user(target)["user_name__v"].replace("crowd", "Crowd")
    assert only_row(upsert(nadia, [{"id": target, "user_name__v": name}], "id"))[0] == "SUCCESS"
    assert nadia.user(target)["user_name__v"] == name


def test_a_bare_name_finds_as_the_key_and_names_nobody_otherwise(nadia, names, target):
    name = nadia.user(target)["user_name__v"]
    bare = name.split("@")[0]
    assert only_row(upsert(nadia, [{"user_name__v": bare, "user_title__v": "Found"}])) == (
        "SUCCESS", str(target), [])
    assert nadia.user(target)["user_name__v"] == name
    for reply in (upsert(nadia, [{"id": target, "user_name__v": bare}], "id"),
                  nadia.put_users_json([{"id": target, "user_name__v": bare}])):
        assert errors_of(reply) == [
            ("INVALID_DATA", f"Invalid value [{bare}] for field [user_name__v].")]
    fresh = names().split("@")[0]
    assert only_row(upsert(nadia, [new_user(fresh)]))[0] == "SUCCESS"
    assert only_row(post(nadia, [new_user(fresh)])) == ("FAILURE", None, ["ITEM_NAME_EXISTS"])


def test_the_same_key_twice_applies_the_first_only(nadia, target):
    name = nadia.user(target)["user_name__v"]
    rows = result_rows(upsert(nadia, [{"user_name__v": name, "user_title__v": "First"},
                                      {"user_name__v": name, "user_title__v": "Second"}]))
    assert rows == [("SUCCESS", str(target), []), ("FAILURE", None, ["INVALID_DATA"])]
    assert nadia.user(target)["user_title__v"] == "First"


def test_an_unknown_or_broken_id_never_creates(nadia, names):
    rows = result_rows(upsert(nadia, [{"id": 999999} | new_user(names()),
                                      {"id": "abc"} | new_user(names())], "id"))
    assert rows == [("FAILURE", "999999", ["INVALID_DATA"]), ("FAILURE", "abc", ["INVALID_DATA"])]


def test_an_upsert_by_name_checks_the_id_it_is_given(nadia, names, target):
    name = nadia.user(target)["user_name__v"]
    rows = result_rows(upsert(nadia, [{"user_name__v": name, "id": target, "alias__v": "a"},
                                      new_user(names()) | {"id": 25001}]))
    assert rows[0] == ("SUCCESS", str(target), [])
    assert rows[1] == ("FAILURE", None, ["INVALID_DATA"])


def test_security_profile_of_a_matched_record_is_compared_only(nadia, target):
    name = nadia.user(target)["user_name__v"]
    rows = [only_row(upsert(nadia, [{"user_name__v": name, "security_profile__v": profile}]))
            for profile in ("document_user__v", "business_admin__v")]
    assert rows[0] == ("SUCCESS", str(target), [])
    assert rows[1] == ("FAILURE", None, ["ATTRIBUTE_NOT_SUPPORTED"])


@pytest.mark.parametrize("query, error", [
    ("?operation=upsert", "PARAMETER_REQUIRED"),
    ("?idParam=id", "PARAMETER_REQUIRED"),
    ("?operation=upsert&idParam=user_email__v", "INVALID_DATA"),
    ("?operation=upsert&idParam=nickname", "INVALID_DATA"),
    ("?operation=merge&idParam=id", "INVALID_DATA"),
    ("?domain=yes", "INVALID_DATA"),
    ("?domain=1&operation=upsert&idParam=id", "INVALID_DATA"),
])
def test_parameters_of_an_upsert(nadia, names, query, error):
    assert failure(post(nadia, [new_user(names())], query=query)) == error


def test_bulk_create_exists_from_v12_on(nadia, names):
    old = type(nadia)(nadia.server, nadia.session, "v11.0")
    assert failure(post(old, [new_user(names())])) == "METHOD_NOT_SUPPORTED"
    assert only_row(post(type(nadia)(nadia.server, nadia.session, "v12.0"),
                         [new_user(names())]))[0] == "SUCCESS"


def test_501_records_create_nobody(nadia, names):
    first = names()
    records = [new_user(first)] + [new_user(names()) for _ in range(500)]
    assert failure(post(nadia, records)) == "INVALID_DATA"
    assert only_row(post(nadia, [new_user(first)]))[0] == "SUCCESS"
