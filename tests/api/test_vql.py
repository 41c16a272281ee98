"""VQL: POST and GET /query on users and user__sys."""

import json
import urllib.parse

import pytest

from muster_server import form
from vault_client import CLINICAL, SEED, failure, failure_message

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def query(api, text, headers=None):
    return api.call("POST", "/query", form({"q": text}), {**FORM, **(headers or {})})


def rows(reply):
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return reply.json["data"]


def ids(api, condition, target="users"):
    found = rows(query(api, f"SELECT id FROM {target} WHERE {condition} ORDER BY id ASC"))
    return [int(row["id"]) for row in found]


def follow(api, link, method="GET"):
    """A page link, as clients use it: below the host, with the session."""
    assert link.startswith(f"/api/{api.version}/"), link
    return api.server.request(method, link, headers={"Authorization": api.session})


# --- the answer -----------------------------------------------------------------------------------


def test_the_documented_example(nadia):
    reply = query(nadia, "SELECT id, user_name__v FROM users"
                         " WHERE license_type__v = 'external' ORDER BY id ASC")
    assert reply.content_type == "application/json;charset=UTF-8"
    assert reply.json == {
        "responseStatus": "SUCCESS",
        "responseDetails": {"pagesize": 1000, "pageoffset": 0, "size": 2, "total": 2},
        "data": [{"id": 25017, "user_name__v": "eric.external@example.com"},
                 {"id": 25028, "user_name__v": "guest@partner.example.org"}]}


def test_rows_of_users_hold_numbers_and_keys_as_user_objects_do(nadia):
    (row,) = rows(query(nadia, "SELECT id, user_first_name__v, active__v, is_domain_admin__v,"
                               " created_by__v, security_policy_id__v, vault_id__v, license_type__v,"
                               " security_profile__v, modified_date__v, federated_id__v, domain_id__v"
                               " FROM users WHERE id = 25003"))
    assert row.pop("modified_date__v").endswith("Z")
    assert row == {"id": 25003, "user_first_name__v": "Béla", "active__v": True,
                   "is_domain_admin__v": False, "created_by__v": 1, "security_policy_id__v": 821,
                   "vault_id__v": [3003], "license_type__v": "full__v",
                   "security_profile__v": "document_user__v", "federated_id__v": None,
                   "domain_id__v": 76}


def test_rows_of_user_sys_hold_texts_and_lists(nadia):
    (row,) = rows(query(nadia, "SELECT id, name__v, username__sys, status__v, license_type__sys,"
                               " created_by__v, domain_admin__sys, federated_id__sys, title__sys"
                               " FROM user__sys WHERE id = '25003'"))
    assert row == {"id": "25003", "name__v": "Béla Kovács",
                   "username__sys": "bela.kovacs@example.com", "status__v": ["active__v"],
                   "license_type__sys": ["full__v"], "created_by__v": "1",
                   "domain_admin__sys": False, "federated_id__sys": None, "title__sys": "Clerk"}


def test_columns_come_in_the_order_of_the_select_list(nadia):
    (row,) = rows(query(nadia, "SELECT user_title__v, id, user_title__v, user_email__v FROM users"
                               " WHERE id = 25003"))
    assert list(row) == ["user_title__v", "id", "user_email__v"]


def test_only_users_of_the_session_vault_are_seen(nadia):
    found = ids(nadia, "id < 30000")
    assert found == [user["id"] for user in SEED["users"] if any(
        entry["id"] == 3003 for entry in user["vault_membership"])]
    assert CLINICAL not in found and 25029 not in found and 25020 not in found


def test_everybody_with_a_session_may_ask(log_in):
    assert ids(log_in("dan.document"), "id = 25003") == [25003]


def test_a_dead_session_may_not(nobody):
    assert failure(query(nobody, "SELECT id FROM users")) == "INVALID_SESSION_ID"


# --- ways to send it ------------------------------------------------------------------------------


def test_get_with_q(nadia):
    q = urllib.parse.quote("SELECT id FROM users WHERE user_title__v = 'Clerk'")
    assert rows(nadia.get(f"/query?q={q}")) == [{"id": 25003}]


def test_a_form_that_is_not_percent_encoded(nadia):
    body = "q=select id, user_name__v from users where company__v = 'Ruiz Ltd' order by id"
    assert rows(nadia.call("POST", "/query", body, FORM)) == [
        {"id": 25002, "user_name__v": "ana.ruiz@example.com"}]


def test_multipart(nadia):
    body = ('--xyz\r\nContent-Disposition: form-data; name="q"\r\n\r\n'
            "SELECT id FROM users WHERE id = 25003\r\n--xyz--\r\n")
    reply = nadia.call("POST", "/query", body,
                       {"Content-Type": "multipart/form-data; boundary=xyz"})
    assert rows(reply) == [{"id": 25003}]


def test_q_in_the_query_of_a_post(nadia):
    reply = nadia.call("POST", "/query?q=" + urllib.parse.quote("select id from users where id=25003"))
    assert rows(reply) == [{"id": 25003}]


@pytest.mark.parametrize("spelling", [
    "SELECT id FROM users WHERE active__v = true AND id = 25003 LIMIT 1000 OFFSET 0",
    "select id from users where active__v = true and id = 25003 order by id pageoffset 0",
    "Select id From users Where id = '25003' Order By id Desc PageSize 5",
    "SELECT\n\tid\nFROM\nusers\nWHERE\n(id=25003)",
])
def test_spellings_of_real_clients(nadia, spelling):
    assert rows(query(nadia, spelling)) == [{"id": 25003}]


def test_without_q(nadia):
    assert failure(nadia.call("POST", "/query", "", FORM)) == "PARAMETER_REQUIRED"
    assert failure(nadia.get("/query")) == "PARAMETER_REQUIRED"


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("condition, expected", [
    ("id = 25003", [25003]),
    ("id >= 25003 AND id <= 25005", [25003, 25004, 25005]),
    ("id > 25003 AND id < 25005", [25004]),
    ("id BETWEEN 25003 AND 25005 AND id != 25004", [25003, 25005]),
    ("id CONTAINS (25003, '25004', 99)", [25003, 25004]),
    ("id = 25003 OR id = 25004 AND id = 25005", [25003]),
    ("(id = 25003 OR id = 25004) AND id >= 25004", [25004]),
    ("user_title__v LIKE 'Cler%'", [25003]),
    ("user_title__v LIKE '%lerk'", [25003]),
    ("user_title__v LIKE '%le%k'", [25003]),
    ("user_title__v LIKE 'clerk'", []),
    ("user_title__v = 'clerk'", []),
    ("user_name__v = 'BELA.kovacs@example.com'", [25003]),
    ("user_name__v LIKE 'Bela.%'", [25003]),
    ("user_first_name__v = 'Béla'", [25003]),
    ("user_last_name__v BETWEEN 'Kova' AND 'Kovz' AND id < 30000", []),
    ("user_last_name__v >= 'Vi' AND user_last_name__v < 'Vz' AND id < 30000", [25018]),
    ("federated_id__v = null AND id <= 25005", [25001, 25002, 25003, 25004]),
    ("federated_id__v != null AND id < 30000", [25005, 25008]),
    ("active__v = false", [25002, 25022, 25023]),
    ("domain_active__v = false AND id < 30000", [25002, 25022]),
    ("is_domain_admin__v = true AND id < 30000", [25001, 25006, 25013]),
    ("license_type__v = 'readOnly'", [25016]),
    ("license_type__v = 'read_only__v'", [25016]),
    ("license_type__v CONTAINS ('external', 'read_only__v')", [25016, 25017, 25028]),
    ("license_type__v != 'full' AND license_type__v != 'external'", [25016, 25018]),
    ("security_profile__v = 'vault_owner__v' AND id < 30000", [25001, 25012]),
    ("security_profile__v = 'unknown__c'", []),
    ("vault_id__v = 6001 AND id < 30000", [25031]),
    ("vault_id__v CONTAINS (5221, 6001) AND id < 30000", [25001, 25031]),
    ("last_login__v = null AND id = 25003", [25003]),
    ("last_login__v > '2020-01-01' AND id = 25003", []),
    ("created_date__v > '2020-01-01T00:00:00.000Z' AND id = 25003", [25003]),
    ("user_email__v = 'o\\'neil@example.com'", []),
])
def test_conditions_on_users(nadia, condition, expected):
    assert ids(nadia, condition) == expected


@pytest.mark.parametrize("condition, expected", [
    ("status__v = 'inactive__v'", [25002, 25022, 25023]),
    ("status__v = 'active__v' AND id = '25003'", [25003]),
    ("status__v CONTAINS ('active__v', 'inactive__v') AND id = '25002'", [25002]),
    ("federated_id__sys = 'e-4711'", [25008]),
    ("last_login__sys = null AND id = '25003'", [25003]),
    ("id CONTAINS ('25003','25004')", [25003, 25004]),
    ("name__v = 'Béla Kovács'", [25003]),
    ("name__v LIKE 'Vic%'", [25018]),
    ("license_type__sys = 'external__v'", [25017, 25028]),
    ("username__sys = 'ana.ruiz@example.com'", [25002]),
])
def test_conditions_on_user_sys(nadia, condition, expected):
    assert ids(nadia, condition, "user__sys") == expected


def test_several_sort_keys(nadia):
    found = rows(query(nadia, "SELECT id FROM users WHERE id <= 25006"
                              " ORDER BY is_domain_admin__v DESC, user_name__v ASC"))
    assert [row["id"] for row in found] == [25001, 25006, 25002, 25003, 25005, 25004]


# --- pages ----------------------------------------------------------------------------------------


def test_a_walk_over_the_page_links_sees_everybody_once(nadia):
    seen, reply = [], query(nadia, "SELECT id FROM users WHERE id < 30000 ORDER BY id PAGESIZE 7")
    total = reply.json["responseDetails"]["total"]
    while True:
        details = reply.json["responseDetails"]
        assert details["total"] == total and details["pagesize"] == 7
        assert details["pageoffset"] == len(seen) and details["size"] == len(rows(reply))
        assert ("previous_page" in details) == bool(seen)
        seen += [row["id"] for row in rows(reply)]
        if "next_page" not in details:
            break
        reply = follow(nadia, details["next_page"])
    assert len(seen) == total and seen == ids(nadia, "id < 30000")


def test_page_links_lead_back_and_work_with_post(nadia):
    first = query(nadia, "SELECT id FROM user__sys ORDER BY username__sys DESC PAGESIZE 5")
    second = follow(nadia, first.json["responseDetails"]["next_page"], "POST")
    back = follow(nadia, second.json["responseDetails"]["previous_page"], "POST")
    assert rows(back) == rows(first) != rows(second)


def test_a_page_link_needs_the_session(nadia):
    link = query(nadia, "SELECT id FROM users PAGESIZE 5").json["responseDetails"]["next_page"]
    assert failure(nadia.server.request("GET", link)) == "INVALID_SESSION_ID"


def test_a_page_link_keeps_a_long_query_with_any_characters(nadia):
    names = ", ".join(f"'Ünknown & {number} +%/?#\\''" for number in range(400))
    text = (f"SELECT id FROM users WHERE company__v = 'Company before' OR user_title__v CONTAINS "
            f"({names}) ORDER BY id PAGESIZE 3")
    first = query(nadia, text)
    second = follow(nadia, first.json["responseDetails"]["next_page"])
    assert [row["id"] for row in rows(first) + rows(second)] == list(range(30001, 30007))
    again = follow(nadia, second.json["responseDetails"]["previous_page"], "POST")
    assert rows(again) == rows(first)
    assert failure(nadia.get("/query/0123abcd?pagesize=3")) == "INVALID_DATA"


@pytest.mark.parametrize("clauses, offset, expected, total", [
    ("PAGESIZE 2", 0, [25003, 25004], 6),
    ("PAGESIZE 2 PAGEOFFSET 3", 3, [25006, 25007], 6),
    ("PAGEOFFSET 4", 4, [25007, 25008], 6),
    ("LIMIT 2 OFFSET 1", 1, [25004, 25005], 6),
    ("LIMIT 2", 0, [25003, 25004], 6),
    ("MAXROWS 3", 0, [25003, 25004, 25005], 3),
    ("MAXROWS 3 PAGESIZE 2 PAGEOFFSET 2", 2, [25005], 3),
    ("SKIP 4", 0, [25007, 25008], 2),
    ("SKIP 1 MAXROWS 2", 0, [25004, 25005], 2),
    ("PAGEOFFSET 100", 100, [], 6),
    ("PAGESIZE 5000", 0, [25003, 25004, 25005, 25006, 25007, 25008], 6),
    ("PAGESIZE 0", 0, [], 6),
])
def test_parts_of_the_result(nadia, clauses, offset, expected, total):
    reply = query(nadia, f"SELECT id FROM users WHERE id >= 25003 AND id <= 25008 {clauses}")
    assert [row["id"] for row in rows(reply)] == expected
    details = reply.json["responseDetails"]
    assert (details["size"], details["total"], details["pageoffset"]) == (
        len(expected), total, offset)
    assert details["pagesize"] <= 1000


def test_a_page_of_all_has_no_links(nadia):
    details = query(nadia, "SELECT id FROM users WHERE id < 30000").json["responseDetails"]
    assert details["size"] == details["total"]
    assert "next_page" not in details and "previous_page" not in details


# --- description ----------------------------------------------------------------------------------


def test_the_description_of_the_query(nadia):
    reply = query(nadia, "SELECT id, user_name__v, user_title__v FROM users WHERE id = 25003",
                  {"X-VaultAPI-DescribeQuery": "true"})
    assert rows(reply)[0]["id"] == 25003
    assert reply.json["queryDescribe"] == {
        "object": {"name": "users", "label": "User", "label_plural": "Users"},
        "fields": [{"name": "id", "type": "id", "required": True},
                   {"name": "user_name__v", "type": "String", "required": True, "max_length": 255},
                   {"name": "user_title__v", "type": "String", "required": False,
                    "max_length": 255}]}


def test_the_description_of_user_sys_has_labels(nadia):
    reply = query(nadia, "SELECT username__sys, status__v FROM user__sys MAXROWS 1",
                  {"X-VaultAPI-DescribeQuery": "true"})
    described = reply.json["queryDescribe"]
    assert described["object"]["name"] == "user__sys"
    assert [(field["name"], field["type"], field["label"]) for field in described["fields"]] == [
        ("username__sys", "String", "User Name"), ("status__v", "Picklist", "Status")]


def test_no_description_unless_asked_for(nadia):
    assert "queryDescribe" not in query(nadia, "SELECT id FROM users MAXROWS 1").json


# --- other targets --------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["documents", "product__v", "workflows", "binders"])
def test_another_target_is_a_warning_with_an_empty_result(nadia, target):
    reply = query(nadia, f"SELECT id, name__v FROM {target} WHERE whatever__c = 'x' PAGESIZE 10")
    answer = reply.json
    assert answer["responseStatus"] == "WARNING" == reply.headers["X-VaultAPI-Status"]
    assert answer["data"] == []
    assert answer["responseDetails"] == {"pagesize": 10, "pageoffset": 0, "size": 0, "total": 0}
    (warning,) = answer["warnings"]
    assert set(warning) == {"warning_type", "type", "message"} and target in warning["message"]


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, where", [
    ("SELECT", "at the end"),
    ("SELECT id", "at the end"),
    ("SELECT id FROM", "at the end"),
    ("SELECT FROM users", "character 8"),
    ("SELECT * FROM users", "character 8"),
    ("SELECT id, FROM users", "character 12"),
    ("SELECT id FROM users WHERE", "at the end"),
    ("SELECT id FROM users WHERE id", "at the end"),
    ("SELECT id FROM users WHERE id =", "at the end"),
    ("SELECT id FROM users WHERE (id = 1", "at the end"),
    ("SELECT id FROM users WHERE id = 1)", "character 34"),
    ("SELECT id FROM users WHERE id = 'abc", "character 33"),
    ("SELECT id FROM users WHERE id CONTAINS ()", "character 41"),
    ("SELECT id FROM users WHERE id LIKE 5", "character 36"),
    ("SELECT id FROM users WHERE user_title__v = Clerk", "character 44"),
    ("SELECT id FROM users ORDER BY", "at the end"),
    ("SELECT id FROM users PAGESIZE x", "character 31"),
    ("SELECT id FROM users PAGESIZE 5 PAGESIZE 6", "character 33"),
    ("SELECT id FROM users garbage", "character 22"),
    ("SELECT id FROM users; DROP", "character 21"),
    ("FIND ('x')", "character 1"),
    ("SELECT id, (SELECT id FROM groups) FROM users", "character 12"),
    ("SELECT TONAME(id) FROM users", "character 14"),
    ("SELECT a.b FROM users", "character 9"),
    ("UPDATE users", "character 1"),
])
def test_syntax_errors_name_the_place(nadia, text, where):
    reply = query(nadia, text)
    assert failure(reply) == "INCORRECT_QUERY_SYNTAX_ERROR"
    assert where in failure_message(reply)


@pytest.mark.parametrize("text", [
    "SELECT nonsense__v FROM users",
    "SELECT id FROM users WHERE status__v = 'active__v'",  # clients fall back on this failure
    "SELECT alias__v FROM users",  # not queryable
    "SELECT group_id__v FROM users",
    "SELECT id FROM users ORDER BY nonsense__v",
    "SELECT user_name__v FROM user__sys",
])
def test_fields_that_the_target_lacks(nadia, text):
    reply = query(nadia, text)
    assert failure(reply) == "ATTRIBUTE_NOT_SUPPORTED"
    assert "character" in failure_message(reply)


@pytest.mark.parametrize("condition", [
    "active__v = 'maybe'", "id = 'abc'", "created_date__v > 'yesterday'",
    "license_type__v = 'gold'", "active__v LIKE 'tr%'", "id LIKE '25%'", "active__v > false",
    "license_type__v < 'full'", "vault_id__v > 5", "id > null", "user_title__v BETWEEN 'a' AND null",
])
def test_values_that_do_not_fit_the_field(nadia, condition):
    reply = query(nadia, f"SELECT id FROM users WHERE {condition}")
    assert failure(reply) in ("INVALID_DATA", "INCORRECT_QUERY_SYNTAX_ERROR")
    assert "character" in failure_message(reply)


def test_limits(nadia):
    deep = "(" * 40 + "id = 1" + ")" * 40
    assert failure(query(nadia, f"SELECT id FROM users WHERE {deep}")) == (
        "INCORRECT_QUERY_SYNTAX_ERROR")
    wide = " OR ".join(["id = 1"] * 300)
    assert failure(query(nadia, f"SELECT id FROM users WHERE {wide}")) == (
        "INCORRECT_QUERY_SYNTAX_ERROR")
    listed = ",".join(["1"] * 6000)
    assert failure(query(nadia, f"SELECT id FROM users WHERE id CONTAINS ({listed})")) == (
        "INCORRECT_QUERY_SYNTAX_ERROR")
    assert failure(query(nadia, "SELECT id FROM users" + " " * 50_000)) == (
        "INCORRECT_QUERY_SYNTAX_ERROR")
    assert rows(query(nadia, "SELECT id FROM users WHERE id = 25003" + " " * 49_000)) == [
        {"id": 25003}]


def test_a_json_body_is_refused_with_a_clear_answer(nadia):
    reply = nadia.call("POST", "/query", json.dumps({"q": "SELECT id FROM users"}),
                       {"Content-Type": "application/json"})
    assert failure(reply) == "INVALID_DATA"
