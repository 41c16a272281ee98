"""What clients in the wild do that the documentation does not mention: each request as it is sent."""

import json

import pytest

from vault_client import CLINICAL, QUALITY, Api, as_csv, person, result_rows

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON_BODY = {"Content-Type": "application/json"}
NADIA = person("nadia.brandt")


def succeeded(reply):
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return reply.json


# --- login ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v14.0", "v15.0", "v19.3", "v23.3", "v24.2", "v25.1", "25.2"])
def test_old_and_bare_version_numbers(server, version):
    api = Api(server, version=version)
    session = succeeded(api.login(NADIA.user_name, NADIA.password))["sessionId"]
    assert succeeded(Api(server, session, version).get("/objects/users/me"))["users"]


def test_credentials_in_the_query_and_an_empty_body(server, nobody):
    reply = nobody.call("POST", f"/auth?username={NADIA.user_name}&password={NADIA.password}", "")
    nobody.remember_session(reply)
    assert succeeded(reply)["userId"] == NADIA.id
    assert NADIA.password not in server.log()


def test_discovery_with_everything_in_the_query(server):
    reply = server.request("POST", f"/auth/discovery?username={NADIA.user_name}&client_id=x", None,
                           {"X-VaultAPI-AuthIncludeMsal": "true"})
    assert succeeded(reply)["data"]["auth_type"] == "password"


def test_a_dead_session_is_found_in_an_answer_with_status_200(nobody):
    reply = Api(nobody.server, "4F0C").get("/objects/users/me")
    assert (reply.status, reply.json["errors"][0]["type"]) == (200, "INVALID_SESSION_ID")


# --- reading --------------------------------------------------------------------------------------


def test_a_slash_at_the_end(server, nadia):
    assert succeeded(nadia.get("/objects/users/?vaults=all&limit=3"))["size"] == 3
    assert "v24.3" in succeeded(server.get("/api/"))["values"]


def test_parameters_nobody_knows(nadia):
    page = succeeded(nadia.get("/objects/users?limit=2&offset=0&status__v=active__v"))
    assert page["size"] == 2


def test_pages_until_a_short_one(nadia):
    seen, start = [], 0
    while True:
        page = succeeded(nadia.get(f"/objects/users?vaults=all&limit=200&start={start}"))
        seen += [entry["user"]["id"] for entry in page["users"]]
        if page["size"] < 200:
            break
        start += 200
    assert len(seen) == len(set(seen)) == page["total"]


@pytest.mark.parametrize("path", ["/objects/users/me/permissions", "/objects/licenses"])
def test_a_get_with_a_form_and_nothing_in_it(nadia, path):
    succeeded(nadia.call("GET", path, "", FORM))


def test_any_answer_will_do(nadia):
    reply = nadia.get("/objects/users/25003", {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"})
    assert reply.content_type == "application/json;charset=UTF-8"
    assert succeeded(reply)["users"][0]["user"]["id"] == 25003


# --- writing --------------------------------------------------------------------------------------


def test_one_user_as_a_json_object(nadia, target):
    body = json.dumps({"user_title__v": "Lead", "active__v": True})
    assert succeeded(nadia.call("PUT", f"/objects/users/{target}", body, JSON_BODY))["id"] == target
    assert nadia.user(target)["user_title__v"] == "Lead"


def test_json_in_and_csv_out(nadia, target):
    reply = nadia.put_users_json([{"id": str(target), "fax__v": "1"}], accept="text/csv")
    assert reply.text == f"responseStatus,id,errors\nSUCCESS,{target},\n"


def test_an_upsert_by_federated_id(nadia, target):
    nadia.put_users_json([{"id": target, "federated_id__v": f"sfdc-{target}"}])
    user = nadia.user(target)
    records = [{"federated_id__v": f"sfdc-{target}", "site__v": "Found",
                "vault_membership": f"{QUALITY}:true:document_user__v:full__v"},
               {"federated_id__v": f"sfdc-new-{target}", "user_name__v": f"s{target}@example.com",
                "vault_membership": f"{QUALITY}:true:document_user__v:full__v",
                **{name: user[name] for name in (
                    "user_first_name__v", "user_last_name__v", "user_email__v", "user_timezone__v",
                    "user_locale__v", "user_language__v", "security_policy_id__v")}}]
    reply = nadia.call("POST", "/objects/users?operation=upsert&idParam=federated_id__v",
                       json.dumps(records), JSON_BODY)
    (found, new) = result_rows(reply)
    assert found == ("SUCCESS", str(target), [])
    assert nadia.user(int(new[1]))["federated_id__v"] == f"sfdc-new-{target}"
    assert nadia.user(target)["site__v"] == "Found"


@pytest.mark.parametrize("active", ["true", "false"])
def test_a_membership_with_texts_for_booleans(nadia, target, active):
    succeeded(nadia.call("PUT", f"/objects/users/{target}/vault_membership/{CLINICAL}",
                         f"active__v={active}&security_profile__v=document_user__v"
                         "&license_type__v=full__v", FORM))
    assert nadia.memberships(target)[CLINICAL]["active__v"] is (active == "true")


@pytest.mark.parametrize("body", [
    "user_title__v=Head of QA, Berlin (site 2)&user_first_name__v=Jo \"the\" Lead",
    "user_title__v=Head+of+QA%2C+Berlin+%28site+2%29&user_first_name__v=Jo%20%22the%22%20Lead"])
def test_a_form_that_is_not_percent_encoded(nadia, target, body):
    succeeded(nadia.call("PUT", f"/objects/users/{target}", body, FORM))
    user = nadia.user(target)
    assert user["user_title__v"] == "Head of QA, Berlin (site 2)"
    assert user["user_first_name__v"] == 'Jo "the" Lead'


def test_null_in_a_form(nadia, target):
    succeeded(nadia.call("PUT", f"/objects/users/{target}", "user_title__v=&company__v=null", FORM))
    assert not {"user_title__v", "company__v"} & set(nadia.user(target))


def test_a_loader_sends_only_what_failed_again(nadia, targets):
    first, second = targets(2)
    records = [{"id": first, "fax__v": "1"}, {"id": second, "fax__v": "1", "domain_active__v": "x"}]
    rows = result_rows(nadia.put_users_csv(as_csv([{"domain_active__v": "", **r} for r in records])))
    again = [record for record, row in zip(records, rows) if row[0] == "FAILURE"]
    assert [record["id"] for record in again] == [second]
    again[0]["domain_active__v"] = "true"
    assert result_rows(nadia.put_users_csv(as_csv(again))) == [("SUCCESS", str(second), [])]


def test_a_client_that_minds_the_burst_limit(nadia):
    headers = nadia.get("/objects/users/me").headers
    assert int(headers["X-VaultAPI-BurstLimitRemaining"]) > 200  # below, one of them pauses


# --- queries --------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [
    "select id, user_name__v from users where id = 25003 order by id",
    "SELECT id,user_name__v FROM users WHERE user_name__v = 'bela.kovacs@example.com' LIMIT 10 OFFSET 0",
    "SELECT id, user_name__v FROM users WHERE active__v = true AND id CONTAINS (25003) PAGEOFFSET 0"])
def test_a_query_in_a_raw_form(nadia, query):
    reply = nadia.call("POST", "/query", "q=" + query, {**FORM, "X-VaultAPI-DescribeQuery": "true"})
    envelope = succeeded(reply)
    assert [row["user_name__v"] for row in envelope["data"]] == ["bela.kovacs@example.com"]
    assert envelope["responseDetails"]["total"] == 1
    assert envelope["queryDescribe"]["object"]["name"] == "users"


def test_names_of_some_records(nadia):
    reply = nadia.call("POST", "/query", "q=SELECT username__sys FROM user__sys "
                       "WHERE id CONTAINS ('25003','25004') ORDER BY id", FORM)
    assert [row["username__sys"] for row in succeeded(reply)["data"]] == [
        "bela.kovacs@example.com", "tomas.novak@example.com"]


def test_a_query_that_fails_tells_so_that_the_client_lists_users_instead(nadia):
    reply = nadia.call("POST", "/query", "q=SELECT id FROM users WHERE status__v = 'active__v'", FORM)
    assert reply.json["responseStatus"] == "FAILURE"


def test_the_federated_id_of_a_record(nadia):
    reply = nadia.get("/vobjects/user__sys/25005", {"Accept": "*/*"})
    assert succeeded(reply)["data"]["federated_id__sys"] == "e-4700"
