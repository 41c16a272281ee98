"""GET /objects/licenses and /objects/users/{id}/permissions (protocol 3.11, 3.12)."""

import pytest

from vault_client import failure

OBJECT, FIELD = "object.user__sys.object_actions", "object.user__sys.field_actions"


def test_licenses_count_the_active_members_of_the_vault(nadia, target):
    def used():
        reply = nadia.get("/objects/licenses").json
        assert reply["doc_count"] == {"licensed": 0, "used": 0}
        (application,) = reply["applications"]
        assert application["application_name"] == "muster__v"
        licensing = application["user_licensing"]
        assert list(licensing) == ["full__v", "external__v", "read_only__v"]
        for entry in licensing.values():
            assert set(entry) == {"licensed", "used", "shared"} and entry["shared"] is False
        return {name: entry["used"] for name, entry in licensing.items()}

    before = used()
    nadia.put_users_json([{"id": target, "license_type__v": "read_only__v"}])
    after = used()
    assert after["full__v"] == before["full__v"] - 1
    assert after["read_only__v"] == before["read_only__v"] + 1
    nadia.put_users_json([{"id": target, "active__v": False}])
    assert used()["read_only__v"] == before["read_only__v"]


def permissions(api, user_id="me", query=""):
    reply = api.get(f"/objects/users/{user_id}/permissions{query}").json
    assert reply["responseStatus"] == "SUCCESS"
    return {entry["name__v"]: entry["permissions"] for entry in reply["data"]}


ALL = {"read": True, "edit": True, "create": True, "delete": False}
READ = {"read": True, "edit": False, "create": False, "delete": False}


@pytest.mark.parametrize("name, expected", [
    ("nadia.brandt", ALL), ("sara.quality", ALL), ("otto.owner", ALL), ("bob.business", READ),
    ("dan.document", READ), ("carl.copy", READ)])
def test_permissions_follow_the_profile(log_in, nadia, name, expected):
    api = log_in(name)
    assert permissions(api) == {OBJECT: expected, FIELD: expected}
    assert permissions(nadia, api.user("me")["id"]) == {OBJECT: expected, FIELD: expected}


def test_a_filter_chooses_one(nadia):
    assert permissions(nadia, query=f"?filter=name__v::{OBJECT}") == {OBJECT: ALL}
    assert permissions(nadia, query="?filter=name__v::object.product__v.object_actions") == {}


@pytest.mark.parametrize("filter_", ["name__v", "name__v::", "name__v::object.*.object_actions",
                                     "name__v::object.user__sys", "id::1", "name__v::users"])
def test_a_broken_filter(nadia, filter_):
    assert failure(nadia.get(f"/objects/users/me/permissions?filter={filter_}")) == "INVALID_FILTER"


def test_of_nobody_and_of_strangers(nadia, log_in, clinical_target):
    assert failure(nadia.get("/objects/users/999999/permissions")) == "USER_NOT_FOUND"
    assert failure(log_in("dan.document").get(f"/objects/users/{clinical_target}/permissions")) == (
        "INSUFFICIENT_ACCESS")
