"""README.md, "What is left out": each call answers what is said there."""

import json

import pytest

from muster_server import PROJECT, form
from vault_client import failure, only_row, as_csv

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
USER = {"user_name__v": "left.out@example.com", "user_first_name__v": "Left",
        "user_last_name__v": "Out", "user_email__v": "left@example.com",
        "user_timezone__v": "UTC", "user_locale__v": "en_US", "user_language__v": "en",
        "security_policy_id__v": "821"}


def rows():
    """[(what, call, answer)] of the table in the README."""
    section = (PROJECT / "README.md").read_text().split("## What is left out")[1].split("\n## ")[0]
    lines = [line.split("|")[1:4] for line in section.splitlines() if line.startswith("|")]
    return [(what.strip(), answer.strip(" `")) for what, _, answer in lines[2:]]


def oauth_login(nadia):
    return [failure(nadia.call("POST", "/auth/oauth/session/0PR000", form(
        {"vaultDNS": "quality.example.com", "client_id": "x"}), FORM))]


def veevaid_account(nadia):
    user = {**USER, "security_policy_id__v": "VeevaID"}
    return [failure(nadia.call("POST", "/objects/users", form(user), FORM)),
            *only_row(nadia.call("POST", "/objects/users", as_csv([user]),
                                 {"Content-Type": "text/csv"}))[2],
            failure(nadia.call("PUT", "/objects/users/30001",
                               form({"security_policy_id__v": "veevaid"}), FORM))]


def salesforce_delegation(nadia):
    token = {"Authorization": "00D0000000!AQ4AQ", "X-Auth-Provider": "sfdc"}
    return [failure(nadia.get("/objects/users/me", token)),
            failure(nadia.call("POST", "/keep-alive", None, token))]


def file_staging(nadia):
    return [failure(nadia.call(method, "/services/file_staging" + path)) for method, path in (
        ("GET", "/items"), ("POST", "/items"), ("POST", "/upload"), ("GET", ""))]


def staged_picture(nadia):
    reply = nadia.call("POST", "/objects/users", as_csv([{**USER, "file": "/photos/me.png"}]),
                       {"Content-Type": "text/csv"})
    return only_row(reply)[2]


def documents(nadia):
    return [failure(nadia.call(method, path)) for method, path in (
        ("GET", "/objects/documents"), ("POST", "/objects/documents"),
        ("GET", "/objects/documents/1"), ("GET", "/metadata/objects/documents/properties"))]


def later_activation(nadia):
    reply = nadia.call("PUT", "/vobjects/user__sys", json.dumps(
        [{"id": "30001", "activation_date__sys": "2030-01-01"}]), {"Content-Type": "application/json"})
    (record,) = reply.json["data"]
    return [error["type"] for error in record["errors"]]


CALLS = {"Login by OAuth": oauth_login, "VeevaID accounts": veevaid_account,
         "Delegation from Salesforce": salesforce_delegation, "File staging": file_staging,
         "Pictures by staged file": staged_picture, "Documents": documents,
         "Accounts that become active later": later_activation}


def test_the_table_names_what_is_tried_here():
    assert [what for what, _ in rows()] == list(CALLS)


@pytest.mark.parametrize("what, answer", rows())
def test_what_is_left_out_says_so(nadia, what, answer):
    assert set(CALLS[what](nadia)) == {answer}
