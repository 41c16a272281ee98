"""Options of calls that write users: dry_run, atomic and an Idempotency-Key (protocol 7.1 to 7.3)."""

import json
import threading

import pytest

from muster_server import MusterServer
from vault_client import (CLINICAL, QUALITY, Api, as_csv, failure, failure_message, person,
                          result_rows, write_seed)

JSON, CSV = "application/json", "text/csv"


def trail_total(api):
    return api.audit("domain_audit_trail")["responseDetails"]["total"]


def new_user(name, **more):
    return {"user_name__v": name, "user_first_name__v": "Mei", "user_last_name__v": "Tan",
            "user_email__v": "mei@example.com", "user_timezone__v": "Asia/Singapore",
            "user_locale__v": "en_SG", "user_language__v": "en", "security_policy_id__v": 821,
            **more}


def post(api, records, query="", headers=None):
    return api.call("POST", "/objects/users" + query, json.dumps(records),
                    {"Content-Type": JSON, **(headers or {})})


# --- dry run --------------------------------------------------------------------------------------


def test_a_dry_run_tells_each_change_and_writes_nothing(nadia, targets):
    changed, same, failing = targets(3)
    before, rows = [nadia.user(user) for user in (changed, same, failing)], trail_total(nadia)
    reply = nadia.put_users_json([
        {"id": changed, "user_title__v": "Director", "site__v": "S", "company__v": None,
         "user_needs_to_change_password__v": True,
         "vault_membership": f"{QUALITY}::business_admin__v;{CLINICAL}"},
        {"id": same, "user_title__v": "Title before"},
        {"id": failing, "user_email__v": "broken", "user_language__v": "xx"}],
        query="?dry_run=true")
    answer = reply.json
    assert (answer["responseStatus"], answer["dryRun"]) == ("SUCCESS", True)
    first, second, third = answer["data"]
    assert first["changes"] == [
        {"field": "user_title__v", "old": "Title before", "new": "Director"},
        {"field": "site__v", "old": None, "new": "S"},
        {"field": "user_needs_to_change_password__v", "old": False, "new": True},
        {"field": "company__v", "old": "Company before", "new": None},
        {"field": f"vault_membership[{QUALITY}].security_profile__v", "old": "document_user__v",
         "new": "business_admin__v"},
        {"field": f"vault_membership[{CLINICAL}].active__v", "old": None, "new": True},
        {"field": f"vault_membership[{CLINICAL}].security_profile__v", "old": None,
         "new": "document_user__v"},
        {"field": f"vault_membership[{CLINICAL}].license_type__v", "old": None, "new": "full__v"}]
    assert second == {"responseStatus": "SUCCESS", "id": str(same)}
    assert len(third["errors"]) == 2 and "changes" not in third
    assert [nadia.user(user) for user in (changed, same, failing)] == before
    assert trail_total(nadia) == rows


def test_a_dry_run_as_csv_has_one_more_column(nadia, target):
    reply = nadia.put_users_csv(f"id,user_title__v\n{target},Director\n{target},x\n", accept=CSV,
                                query="?dry_run=TRUE")
    header, first, second, _ = reply.text.split("\n")
    assert header == "responseStatus,id,errors,changes"
    assert first == (f'SUCCESS,{target},,"[{{""field"":""user_title__v"",""old"":""Title before"",'
                     '""new"":""Director""}]"')
    assert second.startswith(f"FAILURE,{target},") and second.endswith(",")


def test_what_was_tried_is_what_then_happens(nadia, target):
    record = {"id": target, "user_title__v": "Tried", "mobile_phone__v": "1", "alias__v": "T"}
    (tried,) = nadia.put_users_json([record], query="?dry_run=true").json["data"]
    nadia.put_users_json([record])
    row = nadia.audit_rows_of(nadia.user(target)["user_name__v"])[0]
    assert row["field_name"].split(",") == [change["field"] for change in tried["changes"]]


@pytest.mark.parametrize("query, id_param", [("?dry_run=true", None),
                                             ("?operation=upsert&idParam=user_name__v&dry_run=true",
                                              "user_name__v")])
def test_a_dry_run_creates_nobody(nadia, query, id_param):
    name = f"dry.{id_param}@example.com"
    (row,) = post(nadia, [new_user(name)], query).json["data"]
    assert row["responseStatus"] == "SUCCESS" and "id" not in row
    assert {"field": "user_name__v", "old": None, "new": name} in row["changes"]
    (real,) = post(nadia, [new_user(name)]).json["data"]
    assert real["responseStatus"] == "SUCCESS"


def test_a_dry_run_of_one_user(nadia, target):
    reply = nadia.call("PUT", f"/objects/users/{target}?dry_run=true", "user_title__v=Director",
                       {"Content-Type": "application/x-www-form-urlencoded"})
    assert reply.json == {"responseStatus": "SUCCESS", "dryRun": True, "id": target,
                          "changes": [{"field": "user_title__v", "old": "Title before",
                                       "new": "Director"}]}
    assert nadia.user(target)["user_title__v"] == "Title before"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    broken = nadia.call("PUT", f"/objects/users/{target}?dry_run=true", "user_email__v=x", form)
    assert failure(broken) == "INVALID_DATA"


def test_a_dry_run_of_object_records(nadia, target):
    reply = nadia.call("PUT", "/vobjects/user__sys?dry_run=true",
                       json.dumps([{"id": str(target), "title__sys": "Director"}]),
                       {"Content-Type": JSON})
    assert reply.json["dryRun"] is True
    assert nadia.user(target)["user_title__v"] == "Title before"


@pytest.mark.parametrize("option", ["dry_run", "atomic"])
@pytest.mark.parametrize("value", ["yes", "1", "tru"])
def test_an_option_that_is_no_flag_writes_nothing(nadia, target, option, value):
    reply = nadia.put_users_json([{"id": target, "user_title__v": "x"}],
                                 query=f"?{option}={value}")
    assert failure(reply) == "INVALID_DATA" and f"[{option}]" in failure_message(reply)
    assert nadia.user(target)["user_title__v"] == "Title before"


# --- atomic ---------------------------------------------------------------------------------------


def test_an_atomic_batch_with_a_failing_record_is_not_applied(nadia, targets):
    fine, failing = targets(2)
    rows = trail_total(nadia)
    reply = nadia.put_users_json([{"id": fine, "user_title__v": "Director"},
                                  {"id": failing, "user_email__v": "broken"}], query="?atomic=true")
    answer = reply.json
    assert answer["responseStatus"] == "FAILURE"
    assert reply.headers["X-VaultAPI-Status"] == "FAILURE"
    assert [error["type"] for error in answer["errors"]] == ["OPERATION_NOT_ALLOWED"]
    first, second = answer["data"]
    assert first == {"responseStatus": "FAILURE", "id": str(fine), "errors": [
        {"type": "OPERATION_NOT_ALLOWED",
         "message": "Not applied: another record of this atomic batch failed."}]}
    assert [error["type"] for error in second["errors"]] == ["INVALID_DATA"]
    assert nadia.user(fine)["user_title__v"] == "Title before"
    assert trail_total(nadia) == rows


def test_an_atomic_batch_whose_records_are_all_fine_is_applied(nadia, targets):
    users = targets(2)
    reply = nadia.put_users_json([{"id": user, "user_title__v": "Together"} for user in users],
                                 query="?atomic=true")
    assert reply.json["responseStatus"] == "SUCCESS" and "errors" not in reply.json
    assert [nadia.user(user)["user_title__v"] for user in users] == ["Together"] * 2


def test_a_refused_batch_as_csv(nadia, targets):
    fine, failing = targets(2)
    reply = nadia.put_users_csv(f"id,user_email__v\n{fine},a@example.com\n{failing},broken\n",
                                accept=CSV, query="?atomic=true")
    assert reply.headers["X-VaultAPI-Status"] == "FAILURE"
    assert [row[0] for row in result_rows(reply)] == ["FAILURE", "FAILURE"]
    assert [row[2] for row in result_rows(reply)] == [["OPERATION_NOT_ALLOWED"], ["INVALID_DATA"]]
    assert nadia.user(fine)["user_email__v"] != "a@example.com"


def test_an_atomic_create_leaves_nobody(nadia):
    answer = post(nadia, [new_user("atom.1@example.com"), {"user_name__v": "atom.2@example.com"}],
                  "?atomic=true").json
    assert answer["responseStatus"] == "FAILURE" and "id" not in answer["data"][0]
    assert post(nadia, [new_user("atom.1@example.com")]).json["data"][0]["responseStatus"] == (
        "SUCCESS")


def test_a_dry_run_of_an_atomic_batch(nadia, targets):
    fine, failing = targets(2)
    records = [{"id": fine, "user_title__v": "x"}, {"id": failing, "user_email__v": "broken"}]
    answer = nadia.put_users_json(records, query="?atomic=true&dry_run=true").json
    assert (answer["responseStatus"], answer["dryRun"]) == ("FAILURE", True)
    answer = nadia.put_users_json(records[:1], query="?atomic=true&dry_run=true").json
    assert (answer["responseStatus"], len(answer["data"][0]["changes"])) == ("SUCCESS", 1)


# --- idempotency key ------------------------------------------------------------------------------


def keyed(api, key, records, query="", accept=None):
    return api.put_users_json(records, accept, query, {"Idempotency-Key": key})


def replayed(reply):
    return reply.headers.get("Idempotency-Replayed") == "true"


def test_the_same_call_again_is_answered_as_before_and_not_applied(nadia, target):
    first = keyed(nadia, "again-1", [{"id": target, "user_title__v": "Once"},
                                     {"id": target, "site__v": "S"}])
    assert not replayed(first)
    nadia.put_users_json([{"id": target, "user_title__v": "Changed since"}])
    rows = trail_total(nadia)
    again = keyed(nadia, "again-1", [{"id": target, "user_title__v": "Once"},
                                     {"id": target, "site__v": "S"}])
    assert replayed(again) and again.body == first.body
    assert again.headers["X-VaultAPI-Status"] == first.headers["X-VaultAPI-Status"]
    assert again.headers["X-VaultAPI-ExecutionId"] != first.headers["X-VaultAPI-ExecutionId"]
    assert nadia.user(target)["user_title__v"] == "Changed since"
    assert trail_total(nadia) == rows


def test_another_body_under_the_same_key_is_refused(nadia, target):
    keyed(nadia, "other-1", [{"id": target, "user_title__v": "Once"}])
    for reply in (keyed(nadia, "other-1", [{"id": target, "user_title__v": "Twice"}]),
                  keyed(nadia, "other-1", [{"id": target, "user_title__v": "Once"}], "?atomic=true")):
        assert failure(reply) == "INVALID_DATA" and "Idempotency-Key" in failure_message(reply)
    assert nadia.user(target)["user_title__v"] == "Once"


def test_the_answer_keeps_its_format(nadia, target):
    first = keyed(nadia, "format-1", [{"id": target, "user_title__v": "Once"}], accept=CSV)
    again = keyed(nadia, "format-1", [{"id": target, "user_title__v": "Once"}], accept=JSON)
    assert replayed(again) and again.body == first.body and again.content_type.startswith(CSV)


def test_keys_of_others_vaults_and_calls_are_other_keys(server, nadia, targets):
    mine, theirs = targets(2)
    keyed(nadia, "scope-1", [{"id": mine, "user_title__v": "Mine"}])
    sara = Api(server).log_in_as(person("sara.quality"))
    reply = keyed(sara, "scope-1", [{"id": theirs, "user_title__v": "Theirs"}])
    assert not replayed(reply) and nadia.user(theirs)["user_title__v"] == "Theirs"
    one = nadia.call("PUT", f"/objects/users/{mine}", '{"user_title__v":"One"}',
                     {"Content-Type": JSON, "Idempotency-Key": "scope-1"})
    assert one.json["responseStatus"] == "SUCCESS" and not replayed(one)
    again = nadia.call("PUT", f"/objects/users/{mine}", '{"user_title__v":"One"}',
                       {"Content-Type": JSON, "Idempotency-Key": "scope-1"})
    assert replayed(again) and again.json == one.json


def test_a_create_is_made_once(nadia):
    name = "once.only@example.com"
    first = post(nadia, [new_user(name)], headers={"Idempotency-Key": "create-1"})
    again = post(nadia, [new_user(name)], headers={"Idempotency-Key": "create-1"})
    assert first.json["data"][0]["responseStatus"] == "SUCCESS"
    assert replayed(again) and again.json == first.json


def test_a_dry_run_does_not_use_its_key_up(nadia, target):
    records = [{"id": target, "user_title__v": "Real"}]
    assert keyed(nadia, "dry-1", records, "?dry_run=true").json["dryRun"] is True
    assert not replayed(keyed(nadia, "dry-1", records))
    assert nadia.user(target)["user_title__v"] == "Real"


def test_a_call_that_failed_as_a_whole_may_be_made_again_under_its_key(nadia, target):
    assert failure(nadia.put_users_json("[", headers={"Idempotency-Key": "broken-1"})) == (
        "INVALID_DATA")
    reply = keyed(nadia, "broken-1", [{"id": target, "user_title__v": "Mended"}])
    assert reply.json["responseStatus"] == "SUCCESS" and not replayed(reply)


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "caf\xe9"])
def test_what_is_no_key(nadia, target, key):
    reply = keyed(nadia, key, [{"id": target, "user_title__v": "x"}])
    assert failure(reply) == "INVALID_DATA"
    assert nadia.user(target)["user_title__v"] == "Title before"


def test_a_key_of_255_characters(nadia, target):
    assert keyed(nadia, "k" * 255, [{"id": target, "user_title__v": "x"}]).json[
        "responseStatus"] == "SUCCESS"


def test_of_many_at_once_one_is_applied(server, nadia, target):
    rows = trail_total(nadia)
    replies, start = [], threading.Barrier(8)

    def send():
        api = Api(server, nadia.session)
        start.wait()
        replies.append(keyed(api, "race-1", [{"id": target, "user_title__v": "Raced"}]))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [reply for reply in replies if reply.json["responseStatus"] == "SUCCESS"]
    assert len([reply for reply in done if not replayed(reply)]) == 1
    assert {failure(reply) for reply in replies if reply not in done} <= {"OPERATION_IN_PROGRESS"}
    assert trail_total(nadia) == rows + 1


def test_keys_hold_over_a_restart(tmp_path):
    server = MusterServer(tmp_path / "data", seed=write_seed(tmp_path / "seed.json", crowd=1))
    try:
        server.start()
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        first = keyed(nadia, "restart-1", [{"id": 30001, "user_title__v": "Once"}])
        server.kill()
        server.start()
        again = keyed(Api(server, nadia.session), "restart-1",
                      [{"id": 30001, "user_title__v": "Once"}])
        assert replayed(again) and again.body == first.body
    finally:
        server.stop()
