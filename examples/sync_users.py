#!/usr/bin/env python3
"""Brings a file of people into a Vault: an example of a client, with Python's standard library only.

    MUSTER_PASSWORD=... examples/sync_users.py --url https://muster.example.com \\
        --user admin@example.com people.csv

The file has the columns user_name, first_name, last_name, email, phone, joins (a further vault,
may be empty) and left (yes or empty). The program logs in, creates or updates everybody in batches,
adds the memberships, writes the telephone numbers, disables who left, and reads from the audit
trail what became of it. It ends with one JSON object that says what was done; a record that was
refused is listed there and does not stop the others.
"""

import argparse
import csv
import io
import json
import os
import ssl
import sys
import urllib.parse
import urllib.request

VERSION = "v24.3"
BATCH = 500


class CallFailed(Exception):
    """The call as a whole was refused; args: type, message."""


class Vault:
    def __init__(self, url, ca_file=None):
        self.base = url.rstrip("/")
        self.context = ssl.create_default_context(cafile=ca_file) if ca_file else None
        self.session = None
        self.execution_id = None  # of the last call

    def call(self, method, path, body=None, content_type=None):
        """`path` below the version, or a link of an answer. Returns the envelope of a success."""
        target = path if path.startswith("/api/") else f"/api/{VERSION}{path}"
        headers = {"Accept": "application/json", "X-VaultAPI-ClientID": "example-sync"}
        if self.session:
            headers["Authorization"] = self.session
        if content_type:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(self.base + target, method=method, headers=headers,
                                         data=body.encode() if body is not None else None)
        with urllib.request.urlopen(request, context=self.context) as answer:
            self.execution_id = answer.headers["X-VaultAPI-ExecutionId"]
            envelope = json.load(answer)
        if envelope["responseStatus"] not in ("SUCCESS", "WARNING"):
            raise CallFailed(envelope["errors"][0]["type"], envelope["errors"][0]["message"])
        return envelope

    def form(self, method, path, **fields):
        return self.call(method, path, urllib.parse.urlencode(fields),
                         "application/x-www-form-urlencoded")

    def log_in(self, user, password):
        self.session = self.form("POST", "/auth", username=user, password=password)["sessionId"]

    def send(self, method, path, records):
        """Records in batches as CSV; yields (record, its result) in order."""
        for first in range(0, len(records), BATCH):
            batch = records[first:first + BATCH]
            text = io.StringIO()
            writer = csv.DictWriter(text, batch[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(batch)
            results = self.call(method, path, text.getvalue(), "text/csv")["data"]
            yield from zip(batch, results, strict=True)

    def pages(self, path):
        """The rows of a trail, page by page."""
        while path:
            envelope = self.call("GET", path)
            yield from envelope["data"]
            path = envelope["responseDetails"].get("next_page")


def as_user(person):
    return {"user_name__v": person["user_name"], "user_first_name__v": person["first_name"],
            "user_last_name__v": person["last_name"], "user_email__v": person["email"],
            "user_timezone__v": "Europe/Berlin", "user_locale__v": "en_US",
            "user_language__v": "en", "security_policy_id__v": "821",
            "security_profile__v": "document_user__v"}


def synchronise(vault, people):
    ids, failed, batches = {}, [], set()

    def note(record, result, name):
        batches.add(vault.execution_id)
        if result["responseStatus"] == "SUCCESS":
            return True
        failed.append({name: record[name], "errors": result["errors"]})
        return False

    upsert = "/objects/users?operation=upsert&idParam=user_name__v"
    for record, result in vault.send("POST", upsert, [as_user(person) for person in people]):
        if note(record, result, "user_name__v"):
            ids[record["user_name__v"]] = result["id"]
    known = [person for person in people if person["user_name"] in ids]

    joined = [person for person in known if person["joins"]]
    for person in joined:
        vault.form("PUT", f"/objects/users/{ids[person['user_name']]}"
                   f"/vault_membership/{person['joins']}", security_profile__v="document_user__v")

    numbers = [{"id": ids[person["user_name"]], "office_phone__v": person["phone"]}
               for person in known]
    updated = sum(note(record, result, "id")
                  for record, result in vault.send("PUT", "/objects/users", numbers))

    left = [person for person in known if person["left"] == "yes"]
    for person in left:
        vault.call("DELETE", f"/objects/users/{ids[person['user_name']]}")

    rows = [row for row in vault.pages("/audittrail/domain_audit_trail?limit=1000")
            if row["execution_id"] in batches]
    return {"upserted": len(ids), "joined": len(joined), "updated": updated,
            "disabled": len(left), "audit_rows": len(rows), "failed": failed}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("people", help="CSV file")
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--user", required=True)
    arguments.add_argument("--ca-file", help="trusts the certificates of this file (PEM)")
    given = arguments.parse_args()
    with open(given.people, newline="", encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    vault = Vault(given.url, given.ca_file)
    try:
        vault.log_in(given.user, os.environ["MUSTER_PASSWORD"])
        print(json.dumps(synchronise(vault, people)))
        vault.call("DELETE", "/session")
    except CallFailed as failure:
        sys.exit("{}: {}".format(*failure.args))


if __name__ == "__main__":
    main()
