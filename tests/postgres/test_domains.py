"""Two domains in one database: each has its server, and neither sees the other's."""

import json

import pytest

from muster_server import MusterServer, form, run_muster
from vault_client import CROWD_FIRST_ID, SEED, Api, failure, only_row, person, write_seed

ADMIN = {"MUSTER_ADMIN_PASSWORD": "Start-Here-1"}


def seed_store(url, file, *more, environment=None):
    return run_muster("store", "seed", "--store", url, file, *more, environment=environment)


@pytest.fixture(scope="module")
def second_seed(tmp_path_factory):
    """The same people with the same names and ids, in vaults of other names, and a stranger."""
    path = write_seed(tmp_path_factory.mktemp("second") / "seed.json", crowd=5)
    seed = json.loads(path.read_text())
    seed["domain"].update({"id": 77, "type": "Sandbox"})
    for vault in seed["vaults"]:
        vault["dns"] = vault["dns"].replace("example.com", "second.example")
    for user in seed["users"]:
        if "password" in user:
            user["password"] = "Second-" + user["password"]
    seed["users"].append({**seed["users"][-1], "id": 39001,
                          "user_name__v": "stranger@example.com"})
    path.write_text(json.dumps(seed))
    return path


@pytest.fixture
def two(cluster, seeded_database, second_seed, tmp_path):
    """A server of each domain of one database."""
    cluster.copy(seeded_database, tmp_path / "data")
    url = cluster.url(tmp_path / "data")
    done = seed_store(url, second_seed)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.startswith("Domain 2 is example.com with ")
    places = [["--store", url, "--store-domain", str(number)] for number in (1, 2)]
    with MusterServer(tmp_path / "first", place=places[0]) as first:
        with MusterServer(tmp_path / "second", place=places[1]) as second:
            yield first, second


def nadia_of(server, password=None):
    who = person("nadia.brandt")
    reply = Api(server).login(who.user_name, password or who.password)
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return Api(server, reply.json["sessionId"])


def vql(api, text):
    reply = api.call("POST", "/query", form({"q": text}),
                     {"Content-Type": "application/x-www-form-urlencoded"})
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return reply.json["data"]


def test_two_domains_do_not_see_each_other(two):
    first, second = (nadia_of(two[0]), nadia_of(two[1], "Second-Nadia-Pass-01"))
    # Logins and sessions are those of one domain.
    assert failure(Api(two[1]).login(person("nadia.brandt").user_name,
                                     person("nadia.brandt").password)) == "USERNAME_OR_PASSWORD_INCORRECT"
    for api, other in ((first, two[1]), (second, two[0])):
        assert failure(Api(other, api.session).get("/objects/users/me")) == "INVALID_SESSION_ID"
    # An update of one is not seen in the other, nor is its audit row or its batch.
    reply = first.put_users_json([{"id": CROWD_FIRST_ID, "user_title__v": "Only of the first"}],
                                 headers={"Idempotency-Key": "one-key"})
    assert only_row(reply)[0] == "SUCCESS"
    assert second.user(CROWD_FIRST_ID)["user_title__v"] == "Title before"
    name = first.user(CROWD_FIRST_ID)["user_name__v"]
    assert len(first.audit_rows_of(name)) == 1 and second.audit_rows_of(name) == []
    batches = [api.server.request("GET", "/muster/v1/batches", None,
                                  {"Authorization": api.session}).json["total"]
               for api in (first, second)]
    assert batches == [1, 0]
    # The same key is another key there.
    reply = second.put_users_json([{"id": CROWD_FIRST_ID, "user_title__v": "Of the second"}],
                                  headers={"Idempotency-Key": "one-key"})
    assert only_row(reply)[0] == "SUCCESS" and "Idempotency-Replayed" not in reply.headers
    # The login trails: the failed attempt at the second is there alone.
    statuses = [{row["status"] for row in api.audit("login_audit_trail")["data"]}
                for api in (first, second)]
    assert statuses[0] == {"Success"} and len(statuses[1]) == 2
    # VQL and the list.
    found = [{row["user_name__v"] for row in vql(api, "SELECT user_name__v FROM users")}
             for api in (first, second)]
    assert found[1] - found[0] == {"stranger@example.com"}
    assert f"crowd.{19}@example.com" in found[0] - found[1]
    titles = [vql(api, f"SELECT user_title__v FROM users WHERE id = {CROWD_FIRST_ID}")
              for api in (first, second)]
    assert titles == [[{"user_title__v": "Only of the first"}], [{"user_title__v": "Of the second"}]]
    # New users have ids of their own counters.
    for api in (first, second):
        user = {key: value for key, value in SEED["users"][0].items()
                if key not in ("id", "password", "vault_membership", "is_domain_admin__v")}
        user.update({"user_name__v": "new.here@example.com", "federated_id__v": "fed-new"})
        made = api.call("POST", "/objects/users", json.dumps([user]),
                        {"Content-Type": "application/json"})
        assert only_row(made)[0] == "SUCCESS", made


def test_the_first_domain_is_served_while_others_are_there(cluster, seeded_database, second_seed,
                                                           tmp_path):
    cluster.copy(seeded_database, tmp_path / "data")
    url = cluster.url(tmp_path / "data")
    database = cluster.database(tmp_path / "data")
    assert seed_store(url, second_seed, "--store-domain", "7", environment=ADMIN).returncode == 0
    unclear = run_muster("serve", "--store", url, "--listen", "127.0.0.1:0")
    assert unclear.returncode == 1 and "several domains: name one" in unclear.stderr
    for number in ("1", "7"):
        taken = seed_store(url, second_seed, "--store-domain", number)
        assert taken.returncode == 1 and f"has a domain {number} already" in taken.stderr
    # One whose filling was interrupted is none, and its number can be used again.
    cluster.sql("UPDATE domain SET initialised = false WHERE domain_id = 7", database)
    with MusterServer(tmp_path / "node", place=["--store", url]) as node:
        assert nadia_of(node).user(CROWD_FIRST_ID)["user_title__v"] == "Title before"
    again = seed_store(url, second_seed, "--store-domain", "7")
    assert again.returncode == 0
    assert again.stdout.splitlines()[1].startswith("First administrator admin@example.com has")


def test_a_wrong_seed_file_adds_nothing(cluster, seeded_database, tmp_path):
    cluster.copy(seeded_database, tmp_path / "data")
    (tmp_path / "seed.json").write_text('{"domain": {"id": 1}}')
    done = seed_store(cluster.url(tmp_path / "data"), tmp_path / "seed.json")
    assert done.returncode == 1 and "seed.json" in done.stderr
    count = cluster.sql("SELECT count(*) FROM domain", cluster.database(tmp_path / "data"))
    assert count == "1"
