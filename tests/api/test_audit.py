"""The audit trails: who logged in, who changed what."""

import csv
import io
import re
import time

import pytest

from vault_client import Api, failure, person

DOMAIN_KEYS = ["id", "timestamp", "user_name", "full_name", "on_behalf_of", "action", "item",
               "field_name", "old_value", "new_value", "execution_id"]
LOGIN_KEYS = ["id", "timestamp", "user_name", "full_name", "source_ip", "type", "status",
              "browser", "platform"]
EMPTY_TRAILS = {"object_audit_trail": "Object Audit Trail",
                "system_audit_trail": "System Audit Trail"}
TRAILS = {"domain_audit_trail": "Domain Audit Trail", "login_audit_trail": "Login Audit Trail"}


@pytest.fixture
def name_of(nadia):
    return lambda user_id: nadia.user(user_id)["user_name__v"]


# --- domain trail ---------------------------------------------------------------------------------


def test_a_change_is_one_row_with_old_and_new_value(nadia, target, name_of):
    reply = nadia.put_users_json([{"id": target, "user_title__v": "After"}])
    (row,) = nadia.audit_rows_of(name_of(target))
    assert list(row) == DOMAIN_KEYS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["timestamp"])
    assert type(row["id"]) is str
    assert {key: row[key] for key in DOMAIN_KEYS[2:]} == {
        "user_name": "nadia.brandt@example.com", "full_name": "Nadia Brandt", "on_behalf_of": "",
        "action": row["action"], "item": name_of(target), "field_name": "user_title__v",
        "old_value": "Title before", "new_value": "After",
        "execution_id": reply.headers["X-VaultAPI-ExecutionId"]}
    assert row["action"]


@pytest.mark.parametrize("change, field, old, new", [
    ({"site__v": "S"}, "site__v", "", "S"),
    ({"company__v": None}, "company__v", "Company before", ""),
    ({"user_needs_to_change_password__v": True}, "user_needs_to_change_password__v", "false",
     "true"),
    ({"security_policy_id__v": 822}, "security_policy_id__v", "821", "822"),
    ({"vault_membership": "3003:::read_only__v"}, "vault_membership[3003].license_type__v",
     "full__v", "read_only__v"),
    ({"vault_membership": "3003::business_admin__v"},
     "vault_membership[3003].security_profile__v", "document_user__v", "business_admin__v"),
    ({"active__v": False}, "vault_membership[3003].active__v", "true", "false"),
])
def test_each_kind_of_change_shows_its_field_and_values(nadia, target, name_of, change, field, old,
                                                        new):
    nadia.put_users_json([{"id": target, **change}])
    (row,) = nadia.audit_rows_of(name_of(target))
    assert (row["field_name"], row["old_value"] or "", row["new_value"] or "") == (field, old, new)


def test_a_record_with_several_changes_is_still_one_row(nadia, target, name_of):
    nadia.put_users_json([{"id": target, "site__v": "S", "user_title__v": "T", "fax__v": "F"}])
    (row,) = nadia.audit_rows_of(name_of(target))
    for field, value in [("site__v", "S"), ("user_title__v", "T"), ("fax__v", "F")]:
        assert field in row["field_name"] and value in row["new_value"]


def test_a_batch_leaves_one_row_per_changed_record_all_with_its_execution_id(nadia, targets):
    changed, same, failed = targets(3)
    reply = nadia.put_users_json([{"id": changed, "site__v": "S"}, {"id": same},
                                  {"id": failed, "user_email__v": "broken"},
                                  {"id": 999999, "site__v": "S"}])
    rows = nadia.audit("domain_audit_trail", "?limit=50")["data"]
    execution_id = reply.headers["X-VaultAPI-ExecutionId"]
    mine = [row for row in rows if row["execution_id"] == execution_id]
    assert [row["item"] for row in mine] == [nadia.user(changed)["user_name__v"]]


def test_a_rename_is_filed_under_a_name_of_the_user(nadia, target, name_of):
    old = name_of(target)
    nadia.put_users_json([{"id": target, "user_name__v": f"new.{target}@example.com"}])
    rows = nadia.audit_rows_of(old) + nadia.audit_rows_of(f"new.{target}@example.com")
    assert [(row["field_name"], row["old_value"], row["new_value"]) for row in rows] == [
        ("user_name__v", old, f"new.{target}@example.com")]


def test_rows_are_newest_first_with_descending_ids(nadia, targets):
    for user in targets(3):
        nadia.put_users_json([{"id": user, "site__v": "S"}])
    rows = nadia.audit("domain_audit_trail", "?limit=1000")["data"]
    ids = [int(row["id"]) for row in rows]
    assert ids == sorted(set(ids), reverse=True)
    stamps = [row["timestamp"] for row in rows]
    assert stamps == sorted(stamps, reverse=True)


def test_text_that_a_client_sent_comes_back_unchanged(nadia, target, name_of):
    nasty = 'a "quote", a \\ backslash\nand a line, <b>é😀</b>'
    nadia.put_users_json([{"id": target, "site__v": nasty}])
    assert nadia.audit_rows_of(name_of(target))[0]["new_value"] == nasty


# --- login trail ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who, password, status", [
    ("dan.document", None, "Success"),
    ("dan.document", "wrong", "USERNAME_OR_PASSWORD_INCORRECT"),
    ("ina.inactive", None, "INACTIVE_USER"),
    ("mia.must", None, "PASSWORD_CHANGE_REQUIRED")])
def test_every_login_try_leaves_a_row(server, nadia, who, password, status):
    user = person(who)
    Api(server).login(user.user_name, password or user.password)
    row = nadia.audit("login_audit_trail", "?limit=1")["data"][0]
    assert list(row) == LOGIN_KEYS
    assert (row["user_name"], row["type"], row["status"], row["source_ip"]) == (
        user.user_name, "User Login", status, "127.0.0.1")
    assert (row["browser"], row["platform"]) == ("Unknown", "Unknown")


def test_a_try_with_an_unknown_name_leaves_a_row_too(server, nadia):
    Api(server).login("nobody.here@example.com", "secret-of-nobody")
    row = nadia.audit("login_audit_trail", "?limit=1")["data"][0]
    assert (row["user_name"], row["status"]) == ("nobody.here@example.com",
                                                 "USERNAME_OR_PASSWORD_INCORRECT")


def test_passwords_never_appear(nadia, server):
    Api(server).login("dan.document@example.com", "a-wrong-guess-17")
    for trail in TRAILS:
        text = nadia.get(f"/audittrail/{trail}?limit=1000").text
        assert not [secret for secret in server.secrets if secret in text]
        assert "a-wrong-guess-17" not in text


# --- envelope, paging, dates ----------------------------------------------------------------------


@pytest.mark.parametrize("trail", list(TRAILS))
def test_the_envelope_describes_the_page(nadia, trail):
    answer = nadia.audit(trail, "?limit=1")
    details = answer["responseDetails"]
    assert {key: details[key] for key in ("offset", "limit", "size")} == {
        "offset": 0, "limit": 1, "size": 1}
    assert details["object"] == {"name": trail, "label": TRAILS[trail],
                                 "url": f"/api/v24.3/metadata/audittrail/{trail}"}
    assert details["total"] >= 1 and len(answer["data"]) == 1


def fill(nadia, targets, count):
    nadia.put_users_json([{"id": i, "fax__v": f"fill {i}"} for i in targets(count)])


def test_pages_are_linked_by_relative_urls(nadia, server, targets):
    fill(nadia, targets, 5)
    first = nadia.audit("domain_audit_trail", "?limit=2")
    link = first["responseDetails"]["next_page"]
    assert link.startswith("/api/v24.3/audittrail/domain_audit_trail")
    assert "previous_page" not in first["responseDetails"]
    second = server.get(link, {"Authorization": nadia.session}).json
    assert second["responseDetails"]["offset"] == 2
    assert second["responseDetails"]["previous_page"].startswith("/api/v24.3/")
    whole = nadia.audit("domain_audit_trail", "?limit=4")["data"]
    assert first["data"] + second["data"] == whole


def test_the_last_page_has_no_next(nadia):
    total = nadia.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"]
    details = nadia.audit("domain_audit_trail", f"?offset={total - 1}")["responseDetails"]
    assert details["size"] == 1 and "next_page" not in details


def test_a_page_holds_200_rows_by_default(nadia, targets):
    fill(nadia, targets, 250)
    details = nadia.audit("domain_audit_trail")["responseDetails"]
    assert (details["limit"], details["size"]) == (200, 200)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=-1", "limit=x", "offset=-1",
                                   "start_date=yesterday", "end_date=2024-13-01",
                                   "start_date=2001-01-01", "start_date=2024-02-30T00:00:00Z"])
@pytest.mark.parametrize("trail", list(TRAILS))
def test_a_query_that_makes_no_sense_is_invalid(nadia, trail, query):
    assert failure(nadia.get(f"/audittrail/{trail}?{query}")) == "INVALID_DATA"


def stamp(offset_s=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset_s))


@pytest.mark.parametrize("start, end, found", [(-3600, 60, True), (-7200, -3600, False)])
def test_a_period_can_be_chosen(nadia, targets, start, end, found):
    fill(nadia, targets, 1)
    answer = nadia.audit("domain_audit_trail",
                         f"?start_date={stamp(start)}&end_date={stamp(end)}")
    assert bool(answer["data"]) is found
    assert (answer["responseDetails"]["total"] > 0) is found


def test_a_bare_date_means_midnight(nadia, targets):
    fill(nadia, targets, 1)
    today = stamp()[:10]
    assert nadia.audit("domain_audit_trail", f"?start_date={today}")["data"]
    yesterday = stamp(-86400)[:10]
    assert not nadia.audit("domain_audit_trail",
                           f"?start_date={yesterday}&end_date={yesterday}")["data"]


# --- readers --------------------------------------------------------------------------------------


MAY_READ = {  # caller: (domain trail, login trail)
    "nadia.brandt": (True, True), "omar.haddad": (True, True), "dora.domain": (True, None),
    "sara.quality": (False, True), "otto.owner": (False, True), "bob.business": (False, False),
    "rita.reader": (False, False), "carl.copy": (False, False)}


@pytest.mark.parametrize("caller", list(MAY_READ))
def test_who_may_read_which_trail(log_in, caller):
    api = log_in(caller)
    for trail, may in zip(TRAILS, MAY_READ[caller]):
        reply = api.get(f"/audittrail/{trail}?limit=1")
        if may:
            assert reply.json["responseStatus"] == "SUCCESS"
        elif may is False:
            assert failure(reply) == "INSUFFICIENT_ACCESS"


# --- metadata -------------------------------------------------------------------------------------


def test_the_trails_are_listed(nadia):
    trails = {entry["name"]: entry for entry in nadia.get("/metadata/audittrail").json[
        "audittrails"]}
    assert list(trails) == [*EMPTY_TRAILS, *TRAILS]
    for name, label in {**EMPTY_TRAILS, **TRAILS}.items():
        assert trails[name] == {"name": name, "label": label,
                                "url": f"/api/v24.3/metadata/audittrail/{name}"}


@pytest.mark.parametrize("trail, keys", [("domain_audit_trail", DOMAIN_KEYS),
                                         ("login_audit_trail", LOGIN_KEYS)])
def test_each_trail_describes_its_fields(nadia, trail, keys):
    data = nadia.get(f"/metadata/audittrail/{trail}").json["data"]
    assert (data["name"], data["label"]) == (trail, TRAILS[trail])
    assert [field["name"] for field in data["fields"]] == keys
    assert {field["type"] for field in data["fields"]} <= {"Number", "DateTime", "String"}
    assert all(field["label"] for field in data["fields"])


@pytest.mark.parametrize("trail", EMPTY_TRAILS)
def test_a_trail_that_no_call_writes_is_empty(nadia, trail):
    page = nadia.get(f"/audittrail/{trail}").json
    assert (page["responseStatus"], page["data"]) == ("SUCCESS", [])
    assert page["responseDetails"]["total"] == 0


@pytest.mark.parametrize("trail, keys", [("domain_audit_trail", DOMAIN_KEYS),
                                         ("login_audit_trail", LOGIN_KEYS)])
def test_a_page_in_csv_says_what_the_one_in_json_says(nadia, target, trail, keys):
    nadia.put_users_json([{"id": target, "site__v": 'a "quoted", long\nsite', "fax__v": "1"}])
    path = f"/audittrail/{trail}?limit=3&start_date=2020-01-01"
    assert failure(nadia.get(path, {"Accept": "text/csv"})) == "INVALID_DATA"
    path = f"/audittrail/{trail}?limit=3"
    reply = nadia.get(path, {"Accept": "text/csv"})
    assert reply.content_type == "text/csv;charset=UTF-8"
    header, *rows = csv.reader(io.StringIO(reply.text.replace("\\\\", "\\")))
    assert header == keys
    assert [dict(zip(keys, row)) for row in rows] == nadia.get(path).json["data"]


def test_an_unknown_trail_is_a_malformed_url(nadia):
    assert failure(nadia.get("/audittrail/coffee_audit_trail")) == "MALFORMED_URL"


# --- a whole trail as a file ----------------------------------------------------------------------


def start_file(api, trail, query=""):
    answer = api.audit(trail, "?format_result=csv" + query)
    assert list(answer) == ["responseStatus", "jobId", "url"]
    assert answer["url"] == f"/api/v24.3/services/jobs/{answer['jobId']}"
    return answer["url"].removeprefix("/api/v24.3")


def file_of(api, job):
    answer = api.get(job).json
    assert answer["data"]["status"] == "SUCCESS"
    links = {link["rel"]: link for link in answer["data"]["links"]}
    assert links["self"]["href"] == "/api/v24.3" + job
    assert links["content"]["accept"] == "text/csv"
    reply = api.get(links["content"]["href"].removeprefix("/api/v24.3"))
    assert reply.content_type.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(reply.text)))


def test_a_file_holds_the_whole_trail(nadia, targets):
    for user in targets(3):
        nadia.put_users_json([{"id": user, "site__v": "Of the file"}])
    job = start_file(nadia, "domain_audit_trail")
    listed = nadia.audit("domain_audit_trail", "?limit=1000")
    nadia.put_users_json([{"id": targets(1)[0], "site__v": "Too late"}])
    rows = file_of(nadia, job)
    assert [row["id"] for row in rows][:1000] == [row["id"] for row in listed["data"]]
    assert len(rows) == listed["responseDetails"]["total"]
    assert rows[0]["new_value"] == "Of the file"


def test_all_dates_come_once_a_day(server):
    api = Api(server).log_in_as(person("otto.owner"))
    rows = file_of(api, start_file(api, "login_audit_trail", "&all_dates=true"))
    assert list(rows[0]) == LOGIN_KEYS and rows[0]["type"] == "User Login"
    again = api.get("/audittrail/login_audit_trail?format_result=csv&all_dates=true")
    assert failure(again) == "OPERATION_NOT_ALLOWED"
    assert file_of(api, start_file(api, "object_audit_trail", "&all_dates=true")) == []


def test_what_is_no_file(nadia, server):
    for query in ("?all_dates=true", "?format_result=pdf", "?format_result=csv&start_date=x"):
        assert failure(nadia.get("/audittrail/login_audit_trail" + query)) == "INVALID_DATA"
    job = start_file(nadia, "login_audit_trail")
    other = Api(server).log_in_as(person("otto.owner"))
    for path in (job, job + "/file", "/services/jobs/0", "/services/jobs/x"):
        assert failure(other.get(path)) == "INVALID_DATA"
    assert failure(other.get("/audittrail/domain_audit_trail?format_result=csv")) == (
        "INSUFFICIENT_ACCESS")
