"""A thin client of the Vault Users API. It adds no judgement: every call returns the Reply,
and a few functions below read the result rows of both answer formats alike.

    nadia = Api(server).log_in_as(person("nadia.brandt"))
    reply = nadia.put_users_json([{"id": 25003, "user_title__v": "Analyst"}])
"""

import csv
import dataclasses
import io
import json
import pathlib
import re

from muster_server import form

DATA = pathlib.Path(__file__).resolve().parent / "data"
SEED = json.loads((DATA / "seed.json").read_text())
VERSION = "v24.3"

QUALITY, CLINICAL, REGULATORY, ARCHIVE = 3003, 4112, 5221, 6001  # vault ids of the seed
DNS = {vault["id"]: vault["dns"] for vault in SEED["vaults"]}
CROWD_FIRST_ID = 30001
CLINICAL_FIRST_ID = 32001


@dataclasses.dataclass(frozen=True)
class Person:
    id: int
    user_name: str
    password: str


def person(name):
    """Somebody of the seed: person("nadia.brandt")."""
    user_name = name if "@" in name else f"{name}@example.com"
    for user in SEED["users"]:
        if user["user_name__v"] == user_name:
            return Person(user["id"], user_name, user.get("password", ""))
    raise KeyError(name)


def crowd_user(number):
    """Plain members of vault Quality with ids from 30001: targets a test may change at will."""
    return {
        "id": CROWD_FIRST_ID + number, "user_name__v": f"crowd.{number}@example.com",
        "user_first_name__v": "Crowd", "user_last_name__v": f"Number {number}",
        "user_email__v": f"crowd.{number}@example.com", "user_timezone__v": "Europe/Berlin",
        "user_locale__v": "de_DE", "user_language__v": "en", "security_policy_id__v": 821,
        "user_title__v": "Title before", "company__v": "Company before",
        "vault_membership": [{"id": QUALITY, "active__v": True,
                              "security_profile__v": "document_user__v",
                              "license_type__v": "full__v"}],
    }


def clinical_user(number):
    """Plain members of vault Clinical, and of no other, with ids from 32001."""
    user = crowd_user(number)
    user.update({"id": CLINICAL_FIRST_ID + number, "user_name__v": f"clinic.{number}@example.com"})
    user["vault_membership"] = [{"id": CLINICAL}]
    return user


def write_seed(path, crowd=0, clinical=0, users=None):
    """The seed file with so many plain users added (or with these users instead of the cast)."""
    seed = dict(SEED)
    seed["users"] = (SEED["users"] if users is None else users) + [
        crowd_user(number) for number in range(crowd)] + [
        clinical_user(number) for number in range(clinical)]
    there = {user["id"] for user in seed["users"]}
    seed["delegations"] = [grant for grant in SEED["delegations"]
                           if {grant["delegator_userid"], grant["delegate_userid"]} <= there]
    pathlib.Path(path).write_text(json.dumps(seed))
    return path


class Api:
    """Calls as one user (or as nobody) on one server."""

    def __init__(self, server, session=None, version=VERSION):
        self.server = server
        self.session = session
        self.version = version

    def call(self, method, path, body=None, headers=None):
        """`path` below /api/{version}."""
        fields = {} if self.session is None else {"Authorization": self.session}
        fields.update(headers or {})
        return self.server.request(method, f"/api/{self.version}{path}", body, fields)

    def get(self, path, headers=None):
        return self.call("GET", path, headers=headers)

    # --- sessions ---------------------------------------------------------------------------

    def login(self, username=None, password=None, vault_dns=None, headers=None, **more):
        """POST /auth with the fields that are given."""
        fields = {"username": username, "password": password, "vaultDNS": vault_dns, **more}
        fields = {name: value for name, value in fields.items() if value is not None}
        if password and len(password) >= 8:  # shorter ones occur in any log
            self.server.secrets.add(password)
        reply = self.call("POST", "/auth", form(fields),
                          {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})
        self.remember_session(reply)
        return reply

    def remember_session(self, reply):
        if reply.body.startswith(b"{") and "sessionId" in reply.json:
            self.server.secrets.add(reply.json["sessionId"])

    def log_in_as(self, who, **options):
        """A second Api with a session of that person."""
        reply = Api(self.server).login(who.user_name, who.password, **options)
        assert reply.json["responseStatus"] == "SUCCESS", reply
        return Api(self.server, reply.json["sessionId"])

    # --- the main job -----------------------------------------------------------------------

    def put_users_csv(self, text, accept=None, query="", headers=None):
        return self.put_users(text, "text/csv", accept, query, headers)

    def put_users_json(self, value, accept=None, query="", headers=None):
        text = value if isinstance(value, (str, bytes)) else json.dumps(value)
        return self.put_users(text, "application/json", accept, query, headers)

    def put_users(self, body, content_type=None, accept=None, query="", headers=None):
        fields = dict(headers or {})
        if content_type:
            fields["Content-Type"] = content_type
        if accept:
            fields["Accept"] = accept
        return self.call("PUT", "/objects/users" + query, body, fields)

    def update(self, content_type, records, accept=None):
        """The same records as CSV or JSON. In CSV an absent key is not sendable beside a present
        one, so give all records the same keys; None becomes the unquoted word null."""
        if content_type == "application/json":
            return self.put_users_json(records, accept)
        return self.put_users_csv(as_csv(records), accept)

    # --- reading ----------------------------------------------------------------------------

    def user(self, user_id, query="?exclude_vault_membership=false"):
        """One user object, read back over the API."""
        reply = self.get(f"/objects/users/{user_id}{query}")
        assert reply.json["responseStatus"] == "SUCCESS", reply
        (entry,) = reply.json["users"]
        return entry["user"]

    def memberships(self, user_id):
        """{vault id: membership} of one user."""
        return {entry["id"]: entry for entry in self.user(user_id).get("vault_membership", [])}

    def audit(self, trail, query=""):
        reply = self.get(f"/audittrail/{trail}{query}")
        assert reply.json["responseStatus"] == "SUCCESS", reply
        return reply.json

    def audit_rows_of(self, item):
        """The domain audit rows about one user, newest first, without those of the seed."""
        rows = self.audit("domain_audit_trail", "?limit=1000")["data"]
        return [row for row in rows if row["item"] == item and row["user_name"] != "System"]


def as_csv(records):
    """CSV as a careful client writes it: quotes where needed, backslashes doubled, LF."""
    columns = list(records[0])
    out = [",".join(columns)]
    for record in records:
        out.append(",".join(csv_cell(record[column]) for column in columns))
    return "\n".join(out) + "\n"


def csv_cell(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).replace("\\", "\\\\")
    if re.search(r'[",\n\r]', text) or text == "null":
        return '"' + text.replace('"', '""') + '"'
    return text


def result_rows(reply):
    """The result rows as [(status, id or None, [error type, ...])], from JSON or CSV."""
    if reply.content_type == "application/json;charset=UTF-8":
        envelope = reply.json
        assert envelope["responseStatus"] == "SUCCESS", reply
        return [(row["responseStatus"], row.get("id"),
                 [error["type"] for error in row.get("errors", [])]) for row in envelope["data"]]
    assert reply.content_type == "text/csv;charset=UTF-8", reply
    header, *rows = csv.reader(io.StringIO(reply.text))
    assert header == ["responseStatus", "id", "errors"]
    return [(status, user_id or None, re.findall(r'"([A-Z_]+)\|', errors))
            for status, user_id, errors in rows]


def only_row(reply):
    """The one result row of a request with one record."""
    rows = result_rows(reply)
    assert len(rows) == 1, reply
    return rows[0]


def failure(reply):
    """The error type of a request that failed as a whole. Checks the envelope on the way."""
    assert reply.content_type == "application/json;charset=UTF-8", reply
    envelope = reply.json
    assert envelope["responseStatus"] == "FAILURE", reply
    assert reply.headers["X-VaultAPI-Status"] == "FAILURE"
    assert "data" not in envelope, reply
    (error,) = envelope["errors"]
    assert set(error) == {"type", "message"} and error["message"], reply
    return error["type"]


def failure_message(reply):
    failure(reply)
    return reply.json["errors"][0]["message"]
