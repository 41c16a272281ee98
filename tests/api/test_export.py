"""GET /objects/users as CSV: a file that PUT takes as it is (protocol 7.5)."""

import csv
import io
import random
import socket

import pytest

from muster_server import MusterServer
from vault_client import (CLINICAL, QUALITY, SEED, Api, failure, failure_message, person,
                          result_rows, write_seed)

HEADER = ("id,user_name__v,user_first_name__v,user_last_name__v,alias__v,user_email__v,"
          "user_timezone__v,user_locale__v,user_title__v,office_phone__v,fax__v,mobile_phone__v,"
          "site__v,is_domain_admin__v,active__v,domain_active__v,security_policy_id__v,"
          "user_needs_to_change_password__v,federated_id__v,salesforce_user_name__v,"
          "medidata_uuid__v,user_language__v,company__v,license_type__v,vault_membership")
CSV = {"Accept": "text/csv"}


def export(api, query=""):
    reply = api.get("/objects/users" + query, CSV)
    assert reply.content_type.startswith("text/csv"), reply
    return reply


def rows_of(reply):
    return list(csv.DictReader(io.StringIO(reply.text)))


def trail_total(api):
    return api.audit("domain_audit_trail")["responseDetails"]["total"]


def send_back(api, text, query=""):
    """In batches of 500; how many succeeded."""
    header, *lines = text.splitlines()
    done = 0
    for start in range(0, len(lines), 500):
        body = "\n".join([header, *lines[start:start + 500]]) + "\n"
        rows = result_rows(api.put_users_csv(body, "text/csv", query))
        assert {row[0] for row in rows} == {"SUCCESS"}, [row for row in rows if row[2]][:3]
        done += len(rows)
    return done


def test_columns_and_values(nadia):
    reply = export(nadia, "?vaults=all")
    assert reply.text.split("\n")[0] == HEADER
    rows = {row["id"]: row for row in rows_of(reply)}
    bela = rows["25003"]
    assert (bela["user_first_name__v"], bela["is_domain_admin__v"], bela["active__v"],
            bela["license_type__v"], bela["security_policy_id__v"]) == (
        "Béla", "false", "true", "full__v", "821")
    assert bela["vault_membership"] == f"{QUALITY}:true:document_user__v:full__v"
    outsider = next(row for row in rows.values() if row["vault_membership"].startswith(f"{CLINICAL}:"))
    assert (outsider["active__v"], outsider["license_type__v"]) == ("", "")
    assert "1" not in rows, "system accounts stay out"


def test_it_lists_whom_the_list_lists(nadia):
    for query in ("", f"?vaults={CLINICAL}", "?vaults=all"):
        listed, start = [], 0
        while True:
            joint = "&" if query else "?"
            page = nadia.get(f"/objects/users{query}{joint}limit=1000&start={start}").json
            listed += [entry["user"]["id"] for entry in page["users"]]
            start += 1000
            if start >= page["total"]:
                break
        exported = [int(row["id"]) for row in rows_of(export(nadia, query))]
        assert exported == sorted(set(listed) - {1})


def test_a_part(nadia):
    everybody = [row["id"] for row in rows_of(export(nadia))]
    assert [row["id"] for row in rows_of(export(nadia, "?start=2&limit=3"))] == everybody[2:5]
    assert rows_of(export(nadia, f"?start={len(everybody)}")) == []


@pytest.mark.parametrize("query", ["?limit=x", "?limit=0", "?start=-1", "?formula_safe=yes", "?vaults=77"])
def test_what_cannot_be_exported(nadia, query):
    assert failure(nadia.get("/objects/users" + query, CSV)) == "INVALID_DATA"


def test_who_may(nobody, log_in):
    assert failure(nobody.get("/objects/users", CSV)) == "INVALID_SESSION_ID"
    viewer = log_in("vic.viewer")
    assert failure(viewer.get("/objects/users?vaults=all", CSV)) == "INSUFFICIENT_ACCESS"


def test_sent_back_unchanged_it_changes_nothing(nadia):
    rows = trail_total(nadia)
    text = export(nadia).text
    assert send_back(nadia, text) == len(text.splitlines()) - 1
    assert trail_total(nadia) == rows


def test_it_is_streamed_in_chunks(nadia):
    reply = export(nadia)
    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in reply.headers
    assert nadia.user(25003)["id"] == 25003


def test_an_http_1_0_client_gets_it_up_to_the_close(server, nadia):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET /api/v24.3/objects/users HTTP/1.0\r\nHost: x\r\nAccept: text/csv\r\n"
                       b"Authorization: " + nadia.session.encode() + b"\r\n\r\n")
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    head, body = answer.split(b"\r\n\r\n", 1)
    assert b"Transfer-Encoding" not in head and b"Connection: close" in head
    assert body.decode() == export(nadia).text


def test_head_sends_no_body(server, nadia):
    reply = server.request("HEAD", "/api/v24.3/objects/users", None,
                           {"Authorization": nadia.session, **CSV})
    assert reply.status == 200 and reply.body == b""


# --- formula-safe ---------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+49 30 1", "-1", "@SUM(A1)", "|calc", "%0", "'=1", "''+x", "'plain", "'"]


def test_formulas_are_marked_and_come_back(nadia, targets):
    users = targets(len(FORMULAS))
    nadia.put_users_json([{"id": user, "user_title__v": text}
                          for user, text in zip(users, FORMULAS)])
    marked = export(nadia, "?formula_safe=true").text
    titles = {row["id"]: row["user_title__v"] for row in csv.DictReader(io.StringIO(marked))}
    assert [titles[str(user)] for user in users] == [
        "'=1+1", "'+49 30 1", "'-1", "'@SUM(A1)", "'|calc", "'%0", "''=1", "'''+x", "'plain", "'"]
    rows = trail_total(nadia)
    send_back(nadia, marked, "?formula_safe=true")
    assert trail_total(nadia) == rows
    assert [nadia.user(user)["user_title__v"] for user in users] == FORMULAS


def test_without_the_flag_an_apostrophe_is_text(nadia, target):
    nadia.put_users_csv(f"id,user_title__v\n{target},'=1\n")
    assert nadia.user(target)["user_title__v"] == "'=1"
    reply = nadia.put_users_csv(f"id\n{target}\n", query="?formula_safe=maybe")
    assert failure(reply) == "INVALID_DATA" and "[formula_safe]" in failure_message(reply)


# --- random directories ---------------------------------------------------------------------------

PIECES = ["a", "Ж", "日本", "😀", " ", "  ", ",", '"', "\\", "\\\\", "\n", "null", "'", "=", ";",
          "\t", "true", "xyz", "́"]


def random_user(source, number):
    def text():
        return "".join(source.choice(PIECES) for _ in range(source.randrange(1, 4)))

    profiles = [profile["name__v"] for profile in SEED["security_profiles"]] + [
        "document_user__v", "business_admin__v", "vault_owner__v"]
    user = {"id": 30001 + number, "user_name__v": f"random.{number}@example.com",
            "user_email__v": f"r{number}@example.com", "user_timezone__v": "Europe/Berlin",
            "user_locale__v": "de_DE", "user_language__v": "en",
            "security_policy_id__v": source.choice([821, 822]),
            "user_needs_to_change_password__v": source.random() < 0.3,
            "domain_active__v": source.random() < 0.8}
    for field in ("user_first_name__v", "user_last_name__v"):
        user[field] = "n" + text()
    for field in ("alias__v", "user_title__v", "office_phone__v", "site__v", "company__v"):
        if source.random() < 0.5:
            user[field] = text()
    if source.random() < 0.3:
        user["federated_id__v"] = f"{text()}{number}"
    user["vault_membership"] = [
        {"id": vault, "active__v": user["domain_active__v"] and source.random() < 0.7,
         "security_profile__v": source.choice(profiles),
         "license_type__v": source.choice(["full__v", "external__v", "read_only__v"])}
        for vault in (QUALITY, CLINICAL) if source.random() < 0.6]
    return user


@pytest.mark.parametrize("seed", range(2))
def test_a_random_directory_comes_back_unchanged(tmp_path, seed):
    source = random.Random(seed)
    people = [user for user in SEED["users"]] + [random_user(source, number)
                                                for number in range(700)]
    server = MusterServer(tmp_path / "data", seed=write_seed(tmp_path / "seed.json", users=people))
    try:
        server.start()
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        before = trail_total(nadia)
        first = nadia.get(f"/objects/users?vaults={QUALITY},{CLINICAL}", CSV)
        count = len(list(csv.reader(io.StringIO(first.text)))) - 1
        assert count > 500
        assert send_records_back(nadia, first.text) == count
        safe = nadia.get(f"/objects/users?vaults={QUALITY},{CLINICAL}&formula_safe=true", CSV)
        assert send_records_back(nadia, safe.text, "?formula_safe=true") == count
        assert trail_total(nadia) == before
        assert nadia.get(f"/objects/users?vaults={QUALITY},{CLINICAL}", CSV).body == first.body
    finally:
        server.stop()


def send_records_back(api, text, query=""):
    """Like send_back(), where values may hold line ends: the file is cut by a CSV reader."""
    records, start, quoted = [], 0, False
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == "\n" and not quoted:
            records.append(text[start:place + 1])
            start = place + 1
    done = 0
    for first in range(1, len(records), 500):
        body = records[0] + "".join(records[first:first + 500])
        rows = result_rows(api.put_users_csv(body, "text/csv", query))
        assert {row[0] for row in rows} == {"SUCCESS"}, [row for row in rows if row[2]][:3]
        done += len(rows)
    return done
