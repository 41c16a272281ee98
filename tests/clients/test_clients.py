"""Three styles of client against a server that knows none of them: a shell script with curl, a
program with Python's standard library, and one that compares as the vendor's Java library does."""

import csv
import json
import os
import subprocess

import pytest

from clients.jvm_style import JvmStyleClient, check_user, int32
from conftest import start_copy
from muster_server import PROJECT
from vault_client import CLINICAL, QUALITY, Api, person

NADIA = person("nadia.brandt")
COUNT = 1200
TOO_LONG = "+49 30 555 0100 extension 4711"  # of 20 characters allowed
USER_FIELDS = ("user_name__v,user_first_name__v,user_last_name__v,user_email__v,user_timezone__v,"
               "user_locale__v,user_language__v,security_policy_id__v,security_profile__v")


def user_line(prefix, number):
    name = f"{prefix}.{number}@example.com"
    return f'{name},"Person, the",Number {number},{name},Europe/Berlin,en_US,en,821,document_user__v'


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=muster",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
                   check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def tls_server(seeded_directory, tmp_path_factory, certificate):
    running = start_copy(seeded_directory, tmp_path_factory.mktemp("tls"),
                         tls_certificate=certificate / "cert.pem",
                         arguments=["--tls-cert", certificate / "cert.pem",
                                    "--tls-key", certificate / "key.pem"])
    yield running
    running.stop()


def run(*command, **environment):
    environment = {**os.environ, "MUSTER_PASSWORD": NADIA.password, **environment}
    return subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True,
                          timeout=300, check=False)


# --- Python's standard library --------------------------------------------------------------------


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["user_name", "first_name", "last_name", "email", "phone", "joins", "left"])
        for number in range(COUNT):
            name = f"hr.{number}@example.com"
            rows.writerow([name, "José", f"Number {number}", name,
                           TOO_LONG if number == 700 else f"+49 30 {number}",
                           CLINICAL if number < 3 else "", "yes" if number >= COUNT - 2 else ""])
    return path


def check_synchronised(server, report):
    assert {key: report[key] for key in ("upserted", "joined", "updated", "disabled")} == {
        "upserted": COUNT, "joined": 3, "updated": COUNT - 1, "disabled": 2}
    (failed,) = report["failed"]
    assert [error["type"] for error in failed["errors"]] == ["INVALID_DATA"]
    nadia = Api(server).log_in_as(NADIA)
    assert nadia.user(failed["id"])["user_name__v"] == "hr.700@example.com"
    assert "office_phone__v" not in nadia.user(failed["id"])
    first = int(failed["id"]) - 700  # ids are given in order
    assert nadia.user(first + 699)["office_phone__v"] == "+49 30 699"
    assert nadia.user(first)["user_first_name__v"] == "José"
    assert set(nadia.memberships(first + 2)) == {QUALITY, CLINICAL}
    assert set(nadia.memberships(first + 3)) == {QUALITY}
    assert nadia.memberships(first + COUNT - 1)[QUALITY]["active__v"] is False
    assert nadia.user(first + COUNT - 1)["domain_active__v"] is True


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_program_with_the_standard_library(own_server, people, certificate, secure, request):
    server, trust = own_server, []
    if secure:
        server = request.getfixturevalue("tls_server")
        trust = ["--ca-file", certificate / "cert.pem"]
    url = server.url.replace("127.0.0.1", "localhost")
    command = [PROJECT / "examples/sync_users.py", "--url", url, "--user", NADIA.user_name, *trust,
               people]
    done = run("/usr/bin/python3", *command)
    assert done.returncode == 0, done
    report = json.loads(done.stdout)
    check_synchronised(server, report)
    assert report["audit_rows"] == COUNT + COUNT - 1  # created each, then a number each

    again = json.loads(run("/usr/bin/python3", *command).stdout)
    check_synchronised(server, again)
    assert again["audit_rows"] == 0  # nothing changed, so nothing was written


def test_that_program_says_why_a_login_failed(own_server, people):
    done = run("/usr/bin/python3", PROJECT / "examples/sync_users.py", "--url", own_server.url,
               "--user", NADIA.user_name, people, MUSTER_PASSWORD="wrong")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("USERNAME_OR_PASSWORD_INCORRECT: ")


# --- curl -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_shell_script_with_curl(own_server, tmp_path, certificate, secure, request):
    server = request.getfixturevalue("tls_server") if secure else own_server
    users = tmp_path / "users.csv"
    users.write_text("\n".join([USER_FIELDS, *(user_line("curl", n) for n in range(COUNT))]) + "\n")
    done = run(PROJECT / "examples/sync_users.sh", server.url, NADIA.user_name, users, CLINICAL,
               MUSTER_CA_FILE=str(certificate / "cert.pem") if secure else "")
    assert (done.returncode, done.stderr) == (0, ""), done
    session, upserted, joined, updated, failed, disabled, audit = done.stdout.splitlines()
    assert session.startswith("session ") and len(session) == len("session ") + 8
    assert (upserted, joined, updated) == (f"upserted {COUNT}", "joined 5", "updated 499")
    assert failed.startswith('FAILURE,999999,"""INVALID_DATA|')
    last = int(disabled.removeprefix("disabled "))
    assert last > 0 and "curl" in audit
    nadia = Api(server).log_in_as(NADIA)
    assert nadia.user(last)["user_name__v"] == f"curl.{COUNT - 1}@example.com"
    assert nadia.user(last)["active__v"] is False
    first = last - COUNT + 1
    assert [nadia.user(first + n).get("site__v") for n in (0, 498, 499)] == ["Berlin"] * 2 + [None]
    assert set(nadia.memberships(first)) == {QUALITY, CLINICAL}


def test_that_script_stops_at_a_failed_call(own_server, tmp_path):
    users = tmp_path / "users.csv"
    users.write_text(f"{USER_FIELDS},nickname\n{user_line('curl', 0)},x\n")
    done = run(PROJECT / "examples/sync_users.sh", own_server.url, NADIA.user_name, users, CLINICAL)
    assert done.returncode == 1 and "ATTRIBUTE_NOT_SUPPORTED" in done.stderr


# --- exact comparison -----------------------------------------------------------------------------


@pytest.fixture
def client(tls_server, certificate):
    # By name and port, as its vaultDNS has both.
    return JvmStyleClient(f"localhost:{tls_server.port}", certificate / "cert.pem")


def test_a_client_that_compares_exactly(client, tls_server):
    client.log_in(NADIA.user_name, NADIA.password)
    client.validate_session()
    (entry,) = client.call("GET", "/objects/users/me")["users"]
    check_user(entry["user"])

    ids = []
    for first in range(0, COUNT, 500):
        lines = [user_line("jvm", n) for n in range(first, min(first + 500, COUNT))]
        rows = client.csv("POST", "/objects/users?idParam=user_name__v&operation=upsert",
                          "\n".join([USER_FIELDS, *lines]) + "\n")
        assert [(status, errors) for status, _, errors in rows] == [("SUCCESS", [])] * len(lines)
        ids += [int32(user_id) for _, user_id, _ in rows]
    assert len(set(ids)) == COUNT
    batch = client.call("GET", f"/objects/users/{ids[0]}")["users"][0]["user"]
    check_user(batch)

    # It drops the parameters of this call and sends an empty form.
    envelope = client.call("PUT", f"/objects/users/{ids[0]}/vault_membership/{CLINICAL}", b"",
                           "application/x-www-form-urlencoded")
    assert envelope["responseStatus"] == "SUCCESS"

    rows = client.csv("PUT", "/objects/users", f"id,fax__v\n{ids[0]},1\n999999,1\n{ids[1]},1\n")
    assert rows == [("SUCCESS", str(ids[0]), []), ("FAILURE", "999999", ["INVALID_DATA"]),
                    ("SUCCESS", str(ids[1]), [])]

    envelope = client.call("DELETE", f"/objects/users/{ids[-1]}?domain=false")
    assert (envelope["responseStatus"], int32(envelope["id"])) == ("SUCCESS", ids[-1])

    names = {f"jvm.{n}@example.com" for n in range(COUNT)}
    rows = list(client.pages("/audittrail/domain_audit_trail?limit=500"))
    created = [row for row in rows if row["item"] in names and row["action"] == "Upsert Users"]
    assert len(created) == COUNT
    assert client.call("DELETE", "/session")["responseStatus"] == "SUCCESS"


def test_it_reads_failures_only_from_json_with_status_200(client):
    client.log_in(NADIA.user_name, NADIA.password)
    answer, text = client.send("PUT", "/objects/users", b"nickname\nx\n", "text/csv", "text/csv")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json;charset=UTF-8")
    assert json.loads(text)["responseStatus"] == "FAILURE"
    answer, text = client.send("PUT", "/objects/users", b"id\n25003\n", "text/csv", "text/csv")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv;charset=UTF-8")
    assert text.startswith(b"responseStatus,id,errors\n")


@pytest.mark.parametrize("method, path", [
    ("GET", "/objects/users/me"), ("GET", "/nothing"), ("PATCH", "/objects/users"),
    ("DELETE", "/session"), ("POST", "/keep-alive")])
def test_whatever_is_wrong_it_gets_an_object_it_can_read(client, method, path):
    client.session = "0" * 128
    envelope = client.call(method, path)
    assert envelope["responseStatus"] == "FAILURE" and envelope["errors"]


def test_the_fields_of_users_have_all_it_reads(client):
    client.log_in(NADIA.user_name, NADIA.password)
    for entry in client.call("GET", "/metadata/objects/users")["properties"]:
        assert all(entry[name] is not None for name in (
            "name", "type", "length", "editable", "queryable", "required", "multivalue")), entry
