"""GET /metadata/objects/users: the field table, exactly."""

import re

import pytest

from vault_client import failure

PROFILES = [("business_admin__v", "Business Administrator"), ("document_user__v", "Document User"),
            ("external_user__v", "External User"), ("read_only_user__v", "Read-Only User"),
            ("system_admin__v", "System Administrator"), ("vault_owner__v", "Vault Owner"),
            ("view_based_user__v", "View-Based User")]

# name, type, length, editable, queryable, required, multivalue, onCreateEditable, what else
TABLE = """
user_name__v                    String          255 y y y n y
user_first_name__v              String          100 y y y n y
user_last_name__v               String          100 y y y n y
alias__v                        String           40 y n n n y
user_email__v                   String          255 y y y n y
user_timezone__v                String          255 y y y n y values
user_locale__v                  String           10 y y y n y values
user_title__v                   String          255 y y n n y
office_phone__v                 String           20 y y n n y
fax__v                          String          255 y y n n y
mobile_phone__v                 String           20 y y n n y
site__v                         String          255 y y n n y
is_domain_admin__v              Boolean           1 y y n n y
active__v                       Boolean           1 y y n n y
domain_active__v                Boolean           1 y y n n n
security_policy_id__v           ObjectReference  20 y y y n y object=securitypolicies
user_needs_to_change_password__v Boolean          1 y y n n y
id                              id               20 n y y n n object=users
created_date__v                 Calendar          0 n y y n n
created_by__v                   ObjectReference  20 n y y n n object=users
modified_date__v                Calendar          0 n y y n n
modified_by__v                  ObjectReference  20 n y y n n object=users
domain_id__v                    ObjectReference  20 n y y n n object=domains
vault_id__v                     ObjectReference  20 n y y y n object=vaults
federated_id__v                 String          100 y y n n y
salesforce_user_name__v         String          255 y y n n y
last_login__v                   Calendar          0 n y n n n
medidata_uuid__v                String          255 y y n n y
user_language__v                String           10 y y y n y values
company__v                      String          255 y y n n y
group_id__v                     ObjectReference  20 n n n y n object=groups
security_profile__v             ObjectReference  40 y y n n y object=Securityprofile values
license_type__v                 Picklist         40 y y n n y picklist=license_type__v
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.fixture(scope="module")
def properties(nadia):
    reply = nadia.get("/metadata/objects/users")
    assert list(reply.json) == ["responseStatus", "properties"]
    return reply.json["properties"]


def test_fields_come_in_the_documented_order(properties):
    assert [field["name"] for field in properties] == [row[0] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_field_has_its_documented_properties(properties, row):
    name, kind, length, *flags = row
    (field,) = [field for field in properties if field["name"] == name]
    extras = dict((extra.partition("=")[::2]) for extra in flags[5:])
    expected = {"name": name, "type": kind, "length": int(length)}
    expected.update(zip(["editable", "queryable", "required", "multivalue", "onCreateEditable"],
                        [flag == "y" for flag in flags[:5]]))
    expected.update({key: value for key, value in extras.items() if value})
    values = field.get("values")
    assert {key: value for key, value in field.items() if key != "values"} == expected
    if "values" in extras:
        assert values and all(set(value) == {"value", "label"} for value in values)
    elif kind != "Picklist":
        assert values is None


def labels(properties, name):
    (field,) = [field for field in properties if field["name"] == name]
    return {value["value"]: value["label"] for value in field["values"]}


def test_security_profiles_are_listed_with_their_labels(properties):
    have = labels(properties, "security_profile__v")
    assert [(name, have[name]) for name, _ in PROFILES] == PROFILES
    assert have["quality_admin__c"] == "Quality Administrator"


def test_time_zones_are_iana_names_with_a_label(properties):
    zones = labels(properties, "user_timezone__v")
    assert zones["Pacific/Niue"] == "(GMT-11:00) Niue Time (Pacific/Niue)"
    assert {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles"} <= set(zones)
    assert all(re.match(r"\(GMT[+-]\d\d:\d\d\) .", label) and name in label
               for name, label in zones.items())  # not every zone has a name of its own


def test_locales_and_languages_are_listed(properties):
    assert labels(properties, "user_locale__v")["pt_BR"].startswith("Brazil")
    assert {"en_US", "de_DE", "ja_JP"} <= set(labels(properties, "user_locale__v"))
    assert {"en", "ja", "zh_CN"} <= set(labels(properties, "user_language__v"))


def test_everybody_with_a_session_may_read_it(log_in, properties):
    reply = log_in("rita.reader").get("/metadata/objects/users")
    assert [field["name"] for field in reply.json["properties"]] == [row[0] for row in ROWS]


def test_nobody_without_a_session_may(nobody):
    assert failure(nobody.get("/metadata/objects/users")) == "INVALID_SESSION_ID"


def test_every_value_listed_is_a_value_accepted(nadia, properties, targets):
    """Each listed locale and language, and a spread of the zones, in one batch per field."""
    for name in ("user_locale__v", "user_language__v", "user_timezone__v"):
        values = list(labels(properties, name))
        values = values[::max(1, len(values) // 40)]
        ids = targets(len(values))
        reply = nadia.put_users_json([{"id": i, name: value} for i, value in zip(ids, values)])
        failed = [row for row in reply.json["data"] if row["responseStatus"] != "SUCCESS"]
        assert not failed
