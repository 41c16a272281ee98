"""GET /objects/users, /objects/users/{id} and /objects/users/me."""

import pytest

from vault_client import CLINICAL, QUALITY, REGULATORY, SEED, failure, person

FIELD_ORDER = """user_name__v user_first_name__v user_last_name__v user_email__v user_timezone__v
user_locale__v user_title__v is_domain_admin__v active__v domain_active__v security_policy_id__v
user_needs_to_change_password__v id created_date__v created_by__v modified_date__v modified_by__v
domain_id__v domain_name__v vault_id__v last_login__v user_language__v company__v group_id__v
security_profile__v license_type__v""".split()


def listed(reply):
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return [entry["user"] for entry in reply.json["users"]]


def ids(reply):
    return [user["id"] for user in listed(reply)]


def members(vault):
    return [user["id"] for user in SEED["users"]
            if any(entry["id"] == vault for entry in user["vault_membership"])]


# --- one user -------------------------------------------------------------------------------------


def test_one_user_is_a_list_of_one(nadia):
    envelope = nadia.get("/objects/users/25003").json
    assert list(envelope) == ["responseStatus", "users"]
    assert len(envelope["users"]) == 1 and list(envelope["users"][0]) == ["user"]


def test_a_user_object_shows_every_field_that_is_set(nadia):
    user = nadia.user(25003, "")
    assert {name: user[name] for name in (
        "user_name__v", "user_first_name__v", "user_last_name__v", "user_email__v",
        "user_timezone__v", "user_locale__v", "user_language__v", "user_title__v", "company__v",
        "is_domain_admin__v", "active__v", "domain_active__v", "security_policy_id__v",
        "user_needs_to_change_password__v", "id", "domain_id__v", "domain_name__v", "vault_id__v",
        "security_profile__v", "license_type__v")} == {
        "user_name__v": "bela.kovacs@example.com", "user_first_name__v": "Béla",
        "user_last_name__v": "Kovács", "user_email__v": "bela@example.com",
        "user_timezone__v": "Europe/Berlin", "user_locale__v": "de_DE", "user_language__v": "en",
        "user_title__v": "Clerk", "company__v": "Kovács Kft", "is_domain_admin__v": False,
        "active__v": True, "domain_active__v": True, "security_policy_id__v": 821,
        "user_needs_to_change_password__v": False, "id": 25003, "domain_id__v": 76,
        "domain_name__v": "example.com", "vault_id__v": [QUALITY],
        "security_profile__v": "document_user__v", "license_type__v": "full__v"}


def test_fields_keep_the_documented_order(nadia):
    user = nadia.user("me", "")
    assert [name for name in user if name in FIELD_ORDER] == [
        name for name in FIELD_ORDER if name in user]


def test_ids_are_numbers(nadia):
    user = nadia.user("me", "")
    for name in ("id", "created_by__v", "modified_by__v", "domain_id__v", "security_policy_id__v"):
        assert type(user[name]) is int
    assert all(type(vault) is int for vault in user["vault_id__v"])


def test_absent_values_are_left_out_not_null(nadia):
    for user in listed(nadia.get("/objects/users?limit=1000&vaults=all")):
        assert None not in user.values() and "" not in user.values()


def test_passwords_are_nowhere(nadia):
    text = nadia.get("/objects/users?limit=1000&vaults=all&exclude_vault_membership=false").text
    assert "password" not in text.replace("user_needs_to_change_password__v", "")
    assert "argon2" not in text


def test_me_is_the_caller(log_in):
    for name in ("nadia.brandt", "rita.reader", "guest@partner.example.org"):
        assert log_in(name).user("me", "")["id"] == person(name).id


def test_me_and_ones_own_id_agree(nadia):
    assert nadia.user("me") == nadia.user(25001)


def test_an_unknown_user_is_not_found(nadia):
    for unknown in (999999, 2147483647, 99999999999):
        assert failure(nadia.get(f"/objects/users/{unknown}")) == "USER_NOT_FOUND"


@pytest.mark.parametrize("caller", ["rita.reader", "sara.quality"])
def test_others_of_the_own_vault_may_be_read_but_not_those_out_of_reach(log_in, caller):
    api = log_in(caller)
    assert api.user(25003)["user_email__v"] == "bela@example.com"
    assert failure(api.get(f"/objects/users/{person('cyd.clinical').id}")) == "INSUFFICIENT_ACCESS"


def test_a_domain_admin_reads_everybody(nadia):
    assert nadia.user(person("dom.only").id, "")["vault_id__v"] == []
    assert nadia.user(person("cyd.clinical").id)["vault_id__v"] == [CLINICAL]


# --- what is left out unless asked for ------------------------------------------------------------


@pytest.mark.parametrize("parameter, key", [("exclude_vault_membership", "vault_membership"),
                                            ("exclude_app_licensing", "app_licensing")])
@pytest.mark.parametrize("path", ["/objects/users/30001", "/objects/users/me", "/objects/users"])
def test_only_false_includes_it(nadia, path, parameter, key):
    nadia.put_users_json([{"id": i, "app_licensing": "3003|exampleQms_v"} for i in (30001, 25001)])
    for value, included in [("", False), ("true", False), ("0", False), ("false", True)]:
        query = f"?limit=1000&{parameter}={value}" if value else "?limit=1000"
        users = listed(nadia.get(path + query))
        assert any(key in user for user in users) is included


def test_membership_entries_are_objects_in_order_of_vaults(nadia):
    assert nadia.user(25001)["vault_membership"] == [
        {"id": vault, "active__v": True, "security_profile__v": "vault_owner__v",
         "license_type__v": "full__v"} for vault in (QUALITY, CLINICAL, REGULATORY)]


def test_application_licenses_are_objects(nadia):
    nadia.put_users_json([{"id": 30002, "app_licensing": "3003|exampleQms_v:false:read_only__v"}])
    user = nadia.user(30002, "?exclude_app_licensing=false")
    assert user["app_licensing"] == [{"vault_id": 3003, "application_name": "exampleQms_v",
                                      "active__v": False, "license_type__v": "read_only__v"}]


# --- lists ----------------------------------------------------------------------------------------


def test_a_list_names_its_page(nadia):
    envelope = nadia.get("/objects/users?limit=2").json
    assert list(envelope) == ["responseStatus", "size", "start", "limit", "sort", "total", "users"]
    assert {key: envelope[key] for key in ("size", "start", "limit", "sort")} == {
        "size": 2, "start": 0, "limit": 2, "sort": "id asc"}
    assert envelope["total"] == len(ids(nadia.get("/objects/users?limit=1000")))


def test_list_entries_are_full_objects(nadia):
    (user,) = [user for user in listed(nadia.get("/objects/users?limit=20")) if user["id"] == 25003]
    assert user == nadia.user(25003, "")


def test_a_page_holds_200_by_default(nadia):
    envelope = nadia.get("/objects/users").json
    assert (envelope["size"], envelope["limit"], len(envelope["users"])) == (200, 200, 200)


def test_pages_cover_everybody_once(nadia):
    everybody = ids(nadia.get("/objects/users?limit=1000"))
    paged, start = [], 0
    while True:
        page = ids(nadia.get(f"/objects/users?limit=150&start={start}"))
        paged += page
        if len(page) < 150:
            break
        start += 150
    assert paged == everybody == sorted(set(everybody))


def test_a_page_behind_the_end_is_empty(nadia):
    envelope = nadia.get("/objects/users?start=100000").json
    assert (envelope["size"], envelope["start"], envelope["users"]) == (0, 100000, [])


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", "start=-1", "start=x",
                                   "limit=99999999999999999999", "limit=1.5"])
def test_a_page_that_makes_no_sense_is_invalid(nadia, query):
    assert failure(nadia.get("/objects/users?" + query)) == "INVALID_DATA"


def test_a_limit_over_1000_is_cut_to_1000(nadia):
    assert nadia.get("/objects/users?limit=5000").json["limit"] == 1000


def test_system_accounts_are_listed(nadia):
    assert 1 in ids(nadia.get("/objects/users?vaults=all&limit=1000"))


@pytest.mark.parametrize("field", ["user_name__v", "user_last_name__v", "user_email__v",
                                   "modified_date__v", "user_title__v"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_a_list_can_be_sorted_by_a_field_with_ties_by_id(nadia, field, direction):
    reply = nadia.get(f"/objects/users?limit=1000&sort={field}%20{direction}")
    assert reply.json["sort"] == f"{field} {direction}"
    keys = [(user.get(field, ""), user["id"]) for user in listed(reply)]
    pairs = list(zip(keys, keys[1:]))
    assert all(a[1] < b[1] for a, b in pairs if a[0] == b[0])
    plain = [(a[0], b[0]) for a, b in pairs if a[0].isascii() and b[0].isascii() and a[0] and b[0]
             and not {a[0][0].isupper(), a[0][0].islower()} - {True, False}]
    folded = [(a.lower(), b.lower()) for a, b in plain]
    ordered = all(a <= b for a, b in folded) if direction == "asc" else all(
        a >= b for a, b in folded)
    exact = all(a <= b for a, b in plain) if direction == "asc" else all(a >= b for a, b in plain)
    assert ordered or exact


def test_a_list_can_be_sorted_by_id_descending(nadia):
    everybody = ids(nadia.get("/objects/users?limit=1000&sort=id+desc"))
    assert everybody == sorted(everybody, reverse=True)


@pytest.mark.parametrize("sort", ["nickname asc", "alias__v asc", "group_id__v asc", "id up",
                                  "id asc, user_name__v", "user_name__v;drop table users",
                                  "id asc desc", "' or 1=1 --"])
def test_a_bad_sort_is_invalid(nadia, sort):
    reply = nadia.get("/objects/users?sort=" + sort.replace(" ", "%20").replace(";", "%3B"))
    assert failure(reply) == "INVALID_DATA"


# --- vaults ---------------------------------------------------------------------------------------


def cast(reply):
    """The people of the seed file in an answer."""
    return sorted(i for i in ids(reply) if 25000 < i < 30000)  # the crowds begin at 30001


def test_without_vaults_the_sessions_vault_is_listed(nadia):
    assert cast(nadia.get("/objects/users?limit=1000")) == members(QUALITY)


@pytest.mark.parametrize("vaults, expected", [
    ("3003", members(3003)), ("4112", members(4112)),
    ("4112,5221", sorted(set(members(4112)) | set(members(5221)))),
    ("5221,%204112", sorted(set(members(4112)) | set(members(5221)))),
    ("4112%2C4112", members(4112)),
])
def test_the_vaults_named_are_listed_each_user_once(nadia, vaults, expected):
    assert cast(nadia.get(f"/objects/users?limit=1000&vaults={vaults}")) == expected


def test_all_lists_everybody_for_a_domain_admin_also_those_without_a_vault(nadia):
    assert cast(nadia.get("/objects/users?vaults=all&limit=1000")) == [
        user["id"] for user in SEED["users"]]


def test_minus_one_lists_every_vault_but_the_sessions_own(nadia):
    listed_ids = cast(nadia.get("/objects/users?vaults=-1&limit=1000"))
    assert set(members(4112)) <= set(listed_ids)
    assert person("pia.holm").id not in listed_ids  # member of Quality only


@pytest.mark.parametrize("vaults", ["9999", "3003,9999", "abc", "3003;4112", "-2", "3003,,4112"])
def test_an_unknown_vault_is_invalid(nadia, vaults):
    assert failure(nadia.get(f"/objects/users?vaults={vaults}")) == "INVALID_DATA"


def test_a_vault_out_of_reach_is_refused_but_left_out_of_all(log_in):
    sara = log_in("sara.quality")
    assert failure(sara.get("/objects/users?vaults=4112")) == "INSUFFICIENT_ACCESS"
    assert failure(sara.get("/objects/users?vaults=3003,4112")) == "INSUFFICIENT_ACCESS"
    assert cast(sara.get("/objects/users?vaults=all&limit=1000")) == members(QUALITY)
    assert cast(sara.get("/objects/users?vaults=-1&limit=1000")) == []


@pytest.mark.parametrize("caller", ["rita.reader", "bob.business", "carl.copy"])
def test_only_administrators_may_choose_vaults(log_in, caller):
    api = log_in(caller)
    for vaults in ("all", "-1", "3003", "4112"):
        assert failure(api.get(f"/objects/users?vaults={vaults}")) == "INSUFFICIENT_ACCESS"
    assert 25003 in ids(api.get("/objects/users?limit=1000"))
