"""docs/api/permissions.csv, walked: every caller makes every call on everybody it may name."""

import itertools
import json
import time

import pytest

import permission_table
from calls import CALLS
from muster_server import MusterServer
from permission_table import OUTCOMES, ROLES, read_rows
from route_table import route, routes
from vault_client import (CLINICAL, CLINICAL_FIRST_ID, CROWD_FIRST_ID, QUALITY, SEED, Api,
                          crowd_user, person, write_seed)

WALKS_ALL_ROUTES = True
ROWS = read_rows()
DEAD = ("anonymous", "expired", "inactive")
SPARE = 12  # accounts per role for calls that spend them
IDLE_S = 60
PASSWORD = "Walk-Pass-{}-1"
MEMBERSHIPS = {  # of each role: {vault: profile}
    "expired": {QUALITY: "vault_owner__v"},
    "inactive": {QUALITY: "vault_owner__v"},
    "document_user": {QUALITY: "document_user__v"},
    "business_admin": {QUALITY: "business_admin__v"},
    "copied_profile": {QUALITY: "quality_admin__c"},
    "system_admin": {QUALITY: "system_admin__v"},
    "elsewhere_admin": {QUALITY: "document_user__v", CLINICAL: "system_admin__v"},
    "vault_owner": {QUALITY: "vault_owner__v"},
    "domain_admin": {QUALITY: "document_user__v"},
    "domain_system_admin": {QUALITY: "system_admin__v"},
    "delegate": {QUALITY: "document_user__v"},
    "boss": {QUALITY: "system_admin__v"},      # for whom the delegates act
    "grantor": {QUALITY: "document_user__v"},  # who let everybody act for him
    "login": {QUALITY: "document_user__v"},
}


# --- the table itself -----------------------------------------------------------------------------


def test_the_page_shows_the_table():
    assert permission_table.PAGE.read_text() == permission_table.page(), (
        "run python3 tests/permission_table.py")


def test_every_call_is_in_the_table():
    missing = [str(each) for each in routes()
               if (each.method, each.path) not in {row.key[:2] for row in ROWS}]
    assert missing == []


def test_the_table_names_calls_that_exist_and_known_words():
    for row in ROWS:
        assert route(row.method, row.path) is not None and row.key in CALLS, row
        assert list(row.outcome) == list(ROLES) and row.object in permission_table.OBJECTS
        assert {word.removeprefix("row ") for word in row.outcome.values()} <= set(OUTCOMES)


def test_a_call_that_needs_a_session_is_refused_without_one():
    for row in ROWS:
        need = route(row.method, row.path).session
        answers = {row.outcome[role] for role in DEAD}
        assert ("session" in answers) == (need != "none"), row
        assert (row.outcome["anonymous"] == "session") == (need == "required"), row


# --- the walk -------------------------------------------------------------------------------------


class World:
    """A server with people of every role, and fresh people to do things to."""

    def __init__(self, folder):
        self._ids = {}
        self._spare = {role: itertools.count(1) for role in MEMBERSHIPS}
        self._crowd, self._clinical = itertools.count(), itertools.count()
        self._unique, self._groups = itertools.count(), itertools.count(2)
        self._sessions = {}
        users = SEED["users"] + self._people()
        seed = write_seed(folder / "seed.json", crowd=900, clinical=400, users=users)
        content = json.loads(seed.read_text())
        content["delegations"] = self._grants()
        content["groups"] = [{"id": number, "label__v": f"Group {number}"}
                             for number in range(2, 120)]
        seed.write_text(json.dumps(content))
        self.server = MusterServer(folder / "data", seed=seed, arguments=[
            "--session-idle-minutes", 1, "--logins-per-minute", 0])
        self.server.start()
        self.nadia = Api(self.server).log_in_as(person("nadia.brandt"))
        self._die("expired")
        self.expires = time.monotonic() + IDLE_S + 1
        self._die("inactive")
        self.nadia.put_users_json([{"id": self._ids["inactive", 0], "domain_active__v": False}])

    def _people(self):
        users = []
        for role, vaults in MEMBERSHIPS.items():
            for number in range(SPARE + 1 if role not in ("expired", "inactive") else 1):
                user = crowd_user(0) | {
                    "id": 26001 + len(users), "user_name__v": f"{role}.{number}@example.com",
                    "is_domain_admin__v": role.startswith("domain"),
                    "password": PASSWORD.format(role),
                    "vault_membership": [{"id": vault, "security_profile__v": profile}
                                         for vault, profile in vaults.items()]}
                self._ids[role, number] = user["id"]
                users.append(user)
        return users

    def _grants(self):
        grants = [(self._ids["boss", number], self._ids["delegate", number])
                  for number in range(SPARE + 1)]
        grants += [(self._ids["grantor", 0], self._ids[role, 0]) for role in ROLES
                   if (role, 0) in self._ids]
        return [{"vault_id": QUALITY, "delegator_userid": boss, "delegate_userid": delegate}
                for boss, delegate in grants]

    def _log_in(self, role, number):
        api = Api(self.server)
        reply = api.login(f"{role}.{number}@example.com", PASSWORD.format(role),
                          vault_dns="quality.example.com")
        assert reply.json["responseStatus"] == "SUCCESS", reply
        assert reply.json["vaultId"] == QUALITY
        session = reply.json["sessionId"]
        if role == "delegate":
            reply = Api(self.server, session).call(
                "POST", "/delegation/login",
                f"vault_id={QUALITY}&delegator_userid={self._ids['boss', number]}",
                {"Content-Type": "application/x-www-form-urlencoded"})
            session = reply.json["delegated_sessionid"]
            self.server.secrets.add(session)
        return session

    def _die(self, role):
        self._sessions[role] = self._log_in(role, 0), float("inf")

    def caller(self, role, spends):
        """(session id or None, own id, own password)."""
        if role in ("expired", "inactive"):
            return self._sessions[role][0], self._ids[role, 0], PASSWORD.format(role)
        if role == "anonymous":
            return None, self._ids["document_user", 0], PASSWORD.format("document_user")
        number = next(self._spare[role]) if spends else 0
        if spends:
            session = self._log_in(role, number)
        else:
            session, until = self._sessions.get(role, (None, 0))
            if time.monotonic() > until:  # it may have been idle for as long as it lives
                session = self._log_in(role, 0)
            self._sessions[role] = session, time.monotonic() + IDLE_S / 2
        who = "boss" if role == "delegate" else role
        return session, self._ids[who, number], PASSWORD.format(who)

    def object_id(self, kind, own):
        return {
            "own": lambda: own,
            "other": lambda: CROWD_FIRST_ID + next(self._crowd),
            "foreign": lambda: CLINICAL_FIRST_ID + next(self._clinical),
            "missing": lambda: 999999,
            "grantor": lambda: self._ids["grantor", 0],
            "group": lambda: next(self._groups),
            "policy": lambda: 821,
            "-": lambda: 0,
        }[kind]()

    def values(self, own, object_id, password):
        return {"id": object_id, "own": own, "password": password,
                "unique": f"walk{next(self._unique)}", "user_name": "document_user.1@example.com",
                "login_name": "login.0@example.com", "login_password": PASSWORD.format("login")}

    def look_at(self, user_id):
        """The user as it is, without what moves by logging in."""
        user = Api(self.server, self.nadia.session).user(user_id)
        return {name: value for name, value in user.items() if name != "last_login__v"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    running = World(tmp_path_factory.mktemp("permissions"))
    yield running
    running.server.stop()


def outcome_of(reply):
    """What an answer says in the words of the table."""
    if reply.content_type != "application/json;charset=UTF-8":
        return "ok" if reply.status == 200 else str(reply.status)
    words = {name: word for word, name in OUTCOMES.items()}
    envelope = reply.json
    if envelope["responseStatus"] == "FAILURE":
        return words.get(envelope["errors"][0]["type"], envelope["errors"][0]["type"])
    rows = envelope.get("data")
    if isinstance(rows, list) and rows and rows[0].get("responseStatus") == "FAILURE":
        error = rows[0]["errors"][0]["type"]
        return "row " + words.get(error, error)
    return "ok" if envelope["responseStatus"] in ("SUCCESS", "WARNING") else repr(reply)


def check(world, row, role):
    call = CALLS[row.key]
    means_himself = row.object in ("own", "-")
    session, own, password = world.caller(role, means_himself and call.spends)
    object_id = world.object_id(row.object, own)
    method, target, body, headers = call.request(world.values(own, object_id, password))
    is_user = row.object in ("own", "other", "foreign") and method != "GET"
    before = world.look_at(object_id) if is_user else None
    if session is not None:
        headers["Authorization"] = session
    reply = world.server.request(method, target, body, headers)
    assert outcome_of(reply) == row.outcome[role], reply
    if is_user and row.outcome[role] != "ok":
        assert world.look_at(object_id) == before


LIVE = [(row, role) for row in ROWS for role in ROLES if role != "expired"]


@pytest.mark.parametrize("row, role", LIVE, ids=[f"{row} as {role}" for row, role in LIVE])
def test_each_caller_gets_what_the_table_says(world, row, role):
    check(world, row, role)


@pytest.fixture(scope="module")
def after_expiry(world):
    while time.monotonic() < world.expires:
        time.sleep(0.2)
        world.nadia.get("/objects/users/me")
    return world


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_expired_session_gets_what_the_table_says(after_expiry, row):
    check(after_expiry, row, "expired")
