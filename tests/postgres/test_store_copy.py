"""`muster store copy`: a directory with a history into a database and back."""

import contextlib
import json
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from muster_server import MusterServer, binary, clean_environment, form, run_muster
from vault_client import CROWD_FIRST_ID, SEED, Api, only_row, person, write_seed

KEYED = {"Idempotency-Key": "copied-1"}
KEYED_RECORDS = [{"id": CROWD_FIRST_ID + 3, "user_title__v": "By a key"}]


def copy(source, target, *more):
    return run_muster("store", "copy", "--from", source, "--to", target, *more, timeout=120)


def copied(source, target, *more):
    """The rows of both sides by kind, and the hash."""
    done = copy(source, target, *more)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.endswith("The copy is whole.\n")
    counts = {name.strip(): (int(mine), int(theirs)) for name, mine, theirs in
              re.findall(r"^(\w[\w ]*?) +(\d+) +(\d+)$", done.stdout, re.M)}
    hashes = re.findall(r"^content of the \w+ +([0-9a-f]{64})$", done.stdout, re.M)
    assert len(hashes) == 2 and hashes[0] == hashes[1]
    assert all(mine == theirs for mine, theirs in counts.values())
    return {name: mine for name, (mine, _) in counts.items()}, hashes[0]


def muster_call(api, method, path):
    return api.server.request(method, f"/muster/v1{path}", None, {"Authorization": api.session})


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A data directory at rest that has seen every kind of row: (path, a session of it)."""
    folder = tmp_path_factory.mktemp("history")
    seed = write_seed(folder / "seed.json", crowd=700)
    with MusterServer(folder / "data", seed=seed, place=["--data", str(folder / "data")]) as server:
        nadia = Api(server).log_in_as(person("nadia.brandt"))
        everybody = [{"id": CROWD_FIRST_ID + number, "user_title__v": f"Title {number}",
                      "company__v": 'Comma, "quote"\nline'} for number in range(500)]
        assert nadia.put_users_json(everybody).json["responseStatus"] == "SUCCESS"
        undone = nadia.put_users_json([{"id": CROWD_FIRST_ID + 1, "site__v": "Wrong"},
                                       {"id": CROWD_FIRST_ID + 2, "vault_membership": "3003:::read_only__v"}])
        batch = undone.headers["X-VaultAPI-ExecutionId"]
        assert muster_call(nadia, "POST", f"/batches/{batch}/undo").json["responseStatus"] == "SUCCESS"
        # A batch that changed nothing leaves no rows.
        nadia.put_users_json([{"id": CROWD_FIRST_ID + 1, "user_title__v": "Title 1"}])
        assert only_row(nadia.put_users_json(KEYED_RECORDS, headers=KEYED))[0] == "SUCCESS"
        made = {key: value for key, value in SEED["users"][0].items()
                if key not in ("id", "password", "vault_membership", "is_domain_admin__v")}
        made.update({"user_name__v": "Newly.Made@example.com", "federated_id__v": "fed-copy",
                     "user_first_name__v": "Zoë"})
        assert only_row(nadia.call("POST", "/objects/users", json.dumps([made]),
                                   {"Content-Type": "application/json"}))[0] == "SUCCESS"
        group = nadia.call("POST", "/objects/groups",
                           form({"label__v": 'Copied "Team"', "members__v": f"{CROWD_FIRST_ID}"}),
                           {"Content-Type": "application/x-www-form-urlencoded"})
        assert group.json["responseStatus"] == "SUCCESS", group
        for name, password in (("sara.quality@example.com", "Wrong-Pass-1"),
                               ("no\x00body@example.com", "Wrong-Pass-1"),
                               ("otto.owner@example.com", person("otto.owner").password)):
            Api(server).login(name, password)
        session = nadia.session
    return folder / "data", session


@pytest.fixture
def source(history, tmp_path):
    shutil.copytree(history[0], tmp_path / "source")
    return tmp_path / "source"


def pages(api, path, name):
    reply = api.get(path)
    assert reply.json["responseStatus"] == "SUCCESS", reply
    return reply.json[name]


def picture(server, session):
    """What the API says of everything that was copied, to who was logged in before."""
    api = Api(server, session)
    users = [pages(api, f"/objects/users?limit=200&start={start}&exclude_vault_membership=false",
                   "users") for start in range(0, 800, 200)]
    batches = muster_call(api, "GET", "/batches?limit=1000").json
    assert batches["total"] == len(batches["batches"]) > 4
    changes = [muster_call(api, "GET", f"/batches/{batch['id']}").json
               for batch in batches["batches"]]
    return {"users": users, "batches": batches, "changes": changes,
            "domain": [api.audit("domain_audit_trail", f"?limit=1000&offset={offset}")["data"]
                       for offset in (0, 1000)],
            "one": api.audit_rows_of("crowd.2@example.com"),
            "login": api.audit("login_audit_trail", "?limit=1000")["data"],
            "groups": api.get("/objects/groups").json}


def without_urls(value, server):
    return json.loads(json.dumps(value).replace(server.url, "URL"))


def seen_at(place, session, tmp_path, name):
    with MusterServer(tmp_path / name, place=place) as server:
        return without_urls(picture(server, session), server)


def goes_on(place, session, tmp_path):
    """The copy is a directory to work with: old passwords, keys, sessions; new ids and rows."""
    with MusterServer(tmp_path / "working", place=place) as server:
        old = Api(server, session)
        again = old.put_users_json(KEYED_RECORDS, headers=KEYED)
        assert again.headers.get("Idempotency-Replayed") == "true", again
        sara = Api(server).log_in_as(person("sara.quality"))
        assert sara.get("/objects/users/me").json["responseStatus"] == "SUCCESS"
        rows = old.audit("domain_audit_trail", "?limit=1")["data"]
        change = old.put_users_json([{"id": CROWD_FIRST_ID, "site__v": "After the copy"},
                                     {"id": CROWD_FIRST_ID + 5, "site__v": "After the copy"}])
        newest = old.audit("domain_audit_trail", "?limit=2")["data"]
        second, first = (int(row["id"]) for row in newest)
        assert second - 1 == first > int(rows[0]["id"])
        batch = change.headers["X-VaultAPI-ExecutionId"]
        assert muster_call(old, "GET", "/batches").json["batches"][0]["id"] == batch
        assert muster_call(old, "POST", f"/batches/{batch}/undo").json["responseStatus"] == "SUCCESS"
        assert old.user(CROWD_FIRST_ID).get("site__v") in (None, "")
        # A batch of before the copy can still be taken back: its rows are found.
        first = [batch for batch in muster_call(old, "GET", "/batches?limit=1000").json["batches"]
                 if batch["records"] == 500]
        undone = muster_call(old, "POST", f"/batches/{first[0]['id']}/undo").json
        outcomes = [row["responseStatus"] for row in undone["data"]]
        assert (outcomes.count("SUCCESS"), outcomes.count("FAILURE")) == (495, 5), undone
        user = {key: value for key, value in SEED["users"][0].items()
                if key not in ("id", "password", "vault_membership", "is_domain_admin__v")}
        user["user_name__v"] = "made.after@example.com"
        made = only_row(old.call("POST", "/objects/users", json.dumps([user]),
                                 {"Content-Type": "application/json"}))
        assert made[0] == "SUCCESS", made
        taken = {**user, "user_name__v": "newly.made@EXAMPLE.com"}
        assert only_row(old.call("POST", "/objects/users", json.dumps([taken]),
                                 {"Content-Type": "application/json"}))[0] == "FAILURE"


def verified(directory):
    ended = run_muster("verify", "--data", directory)
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    return ended.stdout


def test_there_and_back_again(cluster, source, history, tmp_path):
    session = history[1]
    at_source = seen_at(["--data", str(source)], session, tmp_path, "at-source")
    url = cluster.url(tmp_path / "database")
    counts, content = copied(source, url)
    assert counts["users"] > 700 and counts["batches"] == 6 and counts["kept answers"] == 1
    assert counts["domain audit"] > 1200 and counts["sessions"] >= 2
    place = ["--store", url]
    assert seen_at(place, session, tmp_path, "at-database") == at_source

    back = tmp_path / "back"
    assert copied(url, back) == (counts, content)
    assert f"domain audit rows {counts['domain audit']}\n" in verified(back)
    assert seen_at(["--data", str(back)], session, tmp_path, "at-back") == at_source
    goes_on(["--data", str(back)], session, tmp_path)
    verified(back)
    goes_on(place, session, tmp_path)


def test_a_directory_into_a_directory_and_domains_of_a_database(cluster, source, history, tmp_path):
    counts, content = copied(source, tmp_path / "second")
    verified(tmp_path / "second")
    url = cluster.url(tmp_path / "database")
    assert copied(tmp_path / "second", url) == (counts, content)
    assert copied(url, url, "--from-domain", "1", "--to-domain", "4") == (counts, content)
    place = ["--store", url, "--store-domain", "4"]
    assert (seen_at(place, history[1], tmp_path, "at-4") ==
            seen_at(["--data", str(source)], history[1], tmp_path, "at-source"))


def test_the_audit_view_of_the_file_shows_copied_rows(source, history, tmp_path):
    copied(source, tmp_path / "second")
    views = [subprocess.run(
        ["sqlite3", "-readonly", directory / "muster.db",
         "SELECT at, user_name, action, execution_id, item_id, item, field, old_value, new_value"
         " FROM audit WHERE field = 'user_title__v' ORDER BY at, item_id"],
        capture_output=True, text=True, check=True).stdout for directory in (source, tmp_path / "second")]
    assert views[0] == views[1] and views[0].count("\n") > 500


def test_ids_that_a_database_never_gave_are_gaps_in_the_file_too(cluster, source, history, tmp_path):
    url = cluster.url(tmp_path / "database")
    database = cluster.database(tmp_path / "database")
    copied(source, url)
    cluster.sql("UPDATE audit SET id = id + 100000 WHERE user_name <> 'System';"
                "UPDATE counter SET value = value + 100000 WHERE name = 'audit';"
                "UPDATE login SET id = id + 100000 WHERE id > 1;"
                "UPDATE counter SET value = value + 100000 WHERE name = 'login'", database)
    counts, _ = copied(url, tmp_path / "back")
    assert f"domain audit rows {counts['domain audit']}\n" in verified(tmp_path / "back")
    assert (seen_at(["--data", str(tmp_path / "back")], history[1], tmp_path, "at-back") ==
            seen_at(["--store", url], history[1], tmp_path, "at-database"))
    goes_on(["--data", str(tmp_path / "back")], history[1], tmp_path)
    verified(tmp_path / "back")


# --- refused --------------------------------------------------------------------------------------


def refused(source, target, *more):
    done = copy(source, target, *more)
    assert (done.returncode, done.stdout) == (1, ""), done
    return done.stderr


def test_a_target_with_data_is_refused(cluster, seeded_database, source, tmp_path):
    cluster.copy(seeded_database, tmp_path / "data")
    url = cluster.url(tmp_path / "data")
    database = cluster.database(tmp_path / "data")
    users = cluster.sql("SELECT count(*) FROM users", database)
    assert "has a domain already" in refused(source, url)
    assert "has a domain 1 already" in refused(source, url, "--to-domain", "1")
    assert cluster.sql("SELECT count(*) FROM users", database) == users
    shutil.copytree(source, tmp_path / "other")
    assert "has data already" in refused(source, tmp_path / "other")
    assert "has data already" in refused(url, tmp_path / "other")
    assert "in use by another process" in refused(source, source)
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "muster.db").write_text("not a database at all, but a text" * 50)
    assert refused(source, tmp_path / "foreign")


def test_a_source_that_is_none_is_refused(cluster, source, tmp_path):
    url = cluster.url(tmp_path / "data")
    assert "no directory here" in refused(tmp_path / "nothing", url)
    assert not (tmp_path / "nothing").exists()
    assert "never filled" in refused(url, tmp_path / "new")
    with MusterServer(source, place=["--data", str(source)]):
        assert "in use by another process" in refused(source, url)


# --- interrupted ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A larger directory, so that a copy takes long enough to be killed."""
    folder = tmp_path_factory.mktemp("many")
    with MusterServer(folder / "data", place=["--data", str(folder / "data")],
                      arguments=["--demo", "40000"],
                      environment={"MUSTER_ADMIN_PASSWORD": "Start-Here-1"}):
        pass
    return folder / "data"


def start_copy(source, target):
    return subprocess.Popen([binary(), "store", "copy", "--from", str(source), "--to", str(target)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            env=clean_environment())


def killed_at_random(source, target, is_begun):
    """Kills the copy while it writes, and once more when it goes on. How often."""
    kills = 0
    while kills < 2:
        process = start_copy(source, target)
        until = time.monotonic() + 60
        while process.poll() is None and not is_begun() and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break  # faster than the killing
        process.stderr.close()
        kills += 1
    return kills


def test_a_killed_copy_into_a_database_goes_on(cluster, many, tmp_path):
    url = cluster.url(tmp_path / "data")
    database = cluster.database(tmp_path / "data")
    assert run_muster("store", "migrate", "--store", url).returncode == 0
    kills = killed_at_random(
        many, url, lambda: cluster.sql("SELECT count(*) FROM users", database) != "0")
    assert kills > 0
    there = cluster.sql("SELECT count(*), min(xmin::text::int) FROM users", database)
    # No server takes it for an empty database, nor for a directory.
    served = run_muster("serve", "--store", url, "--listen", "127.0.0.1:0")
    assert served.returncode == 1 and "interrupted copy" in served.stderr
    counts, _ = copied(many, url)
    assert counts["users"] == 40002
    first = there.split("|")[1]
    assert cluster.sql("SELECT min(xmin::text::int) FROM users", database) == first, "begun anew"
    with MusterServer(tmp_path / "node", place=["--store", url]) as server:
        login = Api(server).login("admin@example.com", "Start-Here-1")
        assert login.json["responseStatus"] == "SUCCESS"


def number_in(directory, sql):
    """0 while the table is not there."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{directory}/muster.db?mode=ro", uri=True,
                                                timeout=10)) as file:
            return file.execute(sql).fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_a_killed_copy_into_a_directory_goes_on(many, tmp_path):
    target = tmp_path / "target"
    kills = killed_at_random(
        many, target, lambda: number_in(target, "SELECT count(*) FROM user_snapshot") > 0)
    assert kills > 0
    served = run_muster("serve", "--data", target, "--listen", "127.0.0.1:0")
    assert served.returncode == 1 and "interrupted copy" in served.stderr
    counts, _ = copied(many, target)
    assert counts["users"] == 40002
    verified(target)
    runs = number_in(target, "SELECT count(DISTINCT at) FROM journal WHERE domain_rows = 0")
    assert runs > 1, "begun anew"


def test_a_source_that_changed_meanwhile_is_another_source(cluster, source, tmp_path):
    url = cluster.url(tmp_path / "data")
    database = cluster.database(tmp_path / "data")
    copied(source, url)
    cluster.sql("UPDATE domain SET initialised = false, settings = 'copy of 00 6 ff' || E'\\n' ||"
                " settings", database)
    assert "copy of another source" in refused(source, url)
    assert cluster.sql("SELECT count(*) FROM users", database) != "0"
