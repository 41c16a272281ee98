"""PUT /objects/users: vault_membership, active__v, license_type__v and app_licensing."""

import pytest

from vault_client import CLINICAL, QUALITY, REGULATORY, only_row, result_rows

CSV, JSON = "text/csv", "application/json"
BOTH = pytest.mark.parametrize("content_type", [CSV, JSON])
DEFAULTS = ("document_user__v", "full__v", True)


def shape(membership):
    return (membership["security_profile__v"], membership["license_type__v"],
            membership["active__v"])


@pytest.fixture
def put(nadia, target):
    """put(value): the result row of an update of the test's own user with that membership."""
    def update(value, content_type=JSON):
        return only_row(nadia.update(content_type, [{"id": target, "vault_membership": value}]))
    return update


@pytest.fixture
def membership(nadia, target):
    """membership(vault): (profile, license, active) as GET shows it, None when not a member."""
    def read(vault):
        found = nadia.memberships(target).get(vault)
        return found and shape(found)
    return read


@pytest.mark.parametrize("text, expected", [
    ("4112", DEFAULTS),
    ("4112:true", DEFAULTS),
    ("4112:false", ("document_user__v", "full__v", False)),
    ("4112:true:business_admin__v", ("business_admin__v", "full__v", True)),
    ("4112:true:external_user__v:external__v", ("external_user__v", "external__v", True)),
    ("4112::vault_owner__v", ("vault_owner__v", "full__v", True)),
    ("4112:::read_only__v", ("document_user__v", "read_only__v", True)),
    ("4112::::", None),
    ("4112:FALSE:quality_admin__c:learner_user__v", ("quality_admin__c", "learner_user__v", False)),
])
@BOTH
def test_a_new_membership_takes_what_is_given_and_defaults_for_the_rest(
        put, membership, target, content_type, text, expected):
    row = put(text, content_type)
    if expected is None:  # five parts
        assert row == ("FAILURE", str(target), ["INVALID_DATA"])
    else:
        assert row == ("SUCCESS", str(target), [])
    assert membership(CLINICAL) == expected


@pytest.mark.parametrize("text, expected", [
    ("4112", ("business_admin__v", "external__v", False)),
    ("4112:true", ("business_admin__v", "external__v", True)),
    ("4112:false", ("business_admin__v", "external__v", False)),
    ("4112::read_only_user__v", ("read_only_user__v", "external__v", False)),
    ("4112:::full__v", ("business_admin__v", "full__v", False)),
    ("4112:true:document_user__v:read_only__v", ("document_user__v", "read_only__v", True)),
])
@BOTH
def test_an_existing_membership_keeps_what_is_not_given(put, membership, content_type, text,
                                                        expected):
    put("4112:false:business_admin__v:external__v")
    assert put(text, content_type)[0] == "SUCCESS"
    assert membership(CLINICAL) == expected


@pytest.mark.parametrize("text", [
    "9999:true", "abc:true", ":true", "4112:maybe", "4112:1", "4112:true:no_such__v",
    "4112:true:Business Administrator", "4112:true:document_user__v:full",
    "4112:true:document_user__v:full__v:more", "4112:true;4112:false", "4112;3003;4112",
    "4112|true", "4112:true;9999", "-4112", "4112.0:true",
])
@BOTH
def test_a_membership_that_is_wrong_fails_its_record(nadia, put, target, content_type, text):
    before = nadia.user(target)
    assert put(text, content_type) == ("FAILURE", str(target), ["INVALID_DATA"])
    assert nadia.user(target) == before


@pytest.mark.parametrize("text", ["4112:true;5221:false", "4112:true,5221:false",
                                  " 4112:true ; 5221:false ", "4112 : true ,5221: false"])
@BOTH
def test_several_memberships_are_separated_by_semicolon_or_comma(put, membership, content_type,
                                                                 text):
    assert put(text, content_type)[0] == "SUCCESS"
    assert membership(CLINICAL) == DEFAULTS
    assert membership(REGULATORY) == ("document_user__v", "full__v", False)


@pytest.mark.parametrize("value", [
    ["4112:true:external_user__v:external__v"],
    [{"vault_id": 4112, "active__v": True, "security_profile__v": "external_user__v",
      "license_type__v": "external__v"}],
    [{"id": 4112, "security_profile__v": "external_user__v", "license_type__v": "external__v"}],
    [{"id": "4112", "active__v": "true", "security_profile__v": "external_user__v",
      "license_type__v": "external__v"}],
])
def test_json_takes_arrays_of_strings_and_of_objects(put, membership, value):
    assert put(value)[0] == "SUCCESS"
    assert membership(CLINICAL) == ("external_user__v", "external__v", True)


@pytest.mark.parametrize("value", [
    [{"id": 4112, "profile": "document_user__v"}], [{"active__v": True}], [4112.5], [["4112"]],
    [{"id": 4112}, {"id": 4112}], [{"id": 4112, "active__v": "yes"}], [{"id": 9999}], [None],
    [{"id": 4112, "security_profile__v": "no_such__v"}]])
def test_json_memberships_of_another_shape_fail_their_record(nadia, put, target, value):
    before = nadia.user(target)
    status, _, errors = put(value)
    assert status == "FAILURE" and set(errors) <= {"INVALID_DATA", "ATTRIBUTE_NOT_SUPPORTED"}
    assert nadia.user(target) == before


def test_an_empty_json_array_changes_nothing(nadia, put, target):
    before = nadia.user(target)
    assert put([])[0] == "SUCCESS"
    assert nadia.user(target) == before


def test_vaults_that_are_not_named_stay_as_they_are(put, membership):
    put("4112:true:business_admin__v")
    put("5221:true")
    assert membership(QUALITY) == DEFAULTS
    assert membership(CLINICAL) == ("business_admin__v", "full__v", True)
    assert membership(REGULATORY) == DEFAULTS


def test_membership_is_never_deleted_only_switched_off(nadia, put, target):
    put("4112:true")
    put("4112:false")
    assert sorted(nadia.memberships(target)) == [QUALITY, CLINICAL]
    assert nadia.memberships(target)[CLINICAL]["active__v"] is False


def test_a_membership_cannot_be_activated_while_the_account_is_disabled(nadia, put, target):
    nadia.put_users_json([{"id": target, "domain_active__v": False}])
    assert put("3003:true") == ("FAILURE", str(target), ["OPERATION_NOT_ALLOWED"])
    assert put("4112:true") == ("FAILURE", str(target), ["OPERATION_NOT_ALLOWED"])
    assert put("3003:false")[0] == "SUCCESS"


def test_one_record_may_enable_the_account_and_its_membership(nadia, target, membership):
    nadia.put_users_json([{"id": target, "domain_active__v": False}])
    reply = nadia.put_users_csv(
        f"id,vault_membership,domain_active__v\n{target},3003:true,true\n")
    assert only_row(reply)[0] == "SUCCESS"
    assert nadia.user(target)["domain_active__v"] is True
    assert membership(QUALITY) == DEFAULTS


# --- active__v and license_type__v: the session's vault -----------------------------------------------


@BOTH
def test_active_and_license_belong_to_the_sessions_vault(nadia, put, target, membership,
                                                         content_type):
    put("4112:true")
    nadia.update(content_type, [{"id": target, "active__v": False,
                                 "license_type__v": "read_only__v"}])
    assert membership(QUALITY) == ("document_user__v", "read_only__v", False)
    assert membership(CLINICAL) == DEFAULTS
    assert nadia.user(target)["active__v"] is False


def test_a_license_needs_a_membership_in_the_sessions_vault(nadia, clinical_target):
    reply = nadia.put_users_json([{"id": clinical_target, "license_type__v": "read_only__v"}])
    assert only_row(reply) == ("FAILURE", str(clinical_target), ["OPERATION_NOT_ALLOWED"])
    assert sorted(nadia.memberships(clinical_target)) == [CLINICAL]


def test_activating_makes_a_member_of_the_sessions_vault(nadia, clinical_target):
    reply = nadia.put_users_json([{"id": clinical_target, "active__v": False}])
    assert only_row(reply)[0] == "SUCCESS"
    assert sorted(nadia.memberships(clinical_target)) == [CLINICAL]
    reply = nadia.put_users_json([{"id": clinical_target, "active__v": True}])
    assert only_row(reply)[0] == "SUCCESS"
    made = nadia.memberships(clinical_target)[QUALITY]
    assert made["active__v"] and made["security_profile__v"] == "document_user__v"
    assert made["license_type__v"] == "full__v"


def test_what_is_sent_back_unchanged_takes_no_rights(log_in, nadia, target):
    nadia.put_users_json([{"id": target, "vault_membership": "4112:true:vault_owner__v:full__v",
                           "app_licensing": "4112|exampleDocs_v:true:full__v"}])
    path = f"/objects/users/{target}?exclude_vault_membership=false&exclude_app_licensing=false"
    extract = nadia.get(path).json["users"][0]["user"]
    assert len(extract["vault_membership"]) == 2 and len(extract["app_licensing"]) == 1
    reply = log_in("sara.quality").put_users_json([extract])  # System Admin of Quality only
    assert only_row(reply) == ("SUCCESS", str(target), [])
    assert nadia.get(path).json["users"][0]["user"] == extract


def test_a_vault_license_stays_above_those_of_its_applications(nadia, target, membership):
    nadia.put_users_json([{"id": target, "app_licensing": "3003|exampleQms_v:true:full__v"}])
    reply = nadia.put_users_json([{"id": target, "vault_membership": "3003:::read_only__v"}])
    assert only_row(reply)[2] == ["INVALID_DATA"]
    assert "exampleQms_v" in reply.text
    assert membership(QUALITY) == DEFAULTS


def test_they_may_repeat_what_the_membership_says(nadia, target, membership):
    reply = nadia.put_users_json([{"id": target, "vault_membership": "3003:false::read_only__v",
                                   "active__v": False, "license_type__v": "read_only__v"}])
    assert only_row(reply)[0] == "SUCCESS"
    assert membership(QUALITY) == ("document_user__v", "read_only__v", False)


@pytest.mark.parametrize("fields", [
    {"vault_membership": "3003:true", "active__v": False},
    {"vault_membership": "3003:::full__v", "license_type__v": "read_only__v"}])
def test_they_may_not_contradict_the_membership(nadia, target, fields):
    before = nadia.user(target)
    reply = nadia.put_users_json([{"id": target, **fields}])
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])
    assert nadia.user(target) == before


def test_a_user_cannot_be_activated_in_the_vault_while_disabled_in_the_domain(nadia, target):
    nadia.put_users_json([{"id": target, "domain_active__v": False}])
    reply = nadia.put_users_json([{"id": target, "active__v": True}])
    assert only_row(reply)[2] == ["OPERATION_NOT_ALLOWED"]


# --- security_profile -----------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["security_profile__v", "security_profile"])
@BOTH
def test_the_current_security_profile_is_ignored_and_another_refused(nadia, target, content_type,
                                                                     column):
    reply = nadia.update(content_type, [{"id": target, column: "document_user__v"}])
    assert only_row(reply) == ("SUCCESS", str(target), [])
    reply = nadia.update(content_type, [{"id": target, column: "business_admin__v"}],
                         accept="application/json")
    assert only_row(reply) == ("FAILURE", str(target), ["ATTRIBUTE_NOT_SUPPORTED"])
    assert "vault_membership" in reply.json["data"][0]["errors"][0]["message"]
    assert nadia.user(target)["security_profile__v"] == "document_user__v"


# --- app_licensing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, expected", [
    ("3003|exampleQms_v", [(3003, "exampleQms_v", True, "full__v")]),
    ("3003|exampleQms_v:false:read_only__v", [(3003, "exampleQms_v", False, "read_only__v")]),
    ("3003|exampleQms_v:true:full__v|exampleDocs_v::read_only__v",
     [(3003, "exampleDocs_v", True, "read_only__v"), (3003, "exampleQms_v", True, "full__v")]),
    ("3003|exampleQms_v;4112|exampleDocs_v",
     [(3003, "exampleQms_v", True, "full__v"), (4112, "exampleDocs_v", True, "full__v")]),
])
@BOTH
def test_application_licenses_are_stored(nadia, target, content_type, text, expected):
    nadia.put_users_json([{"id": target, "vault_membership": "4112:true"}])
    reply = nadia.update(content_type, [{"id": target, "app_licensing": text}])
    assert only_row(reply)[0] == "SUCCESS"
    entries = nadia.user(target, "?exclude_app_licensing=false")["app_licensing"]
    assert sorted((entry["vault_id"], entry["application_name"], entry["active__v"],
                   entry["license_type__v"]) for entry in entries) == expected


@pytest.mark.parametrize("text", ["4114rimReg_v", "3003", "3003|", "9999|exampleQms_v",
                                  "3003|exampleQms_v:maybe", "3003|exampleQms_v:true:platinum__v",
                                  "3003|with blank", "3003|" + "x" * 101])
def test_a_malformed_application_license_fails_its_record(nadia, target, text):
    reply = nadia.put_users_json([{"id": target, "app_licensing": text}])
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])


def test_an_application_license_may_not_exceed_the_vaults_license(nadia, target):
    nadia.put_users_json([{"id": target, "license_type__v": "read_only__v"}])
    reply = nadia.put_users_json([{"id": target, "app_licensing": "3003|exampleQms_v"}])
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])


# --- together -------------------------------------------------------------------------------------------


def test_profile_and_membership_of_one_record_fail_together(nadia, targets):
    first, second = targets(2)
    reply = nadia.put_users_csv(
        "id,site__v,vault_membership\n"
        f"{first},Moved,9999:true\n{second},Moved,4112:true\n")
    assert [row[0] for row in result_rows(reply)] == ["FAILURE", "SUCCESS"]
    assert "site__v" not in nadia.user(first)
    assert nadia.user(second)["vault_id__v"] == [QUALITY, CLINICAL]
