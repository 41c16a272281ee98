"""PUT /objects/users: the documented examples, word for word, and the result formats."""

import json

import pytest

from vault_client import Api, as_csv, person, result_rows


@pytest.fixture
def omar(own_server):
    """The only Domain Admin left in the domain, as the JSON example needs it. Vault Owner too,
    so that he may do everything else of the examples."""
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    nadia.put_users_json([{"id": 25006, "vault_membership":
                           "3003:true:vault_owner__v;4112:true:vault_owner__v"}])
    omar = Api(own_server).log_in_as(person("omar.haddad"))
    users = omar.get("/objects/users?vaults=all&limit=1000").json["users"]
    reply = omar.put_users_json([
        {"id": entry["user"]["id"], "is_domain_admin__v": False} for entry in users
        if entry["user"].get("is_domain_admin__v") and entry["user"]["id"] != 25006])
    assert {row[0] for row in result_rows(reply)} == {"SUCCESS"}
    return omar


def test_the_csv_example(omar):
    reply = omar.put_users_csv(
        "id,user_title__v,company__v,domain_active__v,vault_membership\n"
        '25001,"Director, Quality",Brandt \\\\ Söhne,,3003:true:business_admin__v:full__v\n'
        '25002,,Example Ltd,true,"3003:true:document_user__v:full__v;4112:false"\n'
        "25003,Analyst,,maybe,\n"
        "25001,Again,,,\n", accept="text/csv", headers={"X-VaultAPI-ClientID": "example-hr-sync"})
    assert reply.status == 200
    assert reply.content_type == "text/csv;charset=UTF-8"
    assert reply.headers["X-VaultAPI-Status"] == "SUCCESS"
    assert reply.text == (
        "responseStatus,id,errors\n"
        "SUCCESS,25001,\n"
        "SUCCESS,25002,\n"
        'FAILURE,25003,"""INVALID_DATA|Invalid value [maybe] for field [domain_active__v]."""\n'
        'FAILURE,25001,"""INVALID_DATA|Duplicate id [25001] in the request; only its first record'
        ' is applied."""\n')

    nadia = omar.user(25001)
    assert (nadia["user_title__v"], nadia["company__v"], nadia["domain_active__v"]) == (
        "Director, Quality", "Brandt \\ Söhne", True)
    assert omar.memberships(25001)[3003]["security_profile__v"] == "business_admin__v"
    ana = omar.user(25002)
    assert "user_title__v" not in ana
    assert (ana["company__v"], ana["domain_active__v"], ana["active__v"]) == (
        "Example Ltd", True, True)
    assert {vault: entry["active__v"] for vault, entry in omar.memberships(25002).items()} == {
        3003: True, 4112: False}
    assert (omar.user(25003)["user_title__v"], omar.user(25003)["company__v"]) == (
        "Clerk", "Kovács Kft")


def test_the_json_example(omar):
    reply = omar.put_users_json(
        '[ {"id":25004,"user_first_name__v":"Tomás","mobile_phone__v":null,\n'
        '   "vault_membership":[{"id":3003,"active__v":true,'
        '"security_profile__v":"read_only_user__v","license_type__v":"read_only__v"}]},\n'
        '  {"id":"25005","federated_id__v":"e-4711"},\n'
        '  {"id":25006,"is_domain_admin__v":false},\n'
        '  {"id":25007,"nickname":"x"} ]')
    assert reply.json == json.loads(
        '{"responseStatus":"SUCCESS","data":['
        '{"responseStatus":"SUCCESS","id":"25004"},'
        '{"responseStatus":"FAILURE","id":"25005","errors":[{"type":"FEDERATED_ID_ALREADY_EXISTS",'
        '"message":"Federated ID [e-4711] is used by another user."}]},'
        '{"responseStatus":"FAILURE","id":"25006","errors":[{"type":"OPERATION_NOT_ALLOWED",'
        '"message":"A domain needs at least one Domain Admin."}]},'
        '{"responseStatus":"FAILURE","id":"25007","errors":[{"type":"ATTRIBUTE_NOT_SUPPORTED",'
        '"message":"Unknown field [nickname]."}]}]}')

    tomas = omar.user(25004)
    assert tomas["user_first_name__v"] == "Tomás"
    assert "mobile_phone__v" not in tomas
    assert omar.memberships(25004)[3003] == {
        "id": 3003, "active__v": True, "security_profile__v": "read_only_user__v",
        "license_type__v": "read_only__v"}
    assert omar.user(25005)["federated_id__v"] == "e-4700"


def test_the_short_json_answer_byte_for_byte(omar):
    reply = omar.put_users_json([{"id": 25001}, {"id": 25002}, {"id": 25999}])
    assert reply.text == (
        '{"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","id":"25001"},'
        '{"responseStatus":"SUCCESS","id":"25002"},{"responseStatus":"FAILURE","id":"25999",'
        '"errors":[{"type":"INVALID_DATA","message":"User [25999] does not exist."}]}]}')


def test_the_short_csv_answer_byte_for_byte(omar):
    reply = omar.put_users_csv("id\n25001\n25002\n25999\n", accept="text/csv")
    assert reply.text == ('responseStatus,id,errors\nSUCCESS,25001,\nSUCCESS,25002,\n'
                          'FAILURE,25999,"""INVALID_DATA|User [25999] does not exist."""\n')


# --- the two answer formats agree -----------------------------------------------------------------


RECORDS = [
    {"id": 30001, "site__v": "ok", "user_email__v": "a@b", "domain_active__v": True},
    {"id": 30002, "site__v": "x" * 256, "user_email__v": "broken", "domain_active__v": "maybe"},
    {"id": 999999, "site__v": "x", "user_email__v": "a@b", "domain_active__v": True},
    {"id": "", "site__v": "x", "user_email__v": "a@b", "domain_active__v": True},
    {"id": 30001, "site__v": "again", "user_email__v": "a@b", "domain_active__v": True},
    {"id": "me", "site__v": "x", "user_email__v": "a@b", "domain_active__v": True},
]


def test_same_records_in_csv_and_json_get_the_same_answer_in_csv_and_json(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    answers = [nadia.update(content_type, RECORDS, accept)
               for content_type in ("text/csv", "application/json")
               for accept in ("text/csv", "application/json")]
    rows = [result_rows(answer) for answer in answers]
    assert rows[0] == rows[1] == rows[2] == rows[3]
    assert rows[0][1] == ("FAILURE", "30002", ["INVALID_DATA"] * 3)
    assert answers[0].body == answers[2].body
    assert answers[1].body == answers[3].body


def test_several_errors_share_one_csv_cell_each_in_its_quotes(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    in_json = nadia.put_users_json(RECORDS[1:2]).json["data"][0]["errors"]
    in_csv = nadia.put_users_json(RECORDS[1:2], accept="text/csv").text
    cell = ",".join('"%s|%s"' % (error["type"], error["message"]) for error in in_json)
    assert in_csv == ("responseStatus,id,errors\n"
                      f"FAILURE,30002,\"{cell.replace(chr(34), chr(34) * 2)}\"\n")


@pytest.mark.parametrize("value, shown", [('say "hi"', 'say ""hi""'), ("a\\b", "a\\\\b"),
                                          ("two\nlines", "two lines")])
def test_a_message_that_quotes_a_client_stays_one_csv_line(own_server, value, shown):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    reply = nadia.put_users_csv(as_csv([{"id": 30001, "user_timezone__v": value}]),
                                accept="text/csv")
    assert reply.text.count("\n") == 2
    assert shown.replace('"', '""') in reply.text
    assert result_rows(reply) == [("FAILURE", "30001", ["INVALID_DATA"])]
