"""Every field that cannot be edited x every call that writes users x each body format (2.7): another
value is refused or, for what moves on its own, ignored; it is never taken."""

import itertools
import json

import pytest

from calls import CSV, FORM, JSON, NEW_USER
from muster_server import form
from route_table import route
from vault_client import as_csv

OTHER_VALUE = {
    "id": 4711, "created_date__v": "2001-01-01T00:00:00.000Z", "created_by__v": 4711,
    "modified_date__v": "2001-01-01T00:00:00.000Z", "modified_by__v": 4711, "domain_id__v": 77,
    "vault_id__v": 4112, "last_login__v": "2001-01-01T00:00:00.000Z", "group_id__v": 7,
    "domain_name__v": "other.example.org"}
MOVES_ON_ITS_OWN = ("last_login__v", "modified_date__v", "modified_by__v", "group_id__v",
                    "domain_name__v")
USERS = "/api/{version}/objects/users"
MULTIPART, JSON_OBJECT = "multipart/form-data; boundary=edge", "application/json (object)"
NUMBERS = itertools.count()
DONE = ("SUCCESS", "WARNING")  # an object record that stays as it was is a warning

# name: (method, template, query, body formats)
UPDATES = {
    "bulk update": ("PUT", USERS, "", (CSV, JSON)),
    "upsert by name": ("POST", USERS, "?operation=upsert&idParam=user_name__v", (CSV, JSON)),
    "upsert by id": ("POST", USERS, "?operation=upsert&idParam=id", (CSV, JSON)),
    "update one": ("PUT", USERS + "/{id}", "", (FORM, JSON_OBJECT)),
    "update me": ("PUT", USERS + "/me", "", (FORM, JSON_OBJECT)),
}
CREATES = {
    "create": ("POST", USERS, "", (CSV, JSON, FORM, MULTIPART, JSON_OBJECT)),
    "upsert of somebody new": ("POST", USERS, "?operation=upsert&idParam=user_name__v",
                               (CSV, JSON)),
}


def cases(calls):
    return [(name, body_format) for name, (method, path, _, formats) in calls.items()
            if route(method, path) for body_format in formats]


def encode(record, body_format):
    """(body, content type)"""
    if body_format == CSV:
        return as_csv([record]), CSV
    if body_format == FORM:
        return form(record), FORM
    if body_format == MULTIPART:
        parts = [f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                 for name, value in record.items()]
        return "".join(parts) + "--edge--\r\n", MULTIPART
    return json.dumps(record if body_format == JSON_OBJECT else [record]), JSON


def send(api, call, body_format, record, user_id="me"):
    """The outcome of one record: None for a success, else the type of its error."""
    method, path, query, _ = call
    path = path.removeprefix("/api/{version}").replace("{id}", str(user_id))
    body, content_type = encode(record, body_format)
    reply = api.call(method, path + query, body, {"Content-Type": content_type})
    envelope = reply.json
    if envelope["responseStatus"] in DONE and "data" in envelope:
        (envelope,) = envelope["data"]
    if envelope["responseStatus"] in DONE:
        return None
    assert envelope["responseStatus"] == "FAILURE", reply
    (error,) = envelope["errors"]
    return error["type"]


def key_of(name, user):
    """What the record needs besides the field in question to find its user."""
    if name in ("update one", "update me"):
        return {}
    key = "user_name__v" if name == "upsert by name" else "id"
    return {key: user[key]}


def text_of(value):
    """As an export writes it: of several values a comma list."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


@pytest.fixture
def subject(nadia, target):
    """subject(call): the user whom this call changes, as it is."""
    return lambda name: nadia.user("me" if name == "update me" else target)


def test_the_fields_are_those_of_the_metadata(nadia):
    fields = nadia.get("/metadata/objects/users").json["properties"]
    locked = {field["name"] for field in fields if not field["editable"]}
    assert locked | {"domain_name__v"} == set(OTHER_VALUE)


@pytest.mark.parametrize("field", list(OTHER_VALUE))
@pytest.mark.parametrize("name, body_format", cases(UPDATES))
def test_another_value_is_never_taken(nadia, subject, name, body_format, field):
    before = subject(name)
    # Where the field is the key itself, the other value finds nobody.
    record = {**key_of(name, before), field: OTHER_VALUE[field]}
    outcome = send(nadia, UPDATES[name], body_format, record, before["id"])
    assert outcome == (None if field in MOVES_ON_ITS_OWN else "INVALID_DATA")
    assert subject(name) == before


@pytest.mark.parametrize("field", list(OTHER_VALUE))
@pytest.mark.parametrize("name, body_format", cases(UPDATES))
def test_the_value_it_has_is_ignored(nadia, subject, name, body_format, field):
    """Files that were extracted, edited and loaded again carry these columns."""
    before = subject(name)
    if field not in before:
        assert field in ("group_id__v", "last_login__v"), "a user always has the others"
        value = ""
    else:
        value = text_of(before[field])
    record = {**key_of(name, before), field: value}
    assert send(nadia, UPDATES[name], body_format, record, before["id"]) is None
    assert subject(name) == before


@pytest.mark.parametrize("field", list(OTHER_VALUE))
@pytest.mark.parametrize("name, body_format", cases(CREATES))
def test_nobody_is_created_with_such_a_value(nadia, name, body_format, field):
    user_name = f"locked.{next(NUMBERS)}@example.com"
    record = {**NEW_USER, "user_name__v": user_name, "security_profile__v": "document_user__v",
              field: OTHER_VALUE[field]}
    outcome = send(nadia, CREATES[name], body_format, record)
    found = [entry["user"] for entry in nadia.get(
        "/objects/users?vaults=all&limit=1000&sort=id%20desc").json["users"]
        if entry["user"]["user_name__v"] == user_name]
    if field in MOVES_ON_ITS_OWN:
        assert outcome is None
        (user,) = found
        assert user.get(field) not in (OTHER_VALUE[field], [OTHER_VALUE[field]])
    else:
        assert outcome in ("INVALID_DATA", "ATTRIBUTE_NOT_SUPPORTED")
        assert found == []


# --- the same people as object records (5.4) ------------------------------------------------------

RECORDS = "/api/{version}/vobjects/user__sys"
OTHER_RECORD_VALUE = {
    "id": 4711, "name__v": "Somebody Else", "last_login__sys": "2001-01-01T00:00:00.000Z",
    "created_date__v": "2001-01-01T00:00:00.000Z", "created_by__v": 4711,
    "modified_date__v": "2001-01-01T00:00:00.000Z", "modified_by__v": 4711}
RECORD_MOVES = ("name__v", "last_login__sys", "modified_date__v", "modified_by__v")
RECORD_UPDATES = {
    "update records": ("PUT", RECORDS, "", (CSV, JSON)),
    "update records by name": ("PUT", RECORDS, "?idParam=username__sys", (CSV, JSON)),
    "upsert records": ("POST", RECORDS, "?idParam=username__sys", (CSV, JSON)),
}


@pytest.mark.parametrize("field", list(OTHER_RECORD_VALUE))
@pytest.mark.parametrize("name, body_format", cases(RECORD_UPDATES))
def test_another_value_is_never_taken_from_a_record(nadia, target, name, body_format, field):
    before = nadia.get(f"/vobjects/user__sys/{target}").json["data"]
    key = "id" if name == "update records" else "username__sys"
    record = {key: before[key], field: OTHER_RECORD_VALUE[field]}
    outcome = send(nadia, RECORD_UPDATES[name], body_format, record)
    assert outcome == (None if field in RECORD_MOVES else "INVALID_DATA")
    assert nadia.get(f"/vobjects/user__sys/{target}").json["data"] == before


def test_the_record_fields_are_those_of_the_metadata(nadia):
    fields = nadia.get("/metadata/vobjects/user__sys").json["object"]["fields"]
    assert {field["name"] for field in fields if not field["editable"]} == set(OTHER_RECORD_VALUE)
