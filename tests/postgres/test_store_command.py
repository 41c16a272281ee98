"""`muster store migrate`, and what a server says of a database it cannot use."""

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
