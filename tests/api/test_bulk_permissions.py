"""PUT /objects/users: who may change whom. The tables below are the documentation of the rule."""

import pytest

from vault_client import CLINICAL, QUALITY, Api, failure, only_row, person, result_rows

OK = "SUCCESS"
NO = "INSUFFICIENT_ACCESS"

# Who may send the request at all. The others are refused as a whole.
MAY_CALL = {
    "nadia.brandt": True,       # Domain Admin, Vault Owner of every vault
    "omar.haddad": True,        # Domain Admin, System Admin of Quality
    "dora.domain": True,        # Domain Admin, document user of Quality
    "sara.quality": True,       # System Admin of Quality
    "otto.owner": True,         # Vault Owner of Quality
    "clara.clinical": True,     # Vault Owner of Clinical
    "bob.business": False,      # Business Admin
    "dan.document": False,      # Document User
    "rita.reader": False,       # Read-Only User
    "eric.external": False,     # External User
    "vic.viewer": False,        # View-Based User
    "carl.copy": False,         # a custom profile, copied from System Admin
    "guest@partner.example.org": False,  # from another domain
}


@pytest.mark.parametrize("caller", list(MAY_CALL))
def test_who_may_update_users_at_all(log_in, nadia, target, caller):
    nadia.put_users_json([{"id": target, "vault_membership": "4112:true"}])
    reply = log_in(caller).put_users_json([{"id": target, "site__v": caller}], accept="text/csv")
    if MAY_CALL[caller]:
        assert only_row(reply) == (OK, str(target), [])
    else:
        assert failure(reply) == NO
    assert nadia.user(target).get("site__v") == (caller if MAY_CALL[caller] else None)


@pytest.mark.parametrize("caller", [name for name, may in MAY_CALL.items() if not may])
def test_not_even_oneself_can_be_changed_without_that_right(log_in, caller):
    who = person(caller)
    reply = log_in(caller).put_users_json([{"id": who.id, "user_title__v": "Boss"}])
    assert failure(reply) == NO


# One row: what is tried, on whom; then the outcome for each caller.
CALLERS = ["nadia.brandt", "omar.haddad", "dora.domain", "sara.quality", "otto.owner"]
TABLE = {
    # a member of Quality
    "profile field of a member": ([OK, OK, OK, OK, OK], "member", {"site__v": "S"}),
    "account field of a member": ([OK, OK, OK, OK, OK], "member", {"user_last_name__v": "L"}),
    "disable a member": ([OK, OK, OK, NO, NO], "member", {"domain_active__v": False}),
    "make a member domain admin": ([OK, OK, OK, NO, NO], "member", {"is_domain_admin__v": True}),
    "grant business admin": ([OK, OK, OK, OK, OK], "member",
                             {"vault_membership": "3003:true:business_admin__v"}),
    "grant system admin": ([OK, OK, OK, OK, OK], "member",
                           {"vault_membership": "3003:true:system_admin__v"}),
    "grant vault owner": ([OK, OK, OK, NO, OK], "member",
                          {"vault_membership": "3003:true:vault_owner__v"}),
    "membership of a vault not administered": ([OK, OK, NO, NO, NO], "member",
                                               {"vault_membership": "4112:true"}),
    "one of two vaults not administered": ([OK, OK, NO, NO, NO], "member",
                                           {"vault_membership": "3003:false;4112:true"}),
    # a Vault Owner of Quality
    "profile field of a vault owner": ([OK, OK, OK, OK, OK], "owner", {"site__v": "S"}),
    "switch a vault owner off": ([OK, OK, OK, NO, OK], "owner", {"vault_membership": "3003:false"}),
    "demote a vault owner": ([OK, OK, OK, NO, OK], "owner",
                             {"vault_membership": "3003:true:document_user__v"}),
    "switch a vault owner off by active__v": ([OK, OK, OK, NO, OK], "owner", {"active__v": False}),
    # a member of Clinical only
    "member of another vault": ([OK, OK, NO, NO, NO], "clinical", {"site__v": "S"}),
    "take over from another vault": ([OK, OK, NO, NO, NO], "clinical",
                                     {"vault_membership": "3003:true"}),
    # no membership at all
    "domain-only user": ([OK, OK, OK, NO, NO], "domain-only", {"site__v": "S"}),
}


@pytest.fixture
def subject(nadia, target, clinical_target):
    """subject(kind): a user of the test's own, of that kind."""
    def make(kind):
        if kind == "domain-only":
            return person("dom.only").id
        if kind == "clinical":
            return clinical_target
        if kind == "owner":
            nadia.put_users_json([{"id": target, "vault_membership": "3003:true:vault_owner__v"}])
        return target
    return make


@pytest.mark.parametrize("row", list(TABLE))
@pytest.mark.parametrize("caller", CALLERS)
def test_what_each_administrator_may_do(log_in, nadia, subject, caller, row):
    outcomes, kind, change = TABLE[row]
    expected = outcomes[CALLERS.index(caller)]
    user_id = subject(kind)
    before = nadia.user(user_id)
    change = {name: f"{value}-{caller}" if name == "site__v" else value
              for name, value in change.items()}
    status, _, errors = only_row(log_in(caller).put_users_json([{"id": user_id, **change}]))
    if expected is OK:
        assert (status, errors) == (OK, [])
        assert nadia.user(user_id) != before
    else:
        assert (status, errors) == ("FAILURE", [expected])
        assert nadia.user(user_id) == before


def test_rights_come_from_any_vault_the_user_is_in(server, nadia, target):
    clara = Api(server).log_in_as(person("clara.clinical"))  # owner of Clinical only
    change = [{"id": target, "user_last_name__v": "By Clara"}]
    assert only_row(clara.put_users_json(change))[2] == [NO]
    nadia.put_users_json([{"id": target, "vault_membership": "4112:true"}])
    assert only_row(clara.put_users_json(change))[0] == OK
    assert nadia.user(target)["user_last_name__v"] == "By Clara"


def test_an_administrator_whose_membership_was_switched_off_is_none(server, nadia, target):
    who = person("otto.owner")
    otto = Api(server).log_in_as(who)
    nadia.put_users_json([{"id": who.id, "vault_membership": "3003:false"}])
    reply = otto.put_users_json([{"id": target, "site__v": "x"}])
    nadia.put_users_json([{"id": who.id, "vault_membership": "3003:true"}])
    assert failure(reply) in (NO, "INVALID_SESSION_ID")
    assert "site__v" not in nadia.user(target)


def test_a_refused_record_leaves_the_others_of_its_batch_alone(log_in, nadia, target,
                                                               clinical_target):
    reply = log_in("sara.quality").put_users_json([{"id": clinical_target, "fax__v": "1"},
                                                   {"id": target, "fax__v": "2"}])
    assert result_rows(reply) == [("FAILURE", str(clinical_target), [NO]),
                                  (OK, str(target), [])]
    assert nadia.user(target)["fax__v"] == "2"
    assert "fax__v" not in nadia.user(clinical_target)


def test_vaults_of_the_tables_exist(nadia):
    assert {QUALITY, CLINICAL} <= set(nadia.user("me")["vault_id__v"])
