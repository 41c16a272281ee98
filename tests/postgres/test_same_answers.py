"""The two stores answer alike, byte for byte: each call goes to a server with a data directory and
to one with a database, both filled from one seed file. What no two servers can have in common is
masked first: times of today, session and execution ids (by their order), addresses."""

import base64
import collections
import datetime
import itertools
import json
import random
import re
import urllib.parse

import pytest

from calls import CALLS, VERSION
from muster_server import PROJECT, MusterServer, form
from vault_client import (CLINICAL_FIRST_ID, CROWD_FIRST_ID, SEED, Api, as_csv, person,
                          write_seed)

CORPORA = PROJECT.parent / "shared" / "corpora"
CROWD, CLINICAL = 620, 40
PEOPLE = ("nadia.brandt", "sara.quality", "clara.clinical", "vic.viewer", "dan.document",
          "lea.locked")
CSV, JSON, FORM = "text/csv", "application/json", "application/x-www-form-urlencoded"
# The length is that of what is masked; a connection ends when a refused body was not yet there.
PASSING = ("Date", "Content-Length", "Connection")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:?\d\d)")
# Numbers of rows of the trails: each store counts in its own way, both upwards.
ROW_NUMBER = re.compile(r'("audit_id": ?|"id": ?)"?\d+"?(?=, ?"timestamp")')


class Side:
    """One of the two servers, and what is its own in its answers."""

    def __init__(self, server):
        self.server = server
        self.sessions = {}
        self.own = {}  # text: what stands for it
        self.executions = itertools.count()

    def answer(self, method, target, body, headers, role):
        fields = dict(headers or {})
        if role is not None:
            fields["Authorization"] = self.session(role)
        return self.server.request(method, target, body, fields)

    def session(self, role):
        if role not in self.sessions:
            session = Api(self.server).log_in_as(person(role)).session
            self.sessions[role] = session
            self.own.update({session: "SESSION", session[:8] + "*": "SESSION*"})
        return self.sessions[role]

    def masked(self, reply):
        execution = reply.headers.get("X-VaultAPI-ExecutionId")
        if execution:
            self.own.setdefault(execution, f"EXECUTION-{next(self.executions)}")
        headers = [f"{name}: {value}" for name, value in reply.headers.items()
                   if name not in PASSING]
        text = "\n".join([str(reply.status), *headers, "", reply.body.decode()])
        text = text.replace(self.server.url, "URL").replace(f":{self.server.port}", ":PORT")
        for own, name in self.own.items():
            text = text.replace(own, name)
        today = datetime.date.today()
        recent = {str(today - datetime.timedelta(days=days)) for days in (0, 1)}
        text = TIME.sub(lambda time: "TIME" if time[1] in recent else time[0], text)
        text = re.sub(r'"sessionId":"\w+"', '"sessionId":"SESSION"', text)
        return ROW_NUMBER.sub(r"\1ROW", text)


class Both:
    def __init__(self, *servers):
        self.sides = [Side(server) for server in servers]

    def call(self, method, target, body=None, headers=None, role="nadia.brandt"):
        """What the first server answered, when the other one did the same."""
        replies = [side.answer(method, target, body, headers, role) for side in self.sides]
        first, second = (side.masked(reply) for side, reply in zip(self.sides, replies))
        assert first == second, (role, method, target, body if body is None else body[:2000])
        return replies[0]

    def api(self, method, path, body=None, content_type=None, accept=None, **options):
        headers = {name: value for name, value in
                   (("Content-Type", content_type), ("Accept", accept)) if value}
        headers.update(options.pop("headers", {}))
        return self.call(method, f"/api/{VERSION}{path}", body, headers, **options)

    def same_directory(self):
        """Everything that can be read of it."""
        for start in range(0, 2000, 200):
            listed = self.api("GET", f"/objects/users?vaults=all&limit=200&start={start}"
                                     "&exclude_vault_membership=false&exclude_app_licensing=false")
        assert listed.json["users"] == []
        for trail in ("domain_audit_trail", "login_audit_trail"):
            for offset in itertools.count(0, 1000):
                page = self.api("GET", f"/audittrail/{trail}?limit=1000&offset={offset}").json
                if not page["data"]:
                    break
        self.call("GET", "/muster/v1/batches?limit=1000")
        self.api("GET", "/objects/groups?includeImplied=true")
        self.api("GET", "/objects/licenses")


@pytest.fixture
def both(cluster, tmp_path):
    """Filled anew for each test: after a restart the database gives other ids to new users."""
    cast = [user if user["user_name__v"].partition("@")[0] in PEOPLE else _without_password(user)
            for user in SEED["users"]]
    options = {"seed": write_seed(tmp_path / "seed.json", CROWD, CLINICAL, cast),
               "arguments": ["--logins-per-minute", 0]}
    with MusterServer(tmp_path / "files", place=["--data", str(tmp_path / "files")],
                      **options) as embedded:
        url = cluster.url(tmp_path / "tables")
        with MusterServer(tmp_path / "tables", place=["--store", url], **options) as database:
            yield Both(embedded, database)


def _without_password(user):
    """Each password costs its hash when a directory is filled."""
    return {key: value for key, value in user.items() if key != "password"}


# --- every call -----------------------------------------------------------------------------------


def values(number, role):
    who = person(role)
    return {"id": CROWD_FIRST_ID + number, "user_id": CROWD_FIRST_ID + number,
            "unique": f"same{number}", "password": "Not-His-Pass-1", "user_name": who.user_name,
            "login_name": "dan.document@example.com", "login_password": "Wrong-Pass-1",
            "query": "1"}


@pytest.mark.parametrize("accept", ["application/json", "application/xml"])
def test_every_call_by_people_of_several_rights(both, accept):
    """Whoever may not is refused in the same words; whoever may changes the same."""
    numbers = itertools.count()
    for role in ("vic.viewer", "clara.clinical", "sara.quality", "nadia.brandt"):
        for call in CALLS.values():
            if call.path in ("/metrics", "/readyz") or call.path.endswith("/session"):
                continue  # of one server: counts and a session
            method, target, body, headers = call.request(values(next(numbers), role))
            both.call(method, target, body, headers | {"Accept": accept}, role=role)
    both.same_directory()


# --- bodies ---------------------------------------------------------------------------------------


def test_odd_bodies(both):
    cases = json.loads((CORPORA / "csv-own" / "cases.json").read_text())
    bodies = [(CSV, path.read_bytes()) for path in sorted((CORPORA / "csv-spectrum" / "csvs").iterdir())]
    bodies += [(CSV, base64.b64decode(case["body_b64"])) for case in cases]
    bodies += [(JSON, path.read_bytes())
               for path in sorted((CORPORA / "jsontestsuite" / "test_parsing").iterdir())]
    naughty = json.loads((CORPORA / "blns" / "blns.json").read_text())
    for begin in range(0, len(naughty), 100):
        bodies.append((JSON, json.dumps([
            {"id": CROWD_FIRST_ID + number, "user_title__v": text, "company__v": text[::-1]}
            for number, text in enumerate(naughty[begin:begin + 100])])))
    assert len(bodies) > 350
    for content_type, body in bodies:
        both.api("PUT", "/objects/users", body, content_type)
    both.same_directory()


# --- batches drawn by lot -------------------------------------------------------------------------


class Lots:
    """Batches as clients might send them, right and wrong ones, the same for the same number."""

    TEXTS = ["Analyst", "Müller & Söhne", "", "null", "東京", 'say "hi", twice', "a\\b", "x" * 300,
             "=1+1", " blank ", "\u0000", "line\nbreak", "🙂"]
    FIELDS = ["user_title__v", "company__v", "site__v", "office_phone__v", "alias__v", "fax__v"]
    CHOICES = {
        "user_locale__v": ["de_DE", "en_US", "xx_YY"], "user_language__v": ["en", "de", "qq"],
        "user_timezone__v": ["Europe/Berlin", "Asia/Tokyo", "Mars/Base"],
        "user_email__v": ["some.body@example.com", "broken"],
        "security_policy_id__v": [821, "822", 999], "domain_active__v": [True, False, "maybe"],
        "user_needs_to_change_password__v": ["true", "FALSE"],
        "vault_membership": ["3003:true:read_only_user__v:read_only__v", "4112", "4112:false",
                             "3003::business_admin__v;4112:true:document_user__v", "9999", "3003:x"],
        "is_domain_admin__v": [False, "false"], "group_id__v": ["7"], "created_by__v": [4]}

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = itertools.count()

    def user_id(self):
        kind = self.random.random()
        if kind < 0.06:
            return self.random.choice([1, 99, 0, -4, "abc", "", 2**31, "25003 "])
        if kind < 0.12:
            return CLINICAL_FIRST_ID + self.random.randrange(CLINICAL)
        return CROWD_FIRST_ID + self.random.randrange(CROWD)

    def change(self):
        fields = self.random.sample(self.FIELDS, self.random.randint(1, 4))
        record = {field: self.random.choice(self.TEXTS) for field in fields}
        if self.random.random() < 0.4:
            field = self.random.choice(list(self.CHOICES))
            record[field] = self.random.choice(self.CHOICES[field])
        if self.random.random() < 0.1:
            record["federated_id__v"] = f"fed-{self.random.randrange(30)}"
        if self.random.random() < 0.05:
            record["user_name__v"] = f"renamed.{self.random.randrange(20)}@example.com"
        return record

    def update(self):
        return {"id": self.user_id(), **self.change()}

    def creation(self):
        name = f"lot.{next(self.names)}" if self.random.random() < 0.8 else "lot.0"
        record = {key: value for key, value in SEED["users"][0].items()
                  if key.endswith("__v") and key not in ("id", "is_domain_admin__v", "federated_id__v")}
        record |= {"user_name__v": f"{name}@example.com", **self.change()}
        for field in list(record):
            if self.random.random() < 0.02:
                del record[field]
        return record

    def batch(self):
        """(method, query, content type, body, accept)."""
        kind = self.random.choice(["update", "update", "create", "upsert", "upsert by name"])
        count = self.random.choice([1, 3, 40])
        make = self.update if kind in ("update", "upsert") else self.creation
        records = [make() for _ in range(count)]
        query = {"upsert": ["operation=upsert", "idParam=id"],
                 "upsert by name": ["operation=upsert", "idParam=user_name__v"]}.get(kind, [])
        for option in ("dry_run=true", "atomic=true"):
            if self.random.random() < 0.15:
                query.append(option)
        accept = self.random.choice([JSON, CSV, None])
        content_type = self.random.choice([JSON, CSV])
        if content_type == CSV:
            columns = list(dict.fromkeys(itertools.chain.from_iterable(records)))
            body = as_csv([{column: record.get(column, "") for column in columns}
                           for record in records])
        else:
            body = json.dumps(records)
        return ("PUT" if kind == "update" else "POST", "?" + "&".join(query), content_type,
                body.encode("utf-8"), accept)

    def query(self):
        field = self.random.choice(["user_name__v", "user_title__v", "company__v", "id",
                                    "federated_id__v", "active__v", "user_last_name__v"])
        value = {"id": str(self.user_id() or 5), "active__v": "true"}.get(
            field, "'" + self.random.choice(self.TEXTS).replace("\\", "").replace("\u0000", "")
            .replace("'", "") + "'")
        operator = self.random.choice(["=", "!=", ">", "<=", "LIKE"])
        if field in ("id", "active__v"):
            operator = "="
        order = self.random.choice(["", " ORDER BY user_name__v DESC", " ORDER BY company__v, id",
                                    " ORDER BY user_title__v ASC, user_name__v"])
        return (f"SELECT id, user_name__v, {field} FROM users WHERE {field} {operator} {value}{order}"
                f" LIMIT {self.random.choice([5, 1000])} OFFSET {self.random.choice([0, 3])}")


@pytest.mark.parametrize("seed", [1, 2])
def test_batches_drawn_by_lot(both, seed):
    lots, answers = Lots(seed), collections.Counter()
    for _ in range(120):
        method, query, content_type, body, accept = lots.batch()
        reply = both.api(method, "/objects/users" + query, body, content_type, accept)
        answers.update(re.findall(rb"SUCCESS|EXCEPTION|FAILURE|[A-Z]+_[A-Z_]+", reply.body))
        q = urllib.parse.urlencode({"q": lots.query()})
        both.api("POST", "/query", q, FORM)
        sort = lots.random.choice(["id", "user_name__v", "company__v", "user_email__v"])
        both.api("GET", f"/objects/users?limit=7&start={lots.random.randrange(700)}"
                        f"&sort={sort}%20{lots.random.choice(['asc', 'desc'])}")
    assert min(answers[kind] for kind in (b"SUCCESS", b"FAILURE", b"INVALID_DATA")) > 20, answers
    both.same_directory()


def test_a_day_of_an_administrator(both):
    """What one call leaves for the next: keys, batches taken back, groups, passwords, lockout."""
    ids = [CROWD_FIRST_ID + number for number in range(4)]
    keyed = {"headers": {"Idempotency-Key": "same-1"}}
    body = json.dumps([{"id": ids[0], "site__v": "Once"}, {"id": ids[1], "user_email__v": "broken"}])
    for _ in range(2):
        reply = both.api("PUT", "/objects/users", body, JSON, **keyed)
    assert reply.headers["Idempotency-Replayed"] == "true"
    both.api("PUT", "/objects/users", json.dumps([{"id": ids[2], "site__v": "Else"}]), JSON, **keyed)
    for side in both.sides:
        (batch,) = [own for own, name in side.own.items() if name == "EXECUTION-0"]
        side.own[batch] = "BATCH"
        side.batch = batch
    for undo in range(2):
        replies = [side.answer("POST", f"/muster/v1/batches/{side.batch}/undo", None, None,
                               "nadia.brandt") for side in both.sides]
        first, second = (side.masked(reply) for side, reply in zip(both.sides, replies))
        assert first == second
    group = both.api("POST", "/objects/groups",
                     form({"label__v": "Same", "members__v": f"{ids[0]},{ids[1]}"}), FORM).json["id"]
    both.api("PUT", f"/objects/groups/{group}", form({"members__v": f"add ({ids[3]})"}), FORM)
    both.api("GET", f"/objects/users/{ids[3]}")
    for attempt in range(7):
        both.call("POST", f"/api/{VERSION}/auth", form({
            "username": "lea.locked@example.com", "password": f"Wrong-Pass-{attempt}"}),
            {"Content-Type": FORM}, role=None)
    for old, new in (("Dan-Pass-0015", "short"), ("Wrong-Pass-1", "Changed-Pass-15")):
        both.api("POST", "/objects/users/me/password",
                 form({"password__v": old, "new_password__v": new}), FORM, role="dan.document")
    both.api("GET", "/vobjects/user__sys/%d/audittrail" % ids[0])
    both.same_directory()
