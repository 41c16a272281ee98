"""PUT /objects/users: which values a field takes, and what clears, keeps or changes it."""

import pytest

from vault_client import failure, only_row, result_rows

CSV, JSON = "text/csv", "application/json"
BOTH = pytest.mark.parametrize("content_type", [CSV, JSON])

TEXT_FIELDS = {  # name: length in code points
    "user_first_name__v": 100, "user_last_name__v": 100, "alias__v": 40, "user_title__v": 255,
    "office_phone__v": 20, "fax__v": 255, "mobile_phone__v": 20, "site__v": 255,
    "federated_id__v": 100, "salesforce_user_name__v": 255, "medidata_uuid__v": 255,
    "company__v": 255,
}
REQUIRED = ["user_name__v", "user_first_name__v", "user_last_name__v", "user_email__v",
            "user_timezone__v", "user_locale__v", "user_language__v", "security_policy_id__v"]
OPTIONAL_TEXTS = [name for name in TEXT_FIELDS if name not in REQUIRED]


# --- id -------------------------------------------------------------------------------------------


def test_an_id_is_a_number_or_a_string_in_json(nadia, targets):
    first, second = targets(2)
    reply = nadia.put_users_json([{"id": first, "site__v": "x"}, {"id": str(second)}])
    assert result_rows(reply) == [("SUCCESS", str(first), []), ("SUCCESS", str(second), [])]


@pytest.mark.parametrize("content_type, sent, shown", [
    (CSV, "12021.0", "12021.0"), (CSV, "+25003", "+25003"), (CSV, "0x61a3", "0x61a3"),
    (CSV, "me", "me"), (CSV, "-1", "-1"), (CSV, "0", "0"), (CSV, "2147483648", "2147483648"),
    (CSV, "99999999999999999999", "99999999999999999999"), (CSV, "25 003", "25 003"),
    (CSV, "25003x", "25003x"), (CSV, "2.5003e4", "2.5003e4"), (CSV, "２５００３", "２５００３"),
    (CSV, "true", "true"),
    (JSON, "25003.0", "25003.0"), (JSON, "2.5003e4", "2.5003e4"), (JSON, '"me"', "me"),
    (JSON, '"+25003"', "+25003"), (JSON, "0", "0"), (JSON, "-25003", "-25003"),
    (JSON, "2147483648", "2147483648"),
])
def test_anything_else_is_no_id_and_fails_its_record_with_the_id_as_sent(nadia, target,
                                                                        content_type, sent, shown):
    if content_type == CSV:
        reply = nadia.put_users_csv(f"id,site__v\n{sent},x\n{target},fine\n")
    else:
        reply = nadia.put_users_json(f'[{{"id":{sent}}},{{"id":{target},"site__v":"fine"}}]')
    assert result_rows(reply) == [("FAILURE", shown, ["INVALID_DATA"]),
                                  ("SUCCESS", str(target), [])]


@pytest.mark.parametrize("value", ["true", "[25003]", '{"id":25003}'])
def test_a_json_id_of_another_kind_fails_its_record(nadia, value):
    status, _, errors = only_row(nadia.put_users_json(f'[{{"id":{value}}}]'))
    assert (status, errors) == ("FAILURE", ["INVALID_DATA"])


# --- booleans -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, value", [("true", True), ("TRUE", True), ("True", True),
                                         ("tRuE", True), ("false", False), ("FALSE", False)])
@BOTH
def test_a_boolean_is_true_or_false_in_any_case(nadia, target, content_type, text, value):
    field = "user_needs_to_change_password__v"
    nadia.update(JSON, [{"id": target, field: not value}])
    assert only_row(nadia.update(content_type, [{"id": target, field: text}]))[0] == "SUCCESS"
    assert nadia.user(target)[field] is value


@pytest.mark.parametrize("field", ["user_needs_to_change_password__v", "domain_active__v",
                                   "is_domain_admin__v", "active__v"])
@pytest.mark.parametrize("text", ["1", "0", "yes", "no", "Y", "t", "maybe", "on"])
@BOTH
def test_other_spellings_of_a_boolean_fail(nadia, target, content_type, field, text):
    reply = nadia.update(content_type, [{"id": target, field: text}])
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])


def test_a_json_number_is_no_boolean(nadia, target):
    reply = nadia.put_users_json([{"id": target, "domain_active__v": 1}])
    assert only_row(reply)[2] == ["INVALID_DATA"]


def test_the_message_of_a_bad_boolean_names_value_and_field(nadia, target):
    reply = nadia.put_users_json([{"id": target, "domain_active__v": "maybe"}])
    assert reply.json["data"][0]["errors"] == [{
        "type": "INVALID_DATA",
        "message": "Invalid value [maybe] for field [domain_active__v]."}]


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("field", ["user_needs_to_change_password__v", "domain_active__v",
                                   "is_domain_admin__v", "active__v", "license_type__v",
                                   "vault_membership", "app_licensing"])
@BOTH
def test_empty_booleans_memberships_and_licenses_change_nothing(nadia, target, content_type,
                                                                field, empty):
    before = nadia.user(target)
    reply = nadia.update(content_type, [{"id": target, field: empty}])
    assert only_row(reply) == ("SUCCESS", str(target), [])
    assert nadia.user(target) == before


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["x", "é", "語", "😀"])
@pytest.mark.parametrize("field", ["user_title__v", "office_phone__v", "alias__v"])
@BOTH
def test_a_text_may_be_as_long_as_its_metadata_says_in_code_points(nadia, target, content_type,
                                                                   field, letter):
    text = letter * TEXT_FIELDS[field]
    nadia.update(content_type, [{"id": target, field: text}])
    assert nadia.user(target)[field] == text
    reply = nadia.update(content_type, [{"id": target, field: text + letter}])
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])
    assert nadia.user(target)[field] == text


@pytest.mark.parametrize("field", list(TEXT_FIELDS))
def test_every_text_field_is_stored_and_limited(nadia, target, field):
    text = (field + str(target)).ljust(TEXT_FIELDS[field], "x")[-TEXT_FIELDS[field]:]
    assert only_row(nadia.put_users_json([{"id": target, field: text}]))[0] == "SUCCESS"
    assert nadia.user(target)[field] == text
    assert only_row(nadia.put_users_json([{"id": target, field: text + "x"}]))[2] == [
        "INVALID_DATA"]


@pytest.mark.parametrize("field", OPTIONAL_TEXTS)
@pytest.mark.parametrize("empty", ["", None])
@BOTH
def test_an_empty_optional_text_is_cleared(nadia, target, content_type, field, empty):
    nadia.put_users_json([{"id": target, field: "v"}])
    assert nadia.user(target)[field] == "v"
    assert only_row(nadia.update(content_type, [{"id": target, field: empty}]))[0] == "SUCCESS"
    assert field not in nadia.user(target)


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("empty", ["", None])
@BOTH
def test_a_required_field_cannot_be_emptied(nadia, target, content_type, field, empty):
    before = nadia.user(target)
    reply = nadia.update(content_type, [{"id": target, field: empty, "site__v": "also"}])
    assert only_row(reply) == ("FAILURE", str(target), ["PARAMETER_REQUIRED"])
    assert nadia.user(target) == before


def test_an_absent_key_is_unchanged(nadia, target):
    before = nadia.user(target)
    nadia.put_users_json([{"id": target, "site__v": "S"}])
    after = nadia.user(target)
    for name in ("site__v", "modified_date__v", "modified_by__v"):
        before.pop(name, None), after.pop(name, None)
    assert after == before


def test_the_word_null_in_a_json_text_is_a_text(nadia, target):
    nadia.put_users_json([{"id": target, "site__v": "null"}])
    assert nadia.user(target)["site__v"] == "null"


@pytest.mark.parametrize("sent, stored", [("a\u0001b", "ab"), ("\u0000x", "x"), ("x\u000b", "x"),
                                          ("\ufffey", "y"), ("z\uffff", "z")])
def test_characters_outside_xml_are_removed(nadia, target, sent, stored):
    assert only_row(nadia.put_users_json([{"id": target, "site__v": sent}]))[0] == "SUCCESS"
    assert nadia.user(target)["site__v"] == stored


# --- lists and references -------------------------------------------------------------------------


@pytest.mark.parametrize("field, good, bad", [
    ("user_timezone__v", ["UTC", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Niue"],
     ["Mars/Olympus", "utc+1", "America/Los Angeles", "europe/berlin ?"]),
    ("user_locale__v", ["en_US", "pt_BR", "de_DE", "ja_JP"], ["xx_XX", "english", "en-US"]),
    ("user_language__v", ["en", "ja", "zh_CN", "de"], ["xx", "English", "tlh"]),
    ("license_type__v", ["full__v", "external__v", "read_only__v", "learner_user__v",
                         "view_based__v"], ["full", "platinum__v"]),
])
@BOTH
def test_a_list_field_takes_values_of_its_list_only(nadia, target, content_type, field, good, bad):
    for value in good:
        reply = nadia.update(content_type, [{"id": target, field: value}])
        assert only_row(reply)[0] == "SUCCESS", (value, reply)
        assert nadia.user(target)[field] == value
    for value in bad:
        reply = nadia.update(content_type, [{"id": target, field: value}])
        assert only_row(reply)[2] == ["INVALID_DATA"], (value, reply)
    assert nadia.user(target)[field] == good[-1]


@pytest.mark.parametrize("policy", [822, "822", "821"])
def test_a_policy_is_named_by_number_or_digits(nadia, target, policy):
    reply = nadia.put_users_json([{"id": target, "security_policy_id__v": policy}])
    assert only_row(reply)[0] == "SUCCESS"
    assert nadia.user(target)["security_policy_id__v"] == int(policy)


@pytest.mark.parametrize("policy", ["999", "Basic", "823", "-821", "821.0"])
@BOTH
def test_an_unknown_or_retired_policy_fails(nadia, target, content_type, policy):
    reply = nadia.update(content_type, [{"id": target, "security_policy_id__v": policy}])
    assert only_row(reply)[2] == ["INVALID_DATA"]
    assert nadia.user(target)["security_policy_id__v"] == 821


@pytest.mark.parametrize("email, good", [
    ("a@b", True), ("Ana.Ruiz+hr@example.com", True), ("o'neil@example.com", True),
    ("ünïcode@example.com", True), ("x" * 243 + "@example.com", True),
    ("x" * 244 + "@example.com", False), ("plain", False), ("@example.com", False),
    ("ana@", False), ("a@b@c", False), ("a b@example.com", False), ("a@exam\tple.com", False),
    ("a@example.com\n", False)])
@BOTH
def test_an_email_has_one_at_with_something_on_both_sides(nadia, target, content_type, email, good):
    reply = nadia.update(content_type, [{"id": target, "user_email__v": email}])
    if good:
        assert only_row(reply)[0] == "SUCCESS"
        assert nadia.user(target)["user_email__v"] == email
    else:
        assert only_row(reply)[2] == ["INVALID_DATA"]


# --- all or nothing -------------------------------------------------------------------------------


def test_all_errors_of_a_record_are_collected(nadia, target):
    reply = nadia.put_users_json([{
        "id": target, "user_email__v": "none", "domain_active__v": "maybe",
        "user_first_name__v": "", "nickname": "x", "user_title__v": "t" * 256}])
    status, _, errors = only_row(reply)
    assert status == "FAILURE"
    assert sorted(errors) == ["ATTRIBUTE_NOT_SUPPORTED", "INVALID_DATA", "INVALID_DATA",
                              "INVALID_DATA", "PARAMETER_REQUIRED"]


def test_a_failed_record_changes_nothing_and_leaves_its_neighbours_alone(nadia, targets):
    first, bad, last = targets(3)
    before = nadia.user(bad)
    reply = nadia.put_users_json([
        {"id": first, "site__v": "1"},
        {"id": bad, "site__v": "2", "vault_membership": "4112:true", "user_email__v": "broken"},
        {"id": last, "site__v": "3"}])
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS", "FAILURE", "SUCCESS"]
    assert nadia.user(bad) == before
    assert (nadia.user(first)["site__v"], nadia.user(last)["site__v"]) == ("1", "3")


def test_an_update_stamps_who_and_when(log_in, target):
    sara = log_in("sara.quality")
    before = sara.user(target)["modified_date__v"]
    sara.put_users_json([{"id": target, "site__v": "S"}])
    after = sara.user(target)
    assert after["modified_by__v"] == 25011
    assert after["modified_date__v"] >= before
    assert after["created_by__v"] != 25011


def test_whole_request_failures_have_no_data(nadia):
    assert failure(nadia.put_users_csv("id,nickname\n25003,x\n")) == "ATTRIBUTE_NOT_SUPPORTED"
