"""Groups (protocol 5.3)."""

import concurrent.futures
import json
import re

import pytest

from muster_server import MusterServer, form
from vault_client import SEED, Api, failure, failure_message, person, write_seed

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
KEYS = ["members__v", "active__v", "security_profiles__v", "name__v", "modified_by__v",
        "editable__v", "allow_delegation_among_members__v", "modified_date__v",
        "group_description__v", "system_group__v", "label__v", "created_date__v", "type__v", "id",
        "created_by__v"]
DATE = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"


def send(api, method, path, **fields):
    return api.call(method, f"/objects/groups{path}", form(fields), FORM)


def create(api, **fields):
    reply = send(api, "POST", "", **fields)
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return reply.json["id"]


def update(api, group, **fields):
    reply = send(api, "PUT", f"/{group}", **fields)
    assert reply.json == {"responseStatus": "SUCCESS",
                          "responseMessage": "Group successfully updated.", "id": group}


def read(api, group, query=""):
    reply = api.get(f"/objects/groups/{group}{query}")
    assert reply.json["responseStatus"] == "SUCCESS", reply
    (entry,) = reply.json["groups"]
    return entry["group"]


@pytest.fixture
def sara(log_in):
    """System Admin of vault Quality."""
    return log_in("sara.quality")


def test_the_audit_trail_tells_of_groups(nadia, sara, targets):
    first, second = targets(2)
    group = create(sara, label__v="Audited Team", members__v=str(first))
    update(sara, group, members__v=f"add ({second})", group_description__v="Reads")
    update(sara, group, members__v=f"add ({second})")  # says what is so: no row
    send(sara, "DELETE", f"/{group}")
    deleted, updated, created = nadia.audit_rows_of("Audited Team")
    assert [row["action"] for row in (created, updated, deleted)] == [
        "Create Group", "Update Group", "Delete Group"]
    assert {row["user_name"] for row in (created, updated, deleted)} == {"sara.quality@example.com"}
    assert json.loads(created["new_value"]) == {
        "label__v": "Audited Team", "members__v": str(first), "active__v": "true",
        "allow_delegation_among_members__v": "false"}
    assert updated["field_name"] == "group_description__v,members__v"
    assert json.loads(updated["old_value"]) == {"group_description__v": "", "members__v": ""}
    assert json.loads(updated["new_value"]) == {"group_description__v": "Reads",
                                                "members__v": str(second)}
    assert json.loads(deleted["old_value"])["members__v"] == f"{first},{second}"
    assert set(json.loads(deleted["new_value"]).values()) == {""}


def test_a_new_group_is_as_it_was_asked_for(sara, targets):
    members = targets(2)
    reply = send(sara, "POST", "", label__v="Cholecap Team US", members__v=f"{members[1]},{members[0]}",
                 security_profiles__v="document_user__v", group_description__v="Writes & reads",
                 allow_delegation_among_members__v="true")
    group = reply.json["id"]
    assert reply.json == {"responseStatus": "SUCCESS",
                          "responseMessage": "Group successfully created.", "id": group}
    shown = read(sara, group)
    assert list(shown) == KEYS
    created = shown.pop("created_date__v")
    assert re.match(DATE, created) and shown.pop("modified_date__v") == created
    assert shown == {
        "members__v": members, "active__v": True, "security_profiles__v": ["document_user__v"],
        "name__v": "cholecap_team_us__c", "modified_by__v": 25011, "editable__v": True,
        "allow_delegation_among_members__v": True, "group_description__v": "Writes & reads",
        "system_group__v": False, "label__v": "Cholecap Team US", "type__v": "User Managed Group",
        "id": group, "created_by__v": 25011}


def test_a_group_needs_nothing_but_a_label(sara):
    shown = read(sara, create(sara, label__v="Bare"))
    assert (shown["members__v"], shown["security_profiles__v"]) == ([], [])
    assert shown["group_description__v"] is None
    assert shown["active__v"] is True
    assert shown["allow_delegation_among_members__v"] is False
    assert read(sara, create(sara, label__v="Asleep", active__v="false"))["active__v"] is False


def test_the_list_holds_every_group(sara, log_in):
    group = create(sara, label__v="Listed")
    groups = [entry["group"] for entry in log_in("vic.viewer").get("/objects/groups").json["groups"]]
    assert [entry for entry in groups if entry["id"] == group] == [read(sara, group)]


def test_the_metadata(nadia):
    properties = nadia.get("/metadata/objects/groups").json["properties"]
    assert [(entry["name"], entry["type"], entry["length"], entry["editable"], entry["required"])
            for entry in properties] == [
        ("id", "id", 20, False, True), ("label__v", "String", 255, True, True),
        ("allow_delegation_among_members__v", "Boolean", 1, True, False),
        ("group_description__v", "String", 200, True, False)]
    assert all(set(entry) == {"name", "type", "length", "editable", "queryable", "required",
                              "multivalue", "onCreateEditable"} for entry in properties)


@pytest.mark.parametrize("query, offset, limit", [("", 0, 1000), ("?limit=10&offset=5", 5, 10)])
def test_there_are_no_auto_managed_groups(nadia, query, offset, limit):
    assert nadia.get("/objects/groups/auto" + query).json == {
        "responseStatus": "SUCCESS", "data": [],
        "responseDetails": {"offset": offset, "limit": limit, "size": 0, "total": 0}}
    assert failure(nadia.get("/objects/groups/auto?limit=1001")) == "INVALID_DATA"


def test_members_replace_come_in_and_go(sara, targets):
    a, b, c = targets(3)
    group = create(sara, label__v="Members", members__v=f"{a},{b}")
    update(sara, group, members__v=f"{b},{c}")
    assert read(sara, group)["members__v"] == [b, c]
    update(sara, group, members__v=f"add ({a}, {b})")
    assert read(sara, group)["members__v"] == [a, b, c]
    update(sara, group, members__v=f"delete ({b},{c})")
    assert read(sara, group)["members__v"] == [a]
    update(sara, group, members__v="")
    assert read(sara, group)["members__v"] == []


def test_what_is_not_sent_stays(sara, target):
    group = create(sara, label__v="Stays", members__v=target, group_description__v="Before",
                   security_profiles__v="document_user__v,read_only_user__v")
    before = read(sara, group)
    update(sara, group, group_description__v="After")
    after = read(sara, group)
    assert after.pop("modified_date__v") >= before.pop("modified_date__v")
    assert after == {**before, "group_description__v": "After"}
    update(sara, group, security_profiles__v="read_only_user__v")
    assert read(sara, group)["security_profiles__v"] == ["read_only_user__v"]


def test_implied_members_are_told_on_request(sara):
    group = create(sara, label__v="Readers", security_profiles__v="read_only_user__v")
    assert "implied_members__v" not in read(sara, group)
    shown = read(sara, group, "?includeImplied=true")
    assert shown["members__v"] == []
    assert shown["implied_members__v"] == [
        {"id": 25016, "source_name": "read_only_user__v", "source_type": "security_profile"}]
    listed = sara.get("/objects/groups?includeImplied=true").json["groups"]
    assert [entry["group"]["implied_members__v"] for entry in listed
            if entry["group"]["id"] == group] == [shown["implied_members__v"]]


def test_the_groups_of_a_user_follow(sara, target):
    before, bob = sara.user(target)["group_id__v"], person("bob.business").id
    assert before[0] == 1
    named = create(sara, label__v="Named", members__v=target)
    assert sara.user(target)["group_id__v"] == before + [named]
    implied = create(sara, label__v="Implied", security_profiles__v="business_admin__v")
    assert sara.user(bob)["group_id__v"] == [1, implied]
    update(sara, named, members__v=f"delete ({target})")
    assert sara.user(target)["group_id__v"] == before
    assert send(sara, "DELETE", f"/{implied}").json["responseStatus"] == "SUCCESS"
    assert sara.user(bob)["group_id__v"] == [1]


def test_a_deleted_group_is_gone_and_its_id_does_not_come_again(sara):
    group = create(sara, label__v="Gone")
    assert send(sara, "DELETE", f"/{group}").json == {"responseStatus": "SUCCESS", "id": group}
    assert failure(sara.get(f"/objects/groups/{group}")) == "INVALID_DATA"
    assert failure(send(sara, "PUT", f"/{group}", label__v="Back")) == "INVALID_DATA"
    assert failure(send(sara, "DELETE", f"/{group}")) == "INVALID_DATA"
    assert create(sara, label__v="Gone") > group


@pytest.mark.parametrize("group", ["999", "0", "abc", "-1", "99999999999999999999"])
def test_an_unknown_group_is_refused(sara, group):
    assert failure(sara.get(f"/objects/groups/{group}")) == "INVALID_DATA"
    assert failure(send(sara, "PUT", f"/{group}", label__v="x")) == "INVALID_DATA"
    assert failure(send(sara, "DELETE", f"/{group}")) == "INVALID_DATA"


@pytest.mark.parametrize("fields, expected, named", [
    ({}, "PARAMETER_REQUIRED", "label__v"), ({"label__v": " "}, "PARAMETER_REQUIRED", "label__v"),
    ({"label__v": "x" * 256}, "INVALID_DATA", "label__v"),
    ({"label__v": "L", "group_description__v": "x" * 201}, "INVALID_DATA", "group_description__v"),
    ({"label__v": "L", "members__v": "25003,999999"}, "INVALID_DATA", "999999"),
    ({"label__v": "L", "members__v": "Ann"}, "INVALID_DATA", "members__v"),
    ({"label__v": "L", "security_profiles__v": "nobody__c"}, "INVALID_DATA", "nobody__c"),
    ({"label__v": "L", "active__v": "yes"}, "INVALID_DATA", "active__v"),
    ({"label__v": "L", "name__v": "own__c"}, "ATTRIBUTE_NOT_SUPPORTED", "name__v")])
def test_bad_input_is_refused_and_named(sara, fields, expected, named):
    before = sara.get("/objects/groups").json
    reply = send(sara, "POST", "", **fields)
    assert failure(reply) == expected
    assert f"[{named}]" in failure_message(reply)
    assert sara.get("/objects/groups").json == before


def test_two_groups_have_not_the_same_label(sara):
    create(sara, label__v="Twice")
    other = create(sara, label__v="Once")
    assert failure(send(sara, "POST", "", label__v="TWICE")) == "ITEM_NAME_EXISTS"
    assert failure(send(sara, "PUT", f"/{other}", label__v="twice")) == "ITEM_NAME_EXISTS"
    update(sara, other, label__v="ONCE")


@pytest.mark.parametrize("who, may", [
    ("sara.quality", True), ("otto.owner", True), ("nadia.brandt", True), ("dora.domain", True),
    ("bob.business", False), ("dan.document", False), ("carl.copy", False), ("vic.viewer", False)])
def test_who_changes_groups_and_who_reads_them(log_in, sara, who, may):
    group = create(sara, label__v=f"Rights of {who}")
    api = log_in(who)
    assert read(api, group)["label__v"] == f"Rights of {who}"
    replies = [send(api, "POST", "", label__v=f"By {who}"),
               send(api, "PUT", f"/{group}", group_description__v="Changed"),
               send(api, "DELETE", f"/{group}")]
    if may:
        assert [reply.json["responseStatus"] for reply in replies] == ["SUCCESS"] * 3
    else:
        assert [failure(reply) for reply in replies] == ["INSUFFICIENT_ACCESS"] * 3


def test_without_a_session_there_are_no_groups(nobody):
    for method, path in [("GET", ""), ("POST", ""), ("GET", "/1"), ("PUT", "/1"), ("DELETE", "/1"),
                         ("GET", "/auto")]:
        assert failure(send(nobody, method, path)) == "INVALID_SESSION_ID"


def test_a_json_body_is_refused(sara):
    reply = sara.call("POST", "/objects/groups", json.dumps({"label__v": "x"}),
                      {"Content-Type": "application/json"})
    assert failure(reply) == "INVALID_DATA"


def test_no_change_is_lost_among_many_at_once(sara, targets):
    members = targets(40)
    group = create(sara, label__v="Crowded")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda member: update(sara, group, members__v=f"add ({member})"), members))
    assert read(sara, group)["members__v"] == members


def test_groups_survive_a_crash(own_server):
    sara = Api(own_server).log_in_as(person("sara.quality"))
    kept = create(sara, label__v="Kept", members__v="25003", security_profiles__v="quality_admin__c")
    gone = create(sara, label__v="Removed")
    send(sara, "DELETE", f"/{gone}")
    before = sara.get("/objects/groups").json
    own_server.kill()
    own_server.start()
    assert sara.get("/objects/groups").json == before
    assert [entry["group"]["id"] for entry in before["groups"]] == [1, kept]
    assert create(sara, label__v="Next") == gone + 1


def test_groups_of_the_seed_file(tmp_path):
    seed = write_seed(tmp_path / "seed.json", users=[
        user for user in SEED["users"] if user["id"] in (25001, 25011)])
    document = json.loads(seed.read_text())
    document["groups"] = [
        {"id": 1, "name__v": "all_internal_users__v", "label__v": "All Internal Users",
         "security_profiles__v": ["vault_owner__v"]},
        {"label__v": "Authors", "members__v": [25011, 25001]}]
    seed.write_text(json.dumps(document))
    with MusterServer(tmp_path / "data", seed=seed) as server:
        sara = Api(server).log_in_as(person("sara.quality"))
        system, authors = [entry["group"] for entry in sara.get("/objects/groups").json["groups"]]
        assert (system["id"], system["type__v"]) == (1, "System Provided Group")
        assert (authors["id"], authors["members__v"]) == (1002, [25001, 25011])
        assert (authors["created_by__v"], authors["name__v"]) == (1, "authors__c")
        assert authors["created_date__v"] == authors["modified_date__v"]
        assert sara.user(25001)["group_id__v"] == [1, 1002]
        assert sara.user(25011)["group_id__v"] == [1002]
        assert system["security_profiles__v"] == ["vault_owner__v"]


def test_all_internal_users_are_a_group_of_the_system(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    shown = read(nadia, 1, "?includeImplied=true")
    created = shown.pop("created_date__v")
    assert re.match(DATE, created) and shown.pop("modified_date__v") == created
    members = {member["id"]: member["source_name"] for member in shown.pop("implied_members__v")}
    assert shown == {
        "members__v": [], "active__v": True, "security_profiles__v": [
            "business_admin__v", "document_user__v", "read_only_user__v", "system_admin__v",
            "vault_owner__v", "view_based_user__v", "quality_admin__c"],
        "name__v": "all_internal_users__v", "modified_by__v": 1, "editable__v": False,
        "allow_delegation_among_members__v": False, "group_description__v": None,
        "system_group__v": True, "label__v": "All Internal Users",
        "type__v": "System Provided Group", "id": 1, "created_by__v": 1}
    assert members[25015] == "document_user__v" and members[25019] == "quality_admin__c"
    for name, groups in [("dan.document", [1]), ("eric.external", []), ("cyd.clinical", []),
                         ("max.membership", []), ("dom.only", [])]:
        who = person(name).id
        assert (who in members) == (groups == [1]), name
        assert nadia.user(who)["group_id__v"] == groups, name


def test_a_system_group_stays_as_it_is(own_server):
    sara = Api(own_server).log_in_as(person("sara.quality"))
    before = read(sara, 1)
    assert failure(send(sara, "DELETE", "/1")) == "OPERATION_NOT_ALLOWED"
    for fields in ({"label__v": "Mine"}, {"members__v": "25003"}, {"active__v": "false"},
                   {"security_profiles__v": ""}, {"group_description__v": "Mine"}):
        assert failure(send(sara, "PUT", "/1", **fields)) == "OPERATION_NOT_ALLOWED"
    assert failure(send(sara, "POST", "", label__v="All internal users")) == "ITEM_NAME_EXISTS"
    assert read(sara, 1) == before
    update(sara, 1, allow_delegation_among_members__v="true")
    assert read(sara, 1)["allow_delegation_among_members__v"] is True
