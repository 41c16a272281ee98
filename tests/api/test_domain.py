"""The domain and its vaults (protocol 5.2)."""

import pytest

from vault_client import failure, failure_message


def vault(number, name, family, status="Active"):
    return {"id": number, "vault_name__v": name, "vault_status__v": status,
            "vault_family__v": {"name__v": f"{family}__v", "label__v": family.capitalize()}}


def test_a_domain_admin_sees_every_vault(nadia):
    assert nadia.get("/objects/domain").json == {
        "responseStatus": "SUCCESS", "responseMessage": "Success",
        "domain__v": {
            "domain_name__v": "example", "domain_type__v": "Production",
            "vaults__v": [vault(3003, "Quality", "quality"), vault(4112, "Clinical", "clinical"),
                          vault(5221, "Regulatory", "regulatory"),
                          vault(6001, "Archive", "quality", "Inactive")]}}


@pytest.mark.parametrize("value, shown", [("true", True), ("TRUE", True), ("false", False),
                                          ("", False)])
def test_applications_are_shown_on_request(nadia, value, shown):
    vaults = nadia.get(f"/objects/domain?include_application={value}").json["domain__v"]["vaults__v"]
    names = [entry.get("vault_application__v") for entry in vaults]
    assert names == (["exampleQms_v", "exampleDocs_v", "", ""] if shown else [None] * 4)


@pytest.mark.parametrize("path", ["/objects/domain?include_application=yes",
                                  "/objects/groups?includeImplied=1",
                                  "/audittrail/domain_audit_trail?all_dates=no"])
def test_flags_are_true_or_false(nadia, path):
    reply = nadia.get(path)
    assert failure(reply) == "INVALID_DATA"
    assert f"[{path.partition('?')[2].partition('=')[0]}]" in failure_message(reply)


@pytest.mark.parametrize("who", ["sara.quality", "otto.owner", "dan.document"])
def test_nobody_else_sees_the_vaults(log_in, who):
    assert failure(log_in(who).get("/objects/domain")) == "INSUFFICIENT_ACCESS"


@pytest.mark.parametrize("who", ["nadia.brandt", "vic.viewer"])
def test_everybody_may_list_domains(log_in, who):
    # A real client sends a form's content type with this GET.
    reply = log_in(who).get("/objects/domains",
                            {"Content-Type": "application/x-www-form-urlencoded"})
    assert reply.json == {"responseStatus": "SUCCESS", "responseMessage": "Success",
                          "domains": [{"name": "example.com", "type": "Production"}]}


def test_without_a_session_nothing_is_told(nobody):
    assert failure(nobody.get("/objects/domain")) == "INVALID_SESSION_ID"
    assert failure(nobody.get("/objects/domains")) == "INVALID_SESSION_ID"
