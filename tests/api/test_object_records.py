"""Users as object records: /vobjects/user__sys."""

import csv
import io
import json

import pytest

from vault_client import QUALITY, as_csv, failure, failure_message

RECORDS = "/vobjects/user__sys"


def write(api, method, records, query="", accept="application/json"):
    return api.call(method, RECORDS + query, json.dumps(records),
                    {"Content-Type": "application/json", "Accept": accept})


def only_row(reply):
    (row,) = reply.json["data"]
    return row


def error_types(row):
    assert row["responseStatus"] == "FAILURE" and "data" not in row, row
    return [error["type"] for error in row["errors"]]


def record(api, user_id):
    reply = api.get(f"{RECORDS}/{user_id}")
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return reply.json["data"]


# --- retrieve -------------------------------------------------------------------------------------


def test_retrieve_one(nadia):
    answer = nadia.get(f"{RECORDS}/25003").json
    assert answer["responseDetails"] == {
        "url": "/api/v24.3/vobjects/user__sys/25003",
        "object": {"url": "/api/v24.3/metadata/vobjects/user__sys", "label": "User",
                   "name": "user__sys", "label_plural": "Users", "prefix": "USR"}}
    data = answer["data"]
    assert data["created_date__v"].endswith("Z")
    assert {name: data[name] for name in (
        "id", "name__v", "username__sys", "first_name__sys", "last_name__sys", "email__sys",
        "language__sys", "locale__sys", "timezone__sys", "title__sys", "company__sys",
        "security_profile__sys", "security_policy__sys", "license_type__sys", "status__v",
        "domain_admin__sys", "created_by__v")} == {
        "id": "25003", "name__v": "Béla Kovács", "username__sys": "bela.kovacs@example.com",
        "first_name__sys": "Béla", "last_name__sys": "Kovács", "email__sys": "bela@example.com",
        "language__sys": "en", "locale__sys": "de_DE", "timezone__sys": "Europe/Berlin",
        "title__sys": "Clerk", "company__sys": "Kovács Kft",
        "security_profile__sys": "document_user__v", "security_policy__sys": "821",
        "license_type__sys": ["full__v"], "status__v": ["active__v"],
        "domain_admin__sys": False, "created_by__v": "1"}
    assert "federated_id__sys" not in data


@pytest.mark.parametrize("user_id", ["25029", "25020", "99999", "abc", "0", "99999999999"])
def test_who_is_no_member_of_the_vault_has_no_record(nadia, user_id):
    assert failure(nadia.get(f"{RECORDS}/{user_id}")) == "INVALID_DATA"


def test_everybody_may_read(log_in):
    assert record(log_in("dan.document"), 25003)["id"] == "25003"


# --- update ---------------------------------------------------------------------------------------


def test_the_documented_example(nadia, targets):
    first, second = targets(2)
    write(nadia, "PUT", [{"id": str(second), "title__sys": "Analyst"}])
    reply = write(nadia, "PUT", [{"id": str(first), "title__sys": "Head of QA"},
                                 {"id": str(second), "title__sys": "Analyst"}])
    warning = {"warning_type": "NO_DATA_CHANGES", "type": "NO_DATA_CHANGES"}
    assert reply.json == {
        "responseStatus": "WARNING",
        "warnings": [{**warning, "message": "One or more records had no changes."}],
        "data": [
            {"responseStatus": "SUCCESS",
             "data": {"id": str(first), "url": f"/api/v24.3/vobjects/user__sys/{first}"}},
            {"responseStatus": "WARNING",
             "warnings": [{**warning, "message": "Record had no changes."}],
             "data": {"id": str(second), "url": f"/api/v24.3/vobjects/user__sys/{second}"}}]}
    assert reply.headers["X-VaultAPI-Status"] == "WARNING"
    assert nadia.user(first)["user_title__v"] == "Head of QA"


CHANGES = [
    ("first_name__sys", "Änne", "user_first_name__v", "Änne"),
    ("last_name__sys", "Neu", "user_last_name__v", "Neu"),
    ("email__sys", "new@mail.example.com", "user_email__v", "new@mail.example.com"),
    ("language__sys", "de", "user_language__v", "de"),
    ("locale__sys", "en_US", "user_locale__v", "en_US"),
    ("timezone__sys", "Europe/Paris", "user_timezone__v", "Europe/Paris"),
    ("alias__sys", "Al", "alias__v", "Al"),
    ("title__sys", "Head", "user_title__v", "Head"),
    ("office_phone__sys", "+49 1", "office_phone__v", "+49 1"),
    ("mobile_phone__sys", "+49 2", "mobile_phone__v", "+49 2"),
    ("fax__sys", "+49 3", "fax__v", "+49 3"),
    ("company__sys", "Firma", "company__v", "Firma"),
    ("site__sys", "Ulm", "site__v", "Ulm"),
    ("federated_id__sys", "e-record", "federated_id__v", "e-record"),
    ("security_policy__sys", "821", "security_policy_id__v", 821),
    ("license_type__sys", "read_only__v", "license_type__v", "read_only__v"),
    ("license_type__sys", ["read_only__v"], "license_type__v", "read_only__v"),
    ("security_profile__sys", "read_only_user__v", "security_profile__v", "read_only_user__v"),
    ("status__v", "inactive__v", "active__v", False),
    ("status__v", ["inactive__v"], "active__v", False),
    ("title__sys", None, "user_title__v", None),
]


@pytest.mark.parametrize("name, value, user_field, expected", CHANGES)
def test_every_field_changes_the_user(nadia, target, name, value, user_field, expected):
    row = only_row(write(nadia, "PUT", [{"id": str(target), name: value}]))
    assert row["responseStatus"] in ("SUCCESS", "WARNING"), row
    assert nadia.user(target).get(user_field) == expected


def test_the_same_as_csv_with_a_csv_answer(nadia, targets):
    first, second = targets(2)
    body = as_csv([{"id": first, "title__sys": "CSV", "status__v": "active__v"},
                   {"id": second, "title__sys": "CSV", "status__v": "maybe"}])
    reply = nadia.call("PUT", RECORDS, body, {"Content-Type": "text/csv", "Accept": "text/csv"})
    assert reply.content_type == "text/csv;charset=UTF-8"
    header, good, bad = csv.reader(io.StringIO(reply.text))
    assert header == ["responseStatus", "id", "errors"]
    assert good == ["SUCCESS", str(first), ""]
    assert bad[:2] == ["FAILURE", str(second)] and "INVALID_DATA|" in bad[2]
    assert "status__v" in bad[2]


def test_by_another_key(nadia, target):
    name = nadia.user(target)["user_name__v"]
    row = only_row(write(nadia, "PUT", [{"username__sys": name.upper(), "title__sys": "By name"}],
                         "?idParam=username__sys"))
    assert row["data"]["id"] == str(target)
    assert nadia.user(target)["user_title__v"] == "By name"
    row = only_row(write(nadia, "PUT", [{"username__sys": "x@example.com", "title__sys": "?"}],
                         "?idParam=username__sys"))
    assert error_types(row) == ["INVALID_DATA"]
    assert failure(write(nadia, "PUT", [], "?idParam=title__sys")) == "INVALID_DATA"


def test_a_record_can_be_sent_back_as_it_was_read(nadia, target):
    row = only_row(write(nadia, "PUT", [record(nadia, target)]))
    assert row["responseStatus"] == "WARNING", row
    assert nadia.audit_rows_of(nadia.user(target)["user_name__v"]) == []


def test_fields_without_a_meaning_here_are_ignored(nadia, target):
    row = only_row(write(nadia, "PUT", [{
        "id": target, "title__sys": "Kept", "name__v": "X", "send_welcome_email__sys": True,
        "layout_profile__sys": "y", "source_person_id__v": "z"}]))
    assert row["responseStatus"] == "SUCCESS"
    body = as_csv([{"id": target, "title__sys": "Kept 2", "layout_profile__sys": "y",
                    "source_person_id__v": "z"}])
    assert only_row(nadia.call("PUT", RECORDS, body, {"Content-Type": "text/csv"}))[
        "responseStatus"] == "SUCCESS"
    assert nadia.user(target)["user_title__v"] == "Kept 2"


@pytest.mark.parametrize("name", ["user_title__v", "vault_membership", "domain_active__v",
                                  "activation_date__sys", "nonsense__c"])
def test_fields_that_records_lack(nadia, target, name):
    row = only_row(write(nadia, "PUT", [{"id": target, name: "x"}]))
    assert error_types(row) == ["ATTRIBUTE_NOT_SUPPORTED"]
    assert name in row["errors"][0]["message"]


def test_an_unknown_column_fails_the_request(nadia, target):
    reply = nadia.call("PUT", RECORDS, f"id,user_title__v\n{target},x\n",
                       {"Content-Type": "text/csv"})
    assert failure(reply) == "ATTRIBUTE_NOT_SUPPORTED"
    assert "user_title__v" in failure_message(reply)


def test_only_a_vault_owner_makes_vault_owners(log_in, target):
    row = only_row(write(log_in("sara.quality"), "PUT", [
        {"id": target, "security_profile__sys": "vault_owner__v"}]))
    assert error_types(row) == ["INSUFFICIENT_ACCESS"]
    row = only_row(write(log_in("sara.quality"), "PUT", [
        {"id": target, "security_profile__sys": "nonsense__c"}]))
    assert error_types(row) == ["INVALID_DATA"]


def test_bad_rows_do_not_stop_good_ones(nadia, target, clinical_target):
    rows = write(nadia, "PUT", [
        {"id": "99999", "title__sys": "x"}, {"id": str(clinical_target), "title__sys": "x"},
        {"title__sys": "x"}, {"id": str(target), "title__sys": "Good"},
        {"id": str(target), "title__sys": "Twice"}, {"id": "1", "title__sys": "x"}]).json["data"]
    assert [row["responseStatus"] for row in rows] == [
        "FAILURE", "FAILURE", "FAILURE", "SUCCESS", "FAILURE", "FAILURE"]
    assert [error_types(row)[0] for row in rows if "errors" in row] == [
        "INVALID_DATA", "INVALID_DATA", "PARAMETER_REQUIRED", "INVALID_DATA",
        "OPERATION_NOT_ALLOWED"]
    assert nadia.user(target)["user_title__v"] == "Good"


def test_an_update_leaves_an_audit_row(nadia, target):
    reply = write(nadia, "PUT", [{"id": str(target), "title__sys": "Audited"}])
    (row,) = nadia.audit_rows_of(nadia.user(target)["user_name__v"])
    assert (row["field_name"], row["new_value"]) == ("user_title__v", "Audited")
    assert row["execution_id"] == reply.headers["X-VaultAPI-ExecutionId"]


def test_limits(nadia):
    many = [{"id": str(number), "title__sys": "x"} for number in range(1, 502)]
    assert failure(write(nadia, "PUT", many)) == "INVALID_DATA"
    reply = nadia.call("PUT", RECORDS, "", {"Content-Type": "text/csv",
                                            "Content-Length": str(50 * 1024 * 1024 + 1)})
    assert failure(reply) == "EXCEEDS_FILE_MAX_SIZE"


@pytest.mark.parametrize("name", ["dan.document", "bob.business"])
def test_who_may_not_write(log_in, name, target):
    for method in ("PUT", "POST"):
        assert failure(write(log_in(name), method, [{"id": str(target)}])) == "INSUFFICIENT_ACCESS"


def test_who_administers_another_vault_only(log_in, target):
    clara = log_in("clara.clinical")
    row = only_row(write(clara, "PUT", [{"id": str(target), "title__sys": "x"}]))
    assert error_types(row) == ["INVALID_DATA"]  # no record in her vault


# --- create and upsert ----------------------------------------------------------------------------


def person_record(name, **more):
    return {"username__sys": name, "first_name__sys": "New", "last_name__sys": "Person",
            "email__sys": "new@mail.example.com", "language__sys": "en", "locale__sys": "de_DE",
            "timezone__sys": "Europe/Berlin", "security_profile__sys": "document_user__v", **more}


def test_create(nadia):
    row = only_row(write(nadia, "POST", [person_record("created.record@example.com",
                                                       send_welcome_email__sys=True)]))
    assert row["responseStatus"] == "SUCCESS", row
    user_id = row["data"]["id"]
    assert row["data"] == {"id": user_id, "url": f"/api/v24.3/vobjects/user__sys/{user_id}",
                           "event": "created__sys"}
    user = nadia.user(user_id)
    assert user["user_name__v"] == "created.record@example.com"
    assert user["vault_membership"] == [{
        "id": QUALITY, "active__v": True, "security_profile__v": "document_user__v",
        "license_type__v": "full__v"}]


@pytest.mark.parametrize("missing", [
    "username__sys", "first_name__sys", "last_name__sys", "email__sys", "language__sys",
    "locale__sys", "timezone__sys", "security_profile__sys"])
def test_required_on_create(nadia, missing):
    fields = person_record("incomplete@example.com")
    del fields[missing]
    row = only_row(write(nadia, "POST", [fields]))
    assert error_types(row) == ["PARAMETER_REQUIRED"]


def test_a_name_that_exists(nadia):
    row = only_row(write(nadia, "POST", [person_record("bela.kovacs@example.com")]))
    assert error_types(row) == ["ITEM_NAME_EXISTS"]


def test_upsert(nadia):
    fields = person_record("Upserted.record@example.com", federated_id__sys="e-upsert")
    row = only_row(write(nadia, "POST", [fields], "?idParam=username__sys"))
    user_id = row["data"]["id"]
    assert row["data"]["event"] == "created__sys"
    assert row["id_param_value"] == "Upserted.record@example.com"
    row = only_row(write(nadia, "POST", [{"federated_id__sys": "e-upsert", "title__sys": "Two"}],
                         "?idParam=federated_id__sys"))
    assert (row["responseStatus"], row["data"]["id"], row["data"]["event"],
            row["id_param_value"]) == ("SUCCESS", user_id, "updated__sys", "e-upsert")
    assert nadia.user(user_id)["user_title__v"] == "Two"


# --- the rest -------------------------------------------------------------------------------------


def test_delete_is_not_allowed(nadia, target):
    for body in ("", f"id\n{target}\n"):
        reply = nadia.call("DELETE", RECORDS, body, {"Content-Type": "text/csv"})
        assert failure(reply) == "OPERATION_NOT_ALLOWED"
        assert "status__v" in failure_message(reply)
    assert nadia.user(target)["active__v"] is True


def test_one_cannot_be_deleted_either(nadia, target):
    reply = nadia.call("DELETE", f"{RECORDS}/{target}", "")
    assert failure(reply) == "OPERATION_NOT_ALLOWED"
    assert nadia.user(target)["active__v"] is True


# --- audit trail of one record --------------------------------------------------------------------


def trail(api, user_id, query=""):
    return api.get(f"{RECORDS}/{user_id}/audittrail{query}")


def test_the_trail_of_a_record_has_the_rows_of_its_user_alone(nadia, targets):
    mine, other = targets(2)
    nadia.put_users_json([{"id": mine, "user_title__v": "One", "site__v": "S"},
                          {"id": other, "user_title__v": "Two"}])
    write(nadia, "PUT", [{"id": str(mine), "title__sys": "Three"}])
    answer = trail(nadia, mine).json
    newest, before = answer["data"][:2]
    assert (newest["field_name"], newest["old_value"], newest["new_value"]) == (
        "title__sys", "One", "Three")
    assert before["field_name"] == "title__sys,site__sys"
    assert json.loads(before["new_value"]) == {"title__sys": "One", "site__sys": "S"}
    assert {row["item"] for row in answer["data"]} == {nadia.user(mine)["user_name__v"]}
    assert answer["responseDetails"]["object"]["name"] == "object_audit_trail"


def test_the_trail_of_a_record_is_paged(nadia, target):
    for number in range(3):
        nadia.put_users_json([{"id": target, "user_title__v": f"Title {number}"}])
    page = trail(nadia, target, "?limit=1&offset=1").json
    assert [row["new_value"] for row in page["data"]] == ["Title 1"]
    details = page["responseDetails"]
    assert details["total"] >= 3
    assert details["next_page"].startswith(
        f"/api/v24.3/vobjects/user__sys/{target}/audittrail?start_date=")
    following = nadia.call("GET", details["next_page"].removeprefix("/api/v24.3")).json
    assert [row["new_value"] for row in following["data"]] == ["Title 0"]


def test_the_trail_of_a_record_as_csv(nadia, target):
    nadia.put_users_json([{"id": target, "user_title__v": "Of the table"}])
    reply = nadia.call("GET", f"{RECORDS}/{target}/audittrail?limit=1", "", {"Accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(reply.text))
    assert (row["field_name"], row["new_value"]) == ("title__sys", "Of the table")


def test_whose_trail_cannot_be_read(nadia, log_in):
    assert failure(trail(nadia, 999999)) == "INVALID_DATA"
    assert failure(trail(nadia, "me")) == "INVALID_DATA"
    assert failure(trail(nadia, 25003, "?format_result=csv&all_dates=true")) == "INVALID_DATA"
    assert failure(trail(log_in("vic.viewer"), 25003)) == "INSUFFICIENT_ACCESS"


def test_metadata(nadia):
    described = nadia.get("/metadata/vobjects/user__sys").json["object"]
    assert (described["name"], described["label"], described["label_plural"]) == (
        "user__sys", "User", "Users")
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["username__sys"] == {
        "name": "username__sys", "label": "User Name", "type": "String", "max_length": 255,
        "required": True, "editable": True}
    assert fields["status__v"]["type"] == "Picklist" and not fields["status__v"]["required"]
    assert fields["security_profile__sys"]["required"] and not fields["name__v"]["editable"]
    assert set(record(nadia, 25001)) <= set(fields)


def test_a_dead_session(nobody):
    for method, path in (("GET", "/25003"), ("PUT", ""), ("POST", ""), ("DELETE", "")):
        assert failure(nobody.call(method, RECORDS + path)) == "INVALID_SESSION_ID"
