"""Bulk calls as a resource: listing, retrieving, undoing (protocol 7.4)."""

import json

import pytest

from vault_client import CLINICAL, QUALITY, Api, failure, failure_message, person

KEYS = ["id", "user_id", "vault_id", "operation", "started", "finished", "records", "succeeded",
        "failed", "unchanged", "client_id", "reference_id", "undone_by"]


def muster(api, method, path, headers=None, body=None):
    fields = {"Authorization": api.session, **(headers or {})}
    return api.server.request(method, f"/muster/v1{path}", body, fields)


def batch_of(api, reply):
    answer = muster(api, "GET", f"/batches/{reply.headers['X-VaultAPI-ExecutionId']}").json
    assert answer["responseStatus"] == "SUCCESS", answer
    return answer["batch"]


def undo(api, reply, query="", headers=None):
    return muster(api, "POST", f"/batches/{reply.headers['X-VaultAPI-ExecutionId']}/undo{query}",
                  headers)


def rows(reply):
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return [(row["responseStatus"], row.get("id"), [error["type"] for error in row.get("errors", [])])
            for row in reply.json["data"]]


@pytest.fixture(scope="module")
def sara(server):
    return Api(server).log_in_as(person("sara.quality"))


# --- the resource ---------------------------------------------------------------------------------


def test_a_bulk_call_is_a_batch(nadia, targets):
    changed, same, failing = targets(3)
    reply = nadia.put_users_json(
        [{"id": changed, "user_title__v": "Counted"}, {"id": same, "user_title__v": "Title before"},
         {"id": failing, "user_email__v": "broken"}, {"id": 999999}],
        query="?client_id=example-loader", headers={"X-VaultAPI-ReferenceId": "run-7"})
    batch = batch_of(nadia, reply)
    assert list(batch) == KEYS
    assert {key: batch[key] for key in KEYS if key not in ("started", "finished")} == {
        "id": reply.headers["X-VaultAPI-ExecutionId"], "user_id": nadia.user("me")["id"],
        "vault_id": QUALITY, "operation": "update", "records": 4, "succeeded": 1, "failed": 2,
        "unchanged": 1, "client_id": "example-loader", "reference_id": "run-7", "undone_by": ""}
    assert batch["started"] <= batch["finished"] and batch["started"].endswith("Z")


def test_creates_and_upserts_are_batches_too(nadia):
    record = {"user_name__v": "batch.made@example.com", "user_first_name__v": "B",
              "user_last_name__v": "M", "user_email__v": "b@example.com",
              "user_timezone__v": "Asia/Singapore", "user_locale__v": "en_SG",
              "user_language__v": "en", "security_policy_id__v": 821}
    for query, operation, succeeded in (("", "create", 1), (
            "?operation=upsert&idParam=user_name__v", "upsert", 0)):
        reply = nadia.call("POST", "/objects/users" + query, json.dumps([record]),
                           {"Content-Type": "application/json"})
        batch = batch_of(nadia, reply)
        assert (batch["operation"], batch["succeeded"], batch["unchanged"]) == (
            operation, succeeded, 1 - succeeded)


def test_batches_are_listed_newest_first_by_pages(nadia, target):
    replies = [nadia.put_users_json([{"id": target, "user_title__v": f"Listed {number}"}])
               for number in range(3)]
    ids = [reply.headers["X-VaultAPI-ExecutionId"] for reply in replies]
    answer = muster(nadia, "GET", "/batches?limit=2&start=1").json
    assert list(answer) == ["responseStatus", "size", "start", "limit", "total", "batches"]
    assert (answer["size"], answer["start"], answer["limit"]) == (2, 1, 2)
    assert [batch["id"] for batch in answer["batches"]] == [ids[1], ids[0]]
    assert answer["total"] >= 3


def test_what_is_no_batch(nadia, target):
    dry = nadia.put_users_json([{"id": target, "user_title__v": "x"}], query="?dry_run=true")
    one = nadia.call("PUT", f"/objects/users/{target}", '{"user_title__v":"One"}',
                     {"Content-Type": "application/json"})
    for reply in (dry, one):
        execution = reply.headers["X-VaultAPI-ExecutionId"]
        assert failure(muster(nadia, "GET", f"/batches/{execution}")) == "INVALID_DATA"
    assert failure(muster(nadia, "POST", "/batches/nonsense/undo")) == "INVALID_DATA"


def test_who_sees_batches(server, nadia, sara, clinical_target, log_in):
    clinic = Api(server).log_in_as(person("nadia.brandt"), vault_dns="clinical.example.com")
    reply = clinic.put_users_json([{"id": clinical_target, "user_title__v": "Of the clinic"}])
    assert batch_of(clinic, reply)["vault_id"] == CLINICAL
    execution = reply.headers["X-VaultAPI-ExecutionId"]
    assert failure(muster(sara, "GET", f"/batches/{execution}")) == "INVALID_DATA"
    assert failure(undo(sara, reply)) == "INVALID_DATA"
    assert execution not in muster(sara, "GET", "/batches?limit=1000").text
    viewer = log_in("vic.viewer")
    for method, path in (("GET", "/batches"), ("GET", f"/batches/{execution}"),
                         ("POST", f"/batches/{execution}/undo")):
        assert failure(muster(viewer, method, path)) == "INSUFFICIENT_ACCESS"


# --- undo -----------------------------------------------------------------------------------------


def test_an_undo_writes_the_old_values_back(nadia, targets):
    first, second, same = targets(3)
    before = [nadia.user(user) for user in (first, second, same)]
    reply = nadia.put_users_json([
        {"id": second, "user_title__v": "New", "company__v": None, "site__v": "S",
         "security_policy_id__v": 822, "user_needs_to_change_password__v": True,
         "user_name__v": f"renamed.{second}@example.com", "federated_id__v": f"f{second}",
         "vault_membership": f"{QUALITY}:false:business_admin__v:external__v;{CLINICAL}"},
        {"id": first, "user_email__v": "other@example.com"}, {"id": same}])
    assert rows(reply) == [("SUCCESS", str(user), []) for user in (second, first, same)]
    undone = undo(nadia, reply)
    assert rows(undone) == [("SUCCESS", str(user), []) for user in (second, first)]
    after = [nadia.user(user) for user in (first, second, same)]
    for was, now in zip(before, after):
        memberships = {entry["id"]: entry for entry in now.pop("vault_membership")}
        if now["id"] == second:
            assert memberships.pop(CLINICAL)["active__v"] is False
            now["vault_id__v"].remove(CLINICAL)
        assert list(memberships.values()) == was.pop("vault_membership")
        for stamp in ("modified_date__v", "modified_by__v"):
            del was[stamp], now[stamp]
        assert now == was
    assert batch_of(nadia, undone)["operation"] == "undo"
    assert batch_of(nadia, reply)["undone_by"] == undone.headers["X-VaultAPI-ExecutionId"]
    newest = nadia.audit_rows_of(before[0]["user_name__v"])[0]
    assert (newest["action"], newest["new_value"]) == ("Undo Users", before[0]["user_email__v"])


def test_a_record_that_was_changed_since_stays(nadia, targets):
    touched, untouched = targets(2)
    reply = nadia.put_users_json([{"id": touched, "user_title__v": "Batch"},
                                  {"id": untouched, "user_title__v": "Batch"}])
    nadia.put_users_json([{"id": touched, "site__v": "Elsewhere"}])
    assert rows(undo(nadia, reply)) == [("FAILURE", str(touched), ["RACE_CONDITION"]),
                                        ("SUCCESS", str(untouched), [])]
    assert nadia.user(touched)["user_title__v"] == "Batch"
    assert nadia.user(untouched)["user_title__v"] == "Title before"


def test_a_batch_is_undone_once_and_an_undo_can_be_undone(nadia, target):
    reply = nadia.put_users_json([{"id": target, "user_title__v": "Batch"}])
    undone = undo(nadia, reply)
    again = undo(nadia, reply)
    assert failure(again) == "OPERATION_NOT_ALLOWED"
    assert undone.headers["X-VaultAPI-ExecutionId"] in failure_message(again)
    assert rows(undo(nadia, undone)) == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["user_title__v"] == "Batch"


def test_an_undo_where_all_changed_since_does_not_count(nadia, target):
    reply = nadia.put_users_json([{"id": target, "user_title__v": "Batch"}])
    nadia.put_users_json([{"id": target, "user_title__v": "Later"}])
    assert rows(undo(nadia, reply)) == [("FAILURE", str(target), ["RACE_CONDITION"])]
    assert batch_of(nadia, reply)["undone_by"] == ""


def test_a_created_user_is_disabled_by_the_undo(nadia):
    record = {"user_name__v": "undo.me@example.com", "user_first_name__v": "U",
              "user_last_name__v": "M", "user_email__v": "u@example.com",
              "user_timezone__v": "Asia/Singapore", "user_locale__v": "en_SG",
              "user_language__v": "en", "security_policy_id__v": 821,
              "vault_membership": f"{QUALITY}:true"}
    reply = nadia.call("POST", "/objects/users", json.dumps([record]),
                       {"Content-Type": "application/json"})
    (made,) = reply.json["data"]
    assert rows(undo(nadia, reply)) == [("SUCCESS", made["id"], [])]
    user = nadia.user(made["id"])
    assert (user["domain_active__v"], user["active__v"]) == (False, False)
    assert user["user_title__v" if "user_title__v" in user else "user_last_name__v"]


def test_an_undo_takes_options(nadia, target):
    reply = nadia.put_users_json([{"id": target, "user_title__v": "Batch"}])
    tried = undo(nadia, reply, "?dry_run=true").json
    assert tried["dryRun"] is True
    assert tried["data"][0]["changes"] == [
        {"field": "user_title__v", "old": "Batch", "new": "Title before"}]
    assert nadia.user(target)["user_title__v"] == "Batch"
    first = undo(nadia, reply, headers={"Idempotency-Key": "undo-1"})
    again = undo(nadia, reply, headers={"Idempotency-Key": "undo-1"})
    assert again.headers["Idempotency-Replayed"] == "true" and again.body == first.body
    csv = undo(nadia, first, headers={"Accept": "text/csv"})
    assert csv.text == f"responseStatus,id,errors\nSUCCESS,{target},\n"


def test_an_undo_takes_the_rights_of_the_change(server, nadia, sara, target):
    reply = nadia.put_users_json([{"id": target, "domain_active__v": False}])
    ((status, _, errors),) = rows(undo(sara, reply))
    assert (status, errors[0]) == ("FAILURE", "INSUFFICIENT_ACCESS")
    assert nadia.user(target)["domain_active__v"] is False
    assert rows(undo(nadia, reply)) == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["domain_active__v"] is True
