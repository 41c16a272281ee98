"""PUT /objects/users: the special fields (domain_active__v, is_domain_admin__v, user_name__v,
federated_id__v), read-only fields, and duplicate, unknown and missing ids."""

import pytest

from vault_client import Api, only_row, person, result_rows

CSV, JSON = "text/csv", "application/json"
BOTH = pytest.mark.parametrize("content_type", [CSV, JSON])


@pytest.fixture
def put(nadia, target):
    """put(field=value, ...): the result row of an update of the test's own user."""
    return lambda **fields: only_row(nadia.put_users_json([{"id": target, **fields}]))


# --- unknown and read-only fields -----------------------------------------------------------------


def test_an_unknown_key_fails_its_record_only(nadia, targets):
    bad, good = targets(2)
    reply = nadia.put_users_json([{"id": bad, "nickname": "x", "site__v": "S"},
                                  {"id": good, "site__v": "S"}])
    assert result_rows(reply) == [("FAILURE", str(bad), ["ATTRIBUTE_NOT_SUPPORTED"]),
                                  ("SUCCESS", str(good), [])]
    assert reply.json["data"][0]["errors"][0]["message"] == "Unknown field [nickname]."
    assert "site__v" not in nadia.user(bad)


READ_ONLY = ["created_date__v", "created_by__v", "domain_id__v", "vault_id__v"]
MOVING = ["last_login__v", "modified_date__v", "modified_by__v", "group_id__v", "domain_name__v"]


@pytest.mark.parametrize("field", READ_ONLY)
def test_a_read_only_field_with_its_own_value_is_ignored(nadia, target, field):
    reply = nadia.put_users_json([{"id": target, field: nadia.user(target)[field]}])
    assert only_row(reply) == ("SUCCESS", str(target), [])


@pytest.mark.parametrize("field", READ_ONLY)
@BOTH
def test_an_empty_read_only_field_is_ignored(nadia, target, content_type, field):
    for empty in ("", None):
        reply = nadia.update(content_type, [{"id": target, field: empty}])
        assert only_row(reply) == ("SUCCESS", str(target), [])


@pytest.mark.parametrize("field, value", [
    ("created_date__v", "2001-01-01T00:00:00.000Z"), ("created_by__v", "25001"),
    ("domain_id__v", "77"), ("vault_id__v", "9999")])
@BOTH
def test_a_read_only_field_with_another_value_fails(nadia, target, content_type, field, value):
    before = nadia.user(target)
    reply = nadia.update(content_type, [{"id": target, field: value, "site__v": "S"}],
                         accept="application/json")
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])
    assert "not editable" in reply.json["data"][0]["errors"][0]["message"]
    assert nadia.user(target) == before


@pytest.mark.parametrize("field", MOVING)
@BOTH
def test_fields_that_move_on_their_own_are_always_ignored(nadia, target, content_type, field):
    before = nadia.user(target)
    reply = nadia.update(content_type, [{"id": target, field: "anything"}])
    assert only_row(reply) == ("SUCCESS", str(target), [])
    assert nadia.user(target) == before


@pytest.mark.parametrize("field", ["file", "domain", "password__v", "new_password__v"])
def test_fields_of_other_calls_fail_the_record(put, target, field):
    assert put(**{field: "x"}) == ("FAILURE", str(target), ["ATTRIBUTE_NOT_SUPPORTED"])


# --- domain_active__v -----------------------------------------------------------------------------


@BOTH
def test_disabling_keeps_memberships_but_inactive_and_enabling_leaves_them_so(nadia, target,
                                                                             content_type):
    nadia.put_users_json([{"id": target, "vault_membership": "4112:true:business_admin__v"}])
    nadia.update(content_type, [{"id": target, "domain_active__v": False}])
    disabled = nadia.user(target)
    assert (disabled["domain_active__v"], disabled["active__v"]) == (False, False)
    nadia.update(content_type, [{"id": target, "domain_active__v": True}])
    enabled = nadia.user(target)
    assert (enabled["domain_active__v"], enabled["active__v"]) == (True, False)
    assert {entry["id"]: (entry["active__v"], entry["security_profile__v"])
            for entry in enabled["vault_membership"]} == {
        3003: (False, "document_user__v"), 4112: (False, "business_admin__v")}


def test_a_caller_cannot_disable_itself(nadia):
    reply = nadia.put_users_json([{"id": 25001, "domain_active__v": False}])
    assert only_row(reply) == ("FAILURE", "25001", ["OPERATION_NOT_ALLOWED"])
    assert nadia.user("me")["domain_active__v"] is True


@pytest.mark.parametrize("change", [{"domain_active__v": False}, {"user_title__v": "Root"},
                                    {"is_domain_admin__v": True}, {"user_name__v": "x@example.com"}])
def test_the_system_account_is_read_only(nadia, change):
    reply = nadia.put_users_json([{"id": 1, **change}])
    assert only_row(reply) == ("FAILURE", "1", ["OPERATION_NOT_ALLOWED"])


# --- is_domain_admin__v ---------------------------------------------------------------------------


@pytest.fixture
def sole_admin(own_server):
    """omar.haddad, System Admin of Quality, as the only Domain Admin of his domain."""
    omar = Api(own_server).log_in_as(person("omar.haddad"))
    users = omar.get("/objects/users?vaults=all&limit=1000").json["users"]
    others = [entry["user"]["id"] for entry in users
              if entry["user"].get("is_domain_admin__v") and entry["user"]["id"] != 25006]
    reply = omar.put_users_json([{"id": i, "is_domain_admin__v": False} for i in others])
    assert {row[0] for row in result_rows(reply)} == {"SUCCESS"}
    return omar


def test_the_last_domain_admin_stays_one(sole_admin):
    for change in ({"is_domain_admin__v": False}, {"domain_active__v": False}):
        reply = sole_admin.put_users_json([{"id": 25006, **change}])
        assert only_row(reply) == ("FAILURE", "25006", ["OPERATION_NOT_ALLOWED"])
    user = sole_admin.user("me")
    assert (user["is_domain_admin__v"], user["domain_active__v"]) == (True, True)


def test_a_swap_works_with_the_new_admin_first(sole_admin):
    reply = sole_admin.put_users_json([{"id": 25007, "is_domain_admin__v": True},
                                       {"id": 25006, "is_domain_admin__v": False}])
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS", "SUCCESS"]


def test_a_swap_in_the_wrong_order_fails_in_its_first_record(sole_admin):
    reply = sole_admin.put_users_json([{"id": 25006, "is_domain_admin__v": False},
                                       {"id": 25007, "is_domain_admin__v": True}])
    assert result_rows(reply) == [("FAILURE", "25006", ["OPERATION_NOT_ALLOWED"]),
                                  ("SUCCESS", "25007", [])]


def test_a_disabled_domain_admin_does_not_count(sole_admin):
    sole_admin.put_users_json([{"id": 25002, "is_domain_admin__v": True}])  # account disabled
    reply = sole_admin.put_users_json([{"id": 25006, "is_domain_admin__v": False}])
    assert only_row(reply) == ("FAILURE", "25006", ["OPERATION_NOT_ALLOWED"])


# --- user_name__v ---------------------------------------------------------------------------------


@BOTH
def test_a_user_name_can_be_changed(nadia, target, content_type):
    name = f"Renamed.{target}@example.com"
    reply = nadia.update(content_type, [{"id": target, "user_name__v": name}])
    assert only_row(reply)[0] == "SUCCESS"
    assert nadia.user(target)["user_name__v"] == name


@pytest.mark.parametrize("name", [
    "nadia", "nadia@example.net", "@example.com", "a b@example.com", 'a"b@example.com',
    "a,b@example.com", "a;b@example.com", "a\tb@example.com", "a@b@example.com", "a@",
    "x" * 244 + "@example.com"])
@BOTH
def test_a_name_of_another_form_is_refused(nadia, target, content_type, name):
    reply = nadia.update(content_type, [{"id": target, "user_name__v": name}])
    assert only_row(reply) == ("FAILURE", str(target), ["INVALID_DATA"])


@pytest.mark.parametrize("name", ["nadia.brandt@example.com", "NADIA.Brandt@Example.COM"])
def test_a_name_in_use_is_refused_in_any_case(put, target, name):
    assert put(user_name__v=name) == ("FAILURE", str(target), ["INVALID_DATA"])


def test_the_case_of_ones_own_name_may_change(nadia, put, target):
    name = nadia.user(target)["user_name__v"].upper().replace("EXAMPLE.COM", "example.com")
    assert put(user_name__v=name)[0] == "SUCCESS"
    assert nadia.user(target)["user_name__v"] == name


def test_a_cross_domain_user_keeps_the_foreign_domain(nadia):
    guest = person("guest@partner.example.org")
    reply = nadia.put_users_json([{"id": guest.id, "user_name__v": guest.user_name,
                                   "user_title__v": "Guest"}])
    assert only_row(reply) == ("SUCCESS", str(guest.id), [])
    assert nadia.user(guest.id)["user_name__v"] == guest.user_name


def test_two_records_that_swap_names_fail_in_the_first(nadia, targets):
    first, second = targets(2)
    names = [nadia.user(i)["user_name__v"] for i in (first, second)]
    reply = nadia.put_users_json([{"id": first, "user_name__v": names[1]},
                                  {"id": second, "user_name__v": names[0]}])
    assert result_rows(reply)[0] == ("FAILURE", str(first), ["INVALID_DATA"])
    assert nadia.user(first)["user_name__v"] == names[0]


def test_a_name_given_up_earlier_in_the_batch_is_free(nadia, targets):
    first, second = targets(2)
    name = nadia.user(first)["user_name__v"]
    reply = nadia.put_users_json([
        {"id": first, "user_name__v": f"left.{first}@example.com"},
        {"id": second, "user_name__v": name}])
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS", "SUCCESS"]
    assert nadia.user(second)["user_name__v"] == name


def test_two_records_cannot_take_the_same_name(nadia, targets):
    first, second = targets(2)
    name = f"same.{first}@example.com"
    reply = nadia.put_users_json([{"id": i, "user_name__v": name} for i in (first, second)])
    assert result_rows(reply) == [("SUCCESS", str(first), []),
                                  ("FAILURE", str(second), ["INVALID_DATA"])]


# --- federated_id__v ------------------------------------------------------------------------------


def test_a_federated_id_is_unique_and_exact(nadia, targets):
    first, second, third = targets(3)
    fid = f"F-{first}"
    reply = nadia.put_users_json([{"id": first, "federated_id__v": fid},
                                  {"id": second, "federated_id__v": fid},
                                  {"id": third, "federated_id__v": fid.lower()}])
    assert result_rows(reply) == [("SUCCESS", str(first), []),
                                  ("FAILURE", str(second), ["FEDERATED_ID_ALREADY_EXISTS"]),
                                  ("SUCCESS", str(third), [])]


@BOTH
def test_many_users_may_have_no_federated_id(nadia, targets, content_type):
    ids = targets(2)
    nadia.put_users_json([{"id": i, "federated_id__v": f"none-{i}"} for i in ids])
    reply = nadia.update(content_type, [{"id": i, "federated_id__v": ""} for i in ids])
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS", "SUCCESS"]
    assert all("federated_id__v" not in nadia.user(i) for i in ids)


def test_a_federated_id_given_up_is_free_again(nadia, targets):
    first, second = targets(2)
    fid = f"free-{first}"
    nadia.put_users_json([{"id": first, "federated_id__v": fid}])
    reply = nadia.put_users_json([{"id": first, "federated_id__v": None},
                                  {"id": second, "federated_id__v": fid}])
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS", "SUCCESS"]
    assert nadia.user(second)["federated_id__v"] == fid


def test_ones_own_federated_id_may_be_repeated(put):
    assert put(federated_id__v="own-1")[0] == "SUCCESS"
    assert put(federated_id__v="own-1")[0] == "SUCCESS"


# --- user_needs_to_change_password__v -----------------------------------------------------------------


def test_a_user_who_must_change_the_password_cannot_log_in(nadia, server):
    who = person("carl.copy")
    nadia.put_users_json([{"id": who.id, "user_needs_to_change_password__v": True}])
    reply = Api(server).login(who.user_name, who.password)
    assert reply.json["errors"][0]["type"] == "PASSWORD_CHANGE_REQUIRED"
    nadia.put_users_json([{"id": who.id, "user_needs_to_change_password__v": False}])
    assert Api(server).login(who.user_name, who.password).json["userId"] == who.id


# --- duplicate, unknown and missing ids -----------------------------------------------------------


@BOTH
def test_the_first_of_equal_ids_is_applied_and_every_later_one_fails(nadia, targets, content_type):
    twice, other = targets(2)
    reply = nadia.update(content_type, [{"id": twice, "site__v": "first"},
                                        {"id": other, "site__v": "other"},
                                        {"id": twice, "site__v": "second"},
                                        {"id": twice, "site__v": "third"}])
    assert result_rows(reply) == [
        ("SUCCESS", str(twice), []), ("SUCCESS", str(other), []),
        ("FAILURE", str(twice), ["INVALID_DATA"]), ("FAILURE", str(twice), ["INVALID_DATA"])]
    assert nadia.user(twice)["site__v"] == "first"


def test_equal_ids_as_number_and_string_are_equal(nadia, target):
    reply = nadia.put_users_json([{"id": target, "site__v": "n"}, {"id": f" {target} "}])
    assert [row[0] for row in result_rows(reply)] == ["SUCCESS", "FAILURE"]


@BOTH
def test_an_unknown_id_fails_with_the_id_as_sent(nadia, content_type):
    reply = nadia.update(content_type, [{"id": 25999, "site__v": "x"}])
    assert reply.json["data"] == [{
        "responseStatus": "FAILURE", "id": "25999",
        "errors": [{"type": "INVALID_DATA", "message": "User [25999] does not exist."}]}]


@pytest.mark.parametrize("content_type, body", [
    (CSV, "id,site__v\n,x\n"), (CSV, 'id,site__v\n"",x\n'), (CSV, "id,site__v\n  ,x\n"),
    (CSV, "site__v,id\nx\n"), (JSON, '[{"site__v":"x"}]'), (JSON, '[{"id":"","site__v":"x"}]'),
    (JSON, '[{"id":null,"site__v":"x"}]'), (JSON, "[{}]")])
def test_a_record_without_id_fails_and_its_result_has_none(nadia, content_type, body):
    reply = nadia.put_users(body, content_type)
    assert only_row(reply) == ("FAILURE", None, ["PARAMETER_REQUIRED"])
    assert "id" not in reply.json["data"][0]


@BOTH
def test_a_record_that_changes_nothing_succeeds_and_leaves_no_trace(nadia, target, content_type):
    nadia.put_users_json([{"id": target, "site__v": "Same"}])
    before = nadia.user(target)
    rows = nadia.audit_rows_of(before["user_name__v"])
    reply = nadia.update(content_type, [{"id": target, "site__v": "Same",
                                         "vault_membership": "3003:true", "active__v": True}])
    assert only_row(reply) == ("SUCCESS", str(target), [])
    assert nadia.user(target) == before
    assert nadia.audit_rows_of(before["user_name__v"]) == rows


def test_a_retry_of_an_applied_batch_is_a_no_op(nadia, targets):
    records = [{"id": i, "site__v": "Retried"} for i in targets(5)]
    first = nadia.put_users_json(records)
    total = nadia.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"]
    second = nadia.put_users_json(records)
    assert result_rows(second) == result_rows(first)
    assert nadia.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"] == total


def test_a_column_of_another_call_fails_its_records_where_it_has_a_value(nadia, target):
    reply = nadia.put_users_csv(f"id,site__v,file\n{target},x,y\n")
    assert only_row(reply) == ("FAILURE", str(target), ["ATTRIBUTE_NOT_SUPPORTED"])
    assert "site__v" not in nadia.user(target)
