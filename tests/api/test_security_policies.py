"""Security policies (protocol 5.1)."""

import pytest

from vault_client import failure

DETAILS = ["name__v", "label__v", "description__v", "is_active__v"]
SETTINGS = ["authentication_type__v", "passwords_require_number__v",
            "passwords_require_uppercase_letter__v", "passwords_require_nonalpha_char__v",
            "min_password_length__v", "password_expiration__v", "password_history_reuse__v"]


def test_the_list_names_every_policy_and_where_to_read_it(nadia, server):
    assert nadia.get("/objects/securitypolicies").json == {
        "responseStatus": "SUCCESS",
        "security_policies__v": [
            {"name__v": name, "label__v": label,
             "value__v": f"{server.url}/api/v24.3/objects/securitypolicies/{name}"}
            for name, label in [("821", "Basic"), ("822", "Single Sign-on"), ("823", "Retired")]]}


def test_one_policy(nadia):
    assert nadia.get("/objects/securitypolicies/821").json == {
        "responseStatus": "SUCCESS", "responseMessage": "Success",
        "security_policy__v": {
            "policy_details__v": {"name__v": "821", "label__v": "Basic", "is_active__v": True},
            "policy_security_settings__v": {
                "authentication_type__v": {"name__v": "Password", "label__v": "Password"},
                "passwords_require_number__v": True,
                "passwords_require_uppercase_letter__v": True,
                "min_password_length__v": 8, "password_expiration__v": 0,
                "password_history_reuse__v": 0}}}


def test_flags_that_are_off_are_left_out(nadia):
    policy = nadia.get("/objects/securitypolicies/823").json["security_policy__v"]
    assert policy["policy_details__v"] == {"name__v": "823", "label__v": "Retired"}


def test_a_policy_of_single_sign_on(nadia):
    policy = nadia.get("/objects/securitypolicies/822").json["security_policy__v"]
    assert policy["policy_security_settings__v"]["authentication_type__v"] == {
        "name__v": "SSO", "label__v": "Single Sign-on"}


@pytest.mark.parametrize("name", ["999", "0", "Basic", "821.0", "99999999999999999999", "%20"])
def test_an_unknown_policy_is_refused(nadia, name):
    assert failure(nadia.get(f"/objects/securitypolicies/{name}")) == "INVALID_DATA"


def test_the_metadata_describes_what_a_policy_has(nadia):
    metadata = nadia.get("/metadata/objects/securitypolicies").json
    assert metadata["responseMessage"] == "Success"
    document = metadata["metadata"]
    assert (document["name"], document["description"]) == ("security_policy", "Security Policy")
    assert [(part["name"], part["type"], part["objectTypeReferenced"])
            for part in document["properties"]] == [
        ("policy_details__v", ["CompleteObject"], [{"type": "policy_details"}]),
        ("policy_security_settings__v", ["CompleteObject"], [{"type": "policy_security_settings"}])]
    names = {part["name"]: [entry["name"] for entry in part["properties"]]
             for part in document["objects"]}
    assert names == {"policy_details": DETAILS, "policy_security_settings": SETTINGS}
    assert all(isinstance(entry["type"], list)
               for part in document["objects"] for entry in part["properties"])


@pytest.mark.parametrize("path", ["/objects/securitypolicies", "/objects/securitypolicies/821",
                                  "/metadata/objects/securitypolicies"])
def test_everybody_with_a_session_may_read_policies(log_in, nobody, path):
    assert log_in("vic.viewer").get(path).json["responseStatus"] == "SUCCESS"
    assert failure(nobody.get(path)) == "INVALID_SESSION_ID"
    assert failure(log_in("vic.viewer").call("DELETE", path)) == "METHOD_NOT_SUPPORTED"
