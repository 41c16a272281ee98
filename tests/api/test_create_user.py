"""POST /objects/users as a form: create one user (protocol 3.4)."""

import itertools
import xml.etree.ElementTree

import pytest

from muster_server import form
from vault_client import CLINICAL, QUALITY, failure, failure_message

FORM = "application/x-www-form-urlencoded"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
NAMES = (f"single.{number}@example.com" for number in itertools.count())


def new_user(**more):
    return {"user_name__v": next(NAMES), "user_first_name__v": "Liam", "user_last_name__v": "Osei",
            "user_email__v": "liam@example.com", "user_timezone__v": "Africa/Accra",
            "user_locale__v": "en_US", "user_language__v": "en", "security_policy_id__v": "821",
            **more}


def create(api, fields, query=""):
    return api.call("POST", "/objects/users" + query, form(fields), {"Content-Type": FORM})


def multipart(fields, picture=None, boundary="part-of-form"):
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             .encode() for name, value in fields.items()]
    if picture is not None:
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
                     'filename="me.png"\r\nContent-Type: image/png\r\n\r\n'.encode()
                     + picture + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def create_multipart(api, fields, picture=None):
    return api.call("POST", "/objects/users", multipart(fields, picture),
                    {"Content-Type": "multipart/form-data; boundary=part-of-form"})


def created(reply):
    assert set(reply.json) == {"responseStatus", "id"}, reply
    assert reply.json["responseStatus"] == "SUCCESS", reply
    assert isinstance(reply.json["id"], int)
    return reply.json["id"]


def test_a_vault_user(nadia):
    fields = new_user(security_profile__v="business_admin__v", user_title__v="Head of QA")
    user_id = created(create(nadia, fields))
    user = nadia.user(user_id)
    assert {key: str(user[key]) for key in fields} == fields
    membership = nadia.memberships(user_id)[QUALITY]
    assert (membership["license_type__v"], membership["active__v"]) == ("full__v", True)
    assert nadia.audit_rows_of(fields["user_name__v"])[0]["action"] == "Create Users"


def test_one_user_is_answered_in_xml_where_that_is_asked_for(nadia):
    headers = {"Content-Type": FORM, "Accept": "application/xml"}
    reply = nadia.call("POST", "/objects/users", form(new_user()), headers)
    assert reply.content_type == "application/xml;charset=UTF-8"
    root = xml.etree.ElementTree.fromstring(reply.text)
    assert root.findtext("responseStatus") == "SUCCESS"
    assert nadia.user(root.findtext("id"))["user_first_name__v"] == "Liam"
    many = nadia.call("POST", "/objects/users", "[]", {**headers, "Content-Type": "application/json"})
    assert many.content_type == "application/json;charset=UTF-8"


def test_defaults_of_the_membership(nadia):
    membership = nadia.memberships(created(create(nadia, new_user())))[QUALITY]
    assert (membership["security_profile__v"], membership["license_type__v"]) == (
        "document_user__v", "full__v")


@pytest.mark.parametrize("query, more", [("?domain=true", {}), ("", {"domain": "true"})])
def test_a_domain_user(nadia, query, more):
    user_id = created(create(nadia, new_user(**more), query))
    assert nadia.memberships(user_id) == {}
    assert nadia.user(user_id)["domain_active__v"] is True


@pytest.mark.parametrize("query, more", [("?domain=true", {}), ("", {"domain": "true"})])
def test_a_domain_user_has_no_membership(nadia, query, more):
    fields = new_user(vault_membership="3003:true", **more)
    assert failure_message(create(nadia, fields, query)) == "A domain user has no vault membership."
    del fields["vault_membership"]
    assert created(create(nadia, fields, query))  # the name is still free


def test_profile_and_license_are_those_of_the_session_vault(nadia):
    fields = new_user(vault_membership="4112", license_type__v="external__v")
    reply = create(nadia, fields)
    assert failure(reply) == "INVALID_DATA"
    assert "[3003]" in failure_message(reply)
    both = create(nadia, fields | {"vault_membership": "3003;4112:::read_only__v"})
    memberships = nadia.memberships(created(both))
    assert {vault: entry["license_type__v"] for vault, entry in memberships.items()} == {
        QUALITY: "full__v", CLINICAL: "read_only__v"}


@pytest.mark.parametrize("query, more", [("?domain=yes", {}), ("", {"domain": "1"})])
def test_domain_is_true_or_false(nadia, query, more):
    reply = create(nadia, new_user(**more), query)
    assert failure(reply) == "INVALID_DATA"
    assert "[domain]" in failure_message(reply)


def test_multipart_with_a_picture(nadia):
    assert nadia.user(created(create_multipart(nadia, new_user(), PNG)))["id"]


def test_a_picture_that_is_none(nadia):
    assert failure(create_multipart(nadia, new_user(), b"#!/bin/sh")) == "INVALID_DATA"


def test_a_picture_that_is_too_large(nadia):
    assert failure(create_multipart(nadia, new_user(), PNG + bytes(10 << 20))) == "INVALID_DATA"


def test_a_form_that_is_too_large(nadia):
    assert failure(create_multipart(nadia, new_user(), PNG + bytes(12 << 20))) == (
        "EXCEEDS_FILE_MAX_SIZE")


def test_an_account_of_the_domain_joins_the_session_vault(nadia, clinical_target):
    name = nadia.user(clinical_target)["user_name__v"]
    assert created(create(nadia, {"user_name__v": name})) == clinical_target
    assert set(nadia.memberships(clinical_target)) == {QUALITY, CLINICAL}
    assert failure(create(nadia, {"user_name__v": name})) == "ITEM_NAME_EXISTS"


def test_all_errors_of_the_user_are_told(nadia):
    reply = create(nadia, {"user_name__v": next(NAMES), "user_email__v": "nobody"})
    assert reply.json["responseStatus"] == "FAILURE"
    assert reply.headers["X-VaultAPI-Status"] == "FAILURE"
    types = [error["type"] for error in reply.json["errors"]]
    assert types.count("PARAMETER_REQUIRED") == 6 and types.count("INVALID_DATA") == 1
    assert reply.json["responseMessage"] == reply.json["errors"][0]["message"]


@pytest.mark.parametrize("field", ["app_licensing", "nickname", "id", "password__v"])
def test_fields_that_are_not_of_this_call(nadia, field):
    assert failure(create(nadia, new_user(**{field: "1"}))) == "ATTRIBUTE_NOT_SUPPORTED"


def test_rights(log_in):
    assert failure(create(log_in("dan.document"), new_user())) == "INSUFFICIENT_ACCESS"
    sara = log_in("sara.quality")
    assert created(create(sara, new_user()))
    assert failure(create(sara, new_user(), "?domain=true")) == "INSUFFICIENT_ACCESS"
    assert failure(create(sara, new_user(security_profile__v="vault_owner__v"))) == (
        "INSUFFICIENT_ACCESS")


def test_old_versions_know_the_single_create(nadia):
    assert created(create(type(nadia)(nadia.server, nadia.session, "v8.0"), new_user()))
