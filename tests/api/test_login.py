"""POST /auth: the ways in, the ways to be refused, and the choice of the vault."""

import re

import pytest

from muster_server import MusterServer, form
from vault_client import (ARCHIVE, CLINICAL, DNS, QUALITY, REGULATORY, Api, failure, person,
                          write_seed)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def login_failure(reply):
    """The error type of a refused login; checks its envelope on the way."""
    assert reply.status == 200
    assert reply.content_type == "application/json;charset=UTF-8"
    envelope = reply.json
    assert envelope["responseStatus"] == "FAILURE", reply
    assert envelope["errorType"] == "AUTHENTICATION_FAILED"
    (error,) = envelope["errors"]
    assert envelope["responseMessage"] == error["message"]
    assert not {"sessionId", "userId", "vaultId", "vaultIds"} & set(envelope)
    return error["type"]


# --- success ------------------------------------------------------------------------------------


def test_a_login_answers_session_user_and_vaults(nobody, server):
    nadia = person("nadia.brandt")
    reply = nobody.login(nadia.user_name, nadia.password)
    answer = reply.json
    assert answer["responseStatus"] == "SUCCESS"
    assert re.fullmatch(r"[0-9A-F]{128}", answer["sessionId"])
    assert answer["userId"] == 25001
    assert answer["vaultId"] == QUALITY
    assert [(vault["id"], vault["name"]) for vault in answer["vaultIds"]] == [
        (QUALITY, "Quality"), (CLINICAL, "Clinical"), (REGULATORY, "Regulatory")]
    assert reply.headers["X-VaultAPI-VaultId"] == str(QUALITY)
    assert reply.headers["X-VaultAPI-UserId"] == "25001"
    assert reply.headers["X-VaultAPI-TruncatedSessionId"] == answer["sessionId"][:8] + "*"
    assert reply.content_type == "application/json;charset=UTF-8"


def test_two_logins_give_two_independent_sessions(nobody, server):
    who = person("kim.keeper")
    first, second = (Api(server).log_in_as(who) for _ in range(2))
    assert first.session != second.session
    assert first.call("DELETE", "/session").json == {"responseStatus": "SUCCESS"}
    assert failure(first.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert second.get("/objects/users/me").json["responseStatus"] == "SUCCESS"


def test_user_names_are_compared_without_case(nobody):
    who = person("dan.document")
    assert nobody.login("DAN.Document@EXAMPLE.com", who.password).json["userId"] == who.id


def test_a_password_may_hold_every_character_a_form_can(nobody):
    who = person("quentin.quote")
    assert nobody.login(who.user_name, who.password).json["userId"] == who.id


def test_a_password_is_compared_with_case(nobody):
    who = person("dan.document")
    assert login_failure(nobody.login(who.user_name, who.password.upper())
                         ) == "USERNAME_OR_PASSWORD_INCORRECT"


def test_a_cross_domain_name_logs_in_too(nobody):
    who = person("guest@partner.example.org")
    assert nobody.login(who.user_name, who.password).json["userId"] == who.id


def multipart(fields, boundary="----muster-7d3a"):
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields.items()]
    return "".join(parts) + f"--{boundary}--\r\n", f"multipart/form-data; boundary={boundary}"


def test_a_multipart_login_works(nobody):
    who = person("dan.document")
    body, content_type = multipart({"username": who.user_name, "password": who.password})
    reply = nobody.call("POST", "/auth", body, {"Content-Type": content_type})
    nobody.remember_session(reply)
    assert reply.json["userId"] == who.id


def test_a_multipart_password_keeps_bytes_that_a_form_would_escape(nobody):
    who = person("quentin.quote")
    body, content_type = multipart({"username": who.user_name, "password": who.password})
    reply = nobody.call("POST", "/auth", body, {"Content-Type": content_type})
    nobody.remember_session(reply)
    assert reply.json["userId"] == who.id


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded; charset=utf-8",
                                          "Application/X-WWW-Form-URLEncoded"])
def test_the_form_type_may_carry_parameters(nobody, content_type):
    who = person("dan.document")
    reply = nobody.call("POST", "/auth", form({"username": who.user_name,
                                               "password": who.password}),
                        {"Content-Type": content_type})
    nobody.remember_session(reply)
    assert reply.json["responseStatus"] == "SUCCESS"


def test_a_form_that_was_not_percent_encoded_is_read_leniently(nobody):
    who = person("dan.document")
    reply = nobody.call("POST", "/auth", f"username={who.user_name}&password={who.password}", FORM)
    nobody.remember_session(reply)
    assert reply.json["responseStatus"] == "SUCCESS"


def test_credentials_in_the_query_are_never_logged(nobody, server):
    who = person("dan.document")
    query = form({"username": who.user_name, "password": who.password})
    reply = nobody.call("POST", "/auth?" + query)
    nobody.remember_session(reply)
    assert reply.json["responseStatus"] == "SUCCESS" or login_failure(reply) in (
        "PARAMETER_REQUIRED", "NO_PASSWORD_PROVIDED")
    server.log_lines(reply.headers["X-VaultAPI-ExecutionId"])
    assert who.password not in server.log()


def test_a_login_updates_last_login(nobody, nadia):
    who = person("rita.reader")
    before = nadia.user(who.id).get("last_login__v")
    nobody.login(who.user_name, who.password)
    assert nadia.user(who.id)["last_login__v"] != before


# --- every way to be refused ----------------------------------------------------------------------


REFUSALS = {
    "no user name": ({"password": "x"}, "PARAMETER_REQUIRED"),
    "empty user name": ({"username": "", "password": "x"}, "PARAMETER_REQUIRED"),
    "nothing at all": ({}, "PARAMETER_REQUIRED"),
    "no password": ({"username": "nadia.brandt@example.com"}, "NO_PASSWORD_PROVIDED"),
    "empty password": ({"username": "nadia.brandt@example.com", "password": ""},
                       "NO_PASSWORD_PROVIDED"),
    "unknown user": ({"username": "who@example.com", "password": "x"},
                     "USERNAME_OR_PASSWORD_INCORRECT"),
    "unknown domain": ({"username": "nadia.brandt@example.net", "password": "Nadia-Pass-01"},
                       "USERNAME_OR_PASSWORD_INCORRECT"),
    "bare name": ({"username": "nadia.brandt", "password": "wrong"},
                  "USERNAME_OR_PASSWORD_INCORRECT"),
    "wrong password": ({"username": "otto.owner@example.com", "password": "wrong"},
                       "USERNAME_OR_PASSWORD_INCORRECT"),
    "longer password": ({"username": "otto.owner@example.com", "password": "Otto-Pass-0123"},
                        "USERNAME_OR_PASSWORD_INCORRECT"),
    "NUL after the password": ({"username": "otto.owner@example.com",
                                "password": "Otto-Pass-012\0"}, "USERNAME_OR_PASSWORD_INCORRECT"),
    "password over 256 bytes": ({"username": "otto.owner@example.com", "password": "p" * 257},
                                "USERNAME_OR_PASSWORD_INCORRECT"),
    "user without a password": ({"username": "pia.holm@example.com", "password": "x"},
                                "USERNAME_OR_PASSWORD_INCORRECT"),
    "system account": ({"username": "System", "password": "x"}, "USERNAME_OR_PASSWORD_INCORRECT"),
    "SSO user": ({"username": "sam.sso@example.com", "password": "Sam-Pass-0025"},
                 "USERNAME_OR_PASSWORD_INCORRECT"),
    "inactive in the domain": ({"username": "ina.inactive@example.com",
                                "password": "Ina-Pass-0022"}, "INACTIVE_USER"),
    "inactive in the domain, wrong password": (
        {"username": "ina.inactive@example.com", "password": "wrong"},
        "USERNAME_OR_PASSWORD_INCORRECT"),
    "inactive in every vault": ({"username": "max.membership@example.com",
                                 "password": "Max-Pass-0023"}, "INACTIVE_USER"),
    "inactive in every vault, wrong password": (
        {"username": "max.membership@example.com", "password": "wrong"},
        "USERNAME_OR_PASSWORD_INCORRECT"),
    "must change the password": ({"username": "mia.must@example.com",
                                  "password": "Mia-Pass-0024"}, "PASSWORD_CHANGE_REQUIRED"),
    "must change, wrong password": ({"username": "mia.must@example.com", "password": "wrong"},
                                    "USERNAME_OR_PASSWORD_INCORRECT"),
}


@pytest.mark.parametrize("situation", list(REFUSALS))
def test_a_login_is_refused_with_the_type_of_its_situation(nobody, situation):
    fields, expected = REFUSALS[situation]
    reply = nobody.call("POST", "/auth", form(fields), FORM)
    assert login_failure(reply) == expected


def test_unknown_user_and_wrong_password_cannot_be_told_apart(nobody):
    unknown = nobody.login("who.else@example.com", "wrong")
    wrong = nobody.login("otto.owner@example.com", "wrong")
    assert unknown.json == wrong.json


def test_a_login_in_json_is_not_offered(nobody):
    reply = nobody.call("POST", "/auth", '{"username":"a","password":"b"}',
                        {"Content-Type": "application/json"})
    assert failure(reply) == "INVALID_DATA"


# --- lockout ----------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_the_account(nobody):
    who = person("lea.locked")
    for _ in range(5):
        assert login_failure(nobody.login(who.user_name, "wrong")
                             ) == "USERNAME_OR_PASSWORD_INCORRECT"
    assert login_failure(nobody.login(who.user_name, who.password)) == "USER_LOCKED_OUT"
    assert login_failure(nobody.login(who.user_name, "wrong")) == "USER_LOCKED_OUT"


def test_a_right_password_starts_the_count_anew(nobody):
    who = person("leo.locked")
    for _ in range(2):
        for _ in range(4):
            assert login_failure(nobody.login(who.user_name, "wrong")
                                 ) == "USERNAME_OR_PASSWORD_INCORRECT"
        assert nobody.login(who.user_name, who.password).json["userId"] == who.id


def test_a_lock_survives_a_restart(own_server):
    who = person("lea.locked")
    for _ in range(5):
        Api(own_server).login(who.user_name, "wrong")
    own_server.stop()
    own_server.start()
    assert login_failure(Api(own_server).login(who.user_name, who.password)) == "USER_LOCKED_OUT"


# --- auth burst ---------------------------------------------------------------------------------------


def test_twenty_logins_a_minute_are_answered_and_more_are_refused(nobody):
    answered = []
    for _ in range(45):  # the minute may turn over once on the way
        reply = nobody.login("burst@example.com", "wrong")
        if login_failure(reply) == "API_LIMIT_EXCEEDED":
            break
        answered.append(reply)
    else:
        pytest.fail("45 logins in a row were all answered")
    assert len(answered) >= 20
    assert {int(reply.headers["X-VaultAPI-BurstLimit"]) for reply in answered} == {20}
    window = answered[-20:]
    assert [int(reply.headers["X-VaultAPI-BurstLimitRemaining"]) for reply in window
            ] == list(range(19, -1, -1))
    assert "X-VaultAPI-ResponseDelay" not in window[0].headers
    assert int(window[-1].headers["X-VaultAPI-ResponseDelay"]) > 0


def test_an_invented_vault_per_try_does_not_escape_the_burst(nobody):
    types = {login_failure(nobody.login("burst.three@example.com", "wrong",
                                        vault_dns=f"vault{n}.example.net")) for n in range(45)}
    assert "API_LIMIT_EXCEEDED" in types


def test_the_burst_of_one_user_does_not_touch_another(nobody):
    for _ in range(45):
        if login_failure(nobody.login("burst.two@example.com", "wrong")) == "API_LIMIT_EXCEEDED":
            break
    who = person("eric.external")
    assert nobody.login(who.user_name, who.password).json["userId"] == who.id


# --- discovery ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/auth/discovery", "/api/v24.3/auth/discovery"])
@pytest.mark.parametrize("name", ["nadia.brandt@example.com", "nobody@example.com"])
def test_discovery_tells_nobody_whether_a_name_exists(server, path, name):
    answer = {"responseStatus": "SUCCESS", "errors": [], "data": {"auth_type": "password"}}
    assert server.request("POST", path, form({"username": name}), FORM).json == answer
    assert server.request("POST", f"{path}?username={name}&client_id=x").json == answer


@pytest.mark.parametrize("path", ["/auth/oauth/session/77", "/api/v24.3/auth/oauth/session/77"])
def test_oauth_is_not_supported(server, path):
    assert failure(server.request("POST", path, form({"vaultDNS": "x"}), FORM)) == (
        "METHOD_NOT_SUPPORTED")


# --- what a stranger may write ------------------------------------------------------------------------


def login_rows(api):
    return api.get("/audittrail/login_audit_trail?limit=1").json["responseDetails"]["total"]


def test_without_a_password_no_audit_row_is_written(nobody, nadia):
    before = login_rows(nadia)
    for _ in range(30):
        assert login_failure(nobody.login("nobody@example.com", "")) == "NO_PASSWORD_PROVIDED"
        assert login_failure(nobody.login("", "x")) == "PARAMETER_REQUIRED"
    assert login_rows(nadia) == before


def test_unknown_names_leave_a_bounded_number_of_audit_rows(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    nobody = Api(own_server)
    for number in range(130):  # the minute may turn over once on the way
        reply = nobody.login(f"nobody.{number}@example.com", "Some-Pass-1")
        assert login_failure(reply) == "USERNAME_OR_PASSWORD_INCORRECT"
    assert 61 <= login_rows(nadia) - 1 <= 123


# --- choice of the vault ------------------------------------------------------------------------------


@pytest.fixture
def vera(own_server):
    """vera.vaults is a member of Quality, Clinical and the inactive Archive; never logged in."""
    who = person("vera.vaults")

    def log_in(**options):
        return Api(own_server).login(who.user_name, who.password, **options).json

    return log_in


def test_the_first_login_goes_to_the_oldest_active_vault(vera):
    assert vera()["vaultId"] == QUALITY


def test_vault_dns_chooses_the_vault(vera):
    assert vera(vault_dns=DNS[CLINICAL])["vaultId"] == CLINICAL
    assert vera(vault_dns=DNS[QUALITY].upper())["vaultId"] == QUALITY


def test_without_vault_dns_the_host_chooses(vera):
    assert vera(headers={"Host": DNS[CLINICAL]})["vaultId"] == CLINICAL


def test_vault_dns_beats_the_host(vera):
    assert vera(vault_dns=DNS[CLINICAL], headers={"Host": DNS[QUALITY]})["vaultId"] == CLINICAL


def test_a_login_without_a_choice_returns_to_the_last_vault(vera):
    vera(vault_dns=DNS[CLINICAL])
    assert vera()["vaultId"] == CLINICAL


@pytest.mark.parametrize("vault_dns", [DNS[REGULATORY], DNS[ARCHIVE], "elsewhere.example.net"])
def test_a_vault_that_is_not_usable_is_replaced_by_the_last_one(vera, vault_dns):
    vera(vault_dns=DNS[CLINICAL])
    assert vera(vault_dns=vault_dns)["vaultId"] == CLINICAL


def test_only_active_vaults_are_listed(vera):
    assert [vault["id"] for vault in vera()["vaultIds"]] == [QUALITY, CLINICAL]


def test_a_member_of_inactive_vaults_only_cannot_log_in(nobody):
    who = person("anna.archive")
    assert login_failure(nobody.login(who.user_name, who.password)) == "INACTIVE_USER"


def test_a_domain_admin_without_any_vault_gets_the_oldest_active_one(nobody):
    who = person("dina.domain")
    answer = nobody.login(who.user_name, who.password).json
    assert (answer["responseStatus"], answer["vaultId"]) == ("SUCCESS", QUALITY)


def test_a_user_disabled_between_two_logins_is_refused(own_server):
    admin = Api(own_server).log_in_as(person("nadia.brandt"))
    who = person("kim.keeper")
    kim = Api(own_server).log_in_as(who)
    admin.put_users_json([{"id": who.id, "domain_active__v": False}])
    assert failure(kim.get("/objects/users/me")) == "INVALID_SESSION_ID"
    assert login_failure(Api(own_server).login(who.user_name, who.password)) == "INACTIVE_USER"


# --- what strict clients compare as strings -------------------------------------------------------------


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """A server that knows its public address, as behind a proxy that ends TLS."""
    folder = tmp_path_factory.mktemp("public")
    with MusterServer(folder / "data", seed=write_seed(folder / "seed.json"),
                      arguments=["--public-url", "https://muster.example.com"]) as running:
        yield running


def test_the_url_of_the_sessions_vault_is_the_address_the_client_asked_for(public):
    who = person("nadia.brandt")
    answer = Api(public).login(who.user_name, who.password,
                               vault_dns="muster.example.com").json
    (vault,) = [vault for vault in answer["vaultIds"] if vault["id"] == answer["vaultId"]]
    assert vault["url"] == "https://muster.example.com/api"


@pytest.mark.parametrize("host, asked_for", [
    ("localhost", "localhost:443"), ("localhost:8443", "LocalHost:8443"), ("localhost", "LOCALHOST")])
def test_the_spelling_of_the_address_comes_back(server, host, asked_for):
    """The client compares texts, its library has normalised the Host."""
    who = person("sara.quality")
    answer = Api(server).login(who.user_name, who.password, asked_for, headers={"Host": host}).json
    (vault,) = [vault for vault in answer["vaultIds"] if vault["id"] == answer["vaultId"]]
    assert vault["url"] == f"http://{asked_for}/api"


def test_version_urls_are_built_from_the_public_url(public):
    values = public.get("/api/v24.3", {"Host": "10.0.0.5:9000"}).json["values"]
    assert values["v24.3"] == "https://muster.example.com/api/v24.3"


@pytest.mark.parametrize("dns", [DNS[CLINICAL], DNS[REGULATORY]])
def test_a_login_by_vault_dns_gets_that_dns_back(public, dns):
    who = person("nadia.brandt")
    answer = Api(public).login(who.user_name, who.password, vault_dns=dns).json
    (vault,) = [vault for vault in answer["vaultIds"] if vault["id"] == answer["vaultId"]]
    assert vault["url"] == f"https://{dns}/api"
