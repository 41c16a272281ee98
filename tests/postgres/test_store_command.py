"""`muster store migrate` and `distribute`, and what a server says of a database it cannot use."""

import pytest

from muster_server import MusterServer, run_muster
from vault_client import Api, failure, person

MIGRATED = "The tables have version 2.\n"


def migrate(url):
    return run_muster("store", "migrate", "--store", url)


def test_the_owner_migrates_and_a_role_without_his_rights_serves(cluster, tmp_path):
    url = cluster.url(tmp_path / "data")
    database = cluster.database(tmp_path / "data")
    for _ in range(2):
        done = migrate(url)
        assert (done.returncode, done.stdout) == (0, MIGRATED), done
    cluster.sql("CREATE ROLE clerk LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC; "
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk",
                database)
    clerk = url.replace("//muster@", "//clerk@")
    environment = {"MUSTER_STORE": clerk, "MUSTER_ADMIN_PASSWORD": "Start-Here-1"}
    with MusterServer(tmp_path / "node", place=["--demo", "10"], environment=environment) as node:
        login = Api(node).login("admin@example.com", "Start-Here-1")
        assert login.json["responseStatus"] == "SUCCESS", login
    assert cluster.sql("SELECT count(*) FROM users", database) == "12"


def test_a_newer_database_is_refused(cluster, tmp_path):
    url = cluster.url(tmp_path / "data")
    assert migrate(url).stdout == MIGRATED
    cluster.sql("INSERT INTO muster_schema VALUES (3)", cluster.database(tmp_path / "data"))
    for done in (migrate(url), run_muster("serve", "--store", url, "--listen", "127.0.0.1:0")):
        assert done.returncode == 1
        assert "made by a newer version of this program" in done.stderr


def test_a_new_password_while_servers_run(nodes, place):
    sara = Api(nodes[0]).log_in_as(person("sara.quality"))
    done = run_muster("passwd", *place, person("sara.quality").user_name,
                      environment={"MUSTER_PASSWORD": "New-Pass-8812"})
    assert done.returncode == 0, done.stderr
    assert failure(sara.get("/objects/users/me")) == "INVALID_SESSION_ID"
    login = Api(nodes[1]).login(person("sara.quality").user_name, "New-Pass-8812")
    assert login.json["responseStatus"] == "SUCCESS", login


def test_a_password_that_is_refused_is_not_repeated(cluster, tmp_path):
    (tmp_path / "password").write_text("s3cret-of-the-database\n")
    url = cluster.url(tmp_path / "data").replace(str(cluster.root), "/nowhere")
    done = run_muster("serve", "--store", url, "--store-password-file", tmp_path / "password")
    assert done.returncode == 1 and "/nowhere" in done.stderr
    assert "s3cret" not in done.stderr + done.stdout


@pytest.mark.parametrize("command, flags", [
    ("migrate", ["--store"]), ("distribute", ["--store", "--apply"]),
    ("seed", ["--store", "--store-domain"]),
    ("copy", ["--from", "--to", "--from-domain", "--to-domain", "--to-password-file"])])
def test_each_command_explains_itself(command, flags):
    ended = run_muster("store", command, "--help")
    assert ended.returncode == 0
    assert ended.stdout.lower().startswith(f"usage: muster store {command}")
    for flag in flags:
        assert flag in ended.stdout


# --- distribute -----------------------------------------------------------------------------------


def test_every_table_is_distributed_with_those_of_its_domain(cluster, tmp_path):
    url = cluster.url(tmp_path / "data")
    assert migrate(url).stdout == MIGRATED
    tables = cluster.sql(
        "SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid"
        " AND a.attname = 'domain_id') FROM pg_class c"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace",
        cluster.database(tmp_path / "data")).splitlines()
    expected = {f"SELECT create_reference_table('{table}');"
                for table, of_domain in (row.split("|") for row in tables) if of_domain == "f"}
    expected |= {f"SELECT create_distributed_table('{table}', 'domain_id', colocate_with => "
                 f"'{'none' if table == 'users' else 'users'}');"
                 for table, of_domain in (row.split("|") for row in tables) if of_domain == "t"}
    printed = run_muster("store", "distribute", "--store", url)
    assert (printed.returncode, printed.stderr) == (0, "")
    lines = printed.stdout.splitlines()
    assert set(lines) == expected and len(lines) == len(expected)
    first = next(line for line in lines if "colocate_with" in line)
    assert "'users', 'domain_id'" in first, "the others are placed by it"


def test_without_the_extension_nothing_is_distributed(cluster, tmp_path):
    done = run_muster("store", "distribute", "--apply", "--store", cluster.url(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("muster: Database: It has no extension citus"
                           " (CREATE EXTENSION citus makes it).\n")
    usage = run_muster("store", "distribute", "--apply")
    assert usage.returncode == 2 and "--store" in usage.stderr
