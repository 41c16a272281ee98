"""The command line: help, version, healthcheck, exit codes, settings and their precedence."""

import os
import re
import socket

import pytest

from muster_server import MusterServer, binary, run_muster
from vault_client import write_seed

PERSON = {"id": 25001, "user_name__v": "nadia.brandt@example.com", "user_first_name__v": "Nadia",
          "user_last_name__v": "Brandt", "user_email__v": "nadia@example.com",
          "user_timezone__v": "UTC", "user_locale__v": "en_US", "user_language__v": "en",
          "security_policy_id__v": 821, "password": "Nadia-Pass-01", "is_domain_admin__v": True,
          "vault_membership": [{"id": 3003, "active__v": True,
                                "security_profile__v": "vault_owner__v",
                                "license_type__v": "full__v"}]}


@pytest.fixture
def seed(tmp_path):
    return write_seed(tmp_path / "seed.json", users=[PERSON])


def fails(*arguments, code, environment=None):
    """Runs a command that must fail with that code; returns what it said."""
    ended = run_muster(*arguments, environment=environment)
    assert ended.returncode == code, ended
    assert ended.stderr.strip() and "assertion" not in ended.stderr.lower()
    assert "muster ready" not in ended.stdout
    return ended.stderr


# --- help and version -----------------------------------------------------------------------------


def test_version_names_program_and_libraries():
    ended = run_muster("version")
    assert ended.returncode == 0
    assert re.match(r"muster \d+\.\d+\.\d+", ended.stdout)
    for library in ("Boost", "SQLite", "OpenSSL", "libsodium"):
        assert library.lower() in ended.stdout.lower()


def test_routes_are_listed_with_session_and_formats():
    lines = run_muster("routes").stdout.splitlines()
    assert len(lines) == len({tuple(line.split()[:2]) for line in lines})
    assert "GET /api optional application/json,application/xml" in lines
    assert "PUT /api/{version}/objects/users required application/json,text/csv" in lines
    assert lines[-1] == "GET /metrics none text/plain"


def test_help_lists_the_commands():
    ended = run_muster("--help")
    assert ended.returncode == 0
    for command in ("serve", "healthcheck", "passwd", "backup", "restore", "verify", "store",
                    "routes", "version"):
        assert command in ended.stdout


@pytest.mark.parametrize("command, flags", [
    ("serve", ["--data", "--listen", "--seed", "--demo", "--public-url", "--tls-cert", "--tls-key",
               "--config", "--log-format"]),
    ("healthcheck", ["--url"]), ("passwd", ["--data", "--password-file"]),
    ("backup", ["--data", "--output"]), ("restore", ["--data"]), ("verify", ["--data", "--head"]),
    ("routes", []), ("version", [])])
def test_each_command_explains_itself(command, flags):
    ended = run_muster(command, "--help")
    assert ended.returncode == 0
    assert ended.stdout.lower().startswith("usage: muster " + command)
    for flag in flags:
        assert flag in ended.stdout


@pytest.mark.parametrize("arguments", [
    [], ["dance"], ["serve", "--nonsense"], ["serve", "--listen"], ["serve", "--demo", "many"],
    ["serve", "--listen", "nowhere"], ["serve", "--log-format", "yaml"], ["healthcheck"],
    ["serve", "extra"], ["version", "--loud"]])
def test_wrong_usage_ends_with_2(arguments, tmp_path):
    if arguments[:1] == ["serve"]:
        arguments = ["serve", "--data", tmp_path / "data", *arguments[1:]]
    fails(*arguments, code=2)
    assert not (tmp_path / "data").exists() or not os.listdir(tmp_path / "data")


def test_the_program_runs_from_anywhere(tmp_path, seed):
    ended = run_muster("version", cwd="/")
    assert ended.returncode == 0
    assert os.path.isabs(binary())


# --- healthcheck ----------------------------------------------------------------------------------


def test_healthcheck_tells_a_living_server_from_a_dead_one(tmp_path, seed):
    with MusterServer(tmp_path / "data", seed=seed) as server:
        assert run_muster("healthcheck", "--url", server.url).returncode == 0
        url = server.url
    assert run_muster("healthcheck", "--url", url).returncode == 1


def test_healthcheck_does_not_wait_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ended = run_muster("healthcheck", "--url", f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert ended.returncode == 1


# --- settings -------------------------------------------------------------------------------------


def public_url(server):
    return server.get("/api/").json["values"]["v24.3"].removesuffix("/api/v24.3")


FLAG, ENVIRONMENT, FILE = ("https://flag.example.com", "https://environment.example.com",
                           "https://file.example.com")


@pytest.mark.parametrize("flag, environment, file, wins", [
    (True, True, True, FLAG), (True, False, True, FLAG), (True, True, False, FLAG),
    (False, True, True, ENVIRONMENT), (False, True, False, ENVIRONMENT), (False, False, True, FILE),
    (False, False, False, None)])
def test_flag_beats_environment_beats_file_beats_default(tmp_path, seed, flag, environment, file,
                                                         wins):
    config = tmp_path / "muster.toml"
    config.write_text(f'public_url = "{FILE}"\n' if file else "")
    arguments = ["--config", config] + (["--public-url", FLAG] if flag else [])
    with MusterServer(tmp_path / "data", seed=seed, arguments=arguments,
                      environment={"MUSTER_PUBLIC_URL": ENVIRONMENT} if environment else {}
                      ) as server:
        assert public_url(server) == (wins or server.url)


def test_every_setting_can_come_from_the_environment(tmp_path, seed):
    server = MusterServer(tmp_path / "data", environment={
        "MUSTER_SEED": str(seed), "MUSTER_LOG_FORMAT": "json", "MUSTER_SESSION_IDLE_MINUTES": "30"})
    with server:
        assert all(line.startswith("{") for line in server.log_lines())


@pytest.mark.parametrize("text, position, name", [
    ('log_format = "json"\nlisten_on = "x"\n', "2:1", "listen_on"),
    ('\n\n  datum = 1\n', "3:3", "datum"),
    ('[shop]\nurl = "x"\n', "2:1", "shop.url"), ('[shop]\n', "1:", "shop")])
def test_an_unknown_key_is_refused_with_line_and_column(tmp_path, seed, text, position, name):
    config = tmp_path / "muster.toml"
    config.write_text(text)
    said = fails("serve", "--data", tmp_path / "data", "--seed", seed, "--config", config, code=2)
    assert f"muster.toml:{position}" in said and name in said


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path, seed):
    config = tmp_path / "muster.toml"
    config.write_text('log_format = "json"\nthis is not toml\n')
    said = fails("serve", "--data", tmp_path / "data", "--config", config, code=2)
    assert "muster.toml:2:" in said


def test_a_missing_config_file_is_refused(tmp_path):
    assert "none.toml" in fails("serve", "--config", tmp_path / "none.toml", code=2)


def test_secrets_are_not_taken_from_files(tmp_path):
    config = tmp_path / "muster.toml"
    config.write_text('admin_password = "File-Secret-1"\n')
    said = fails("serve", "--data", tmp_path / "data", "--config", config, code=2)
    assert "MUSTER_ADMIN_PASSWORD" in said and "File-Secret-1" not in said


# --- what prevents a start ------------------------------------------------------------------------


@pytest.mark.parametrize("text, hint", [
    ("", "seed"), ("{", "seed"), ("[]", "seed"), ('{"users":[]}', "domain"),
    ('{"domain":{"id":76,"name":"example.com"},"vaults":[]}', "vault"),
    ('{"domain":{"id":76,"name":"example.com"},"color":1,'
     '"vaults":[{"id":3003,"name":"Quality","dns":"quality.example.com"}]}', "color")])
def test_a_seed_file_that_is_wrong_prevents_the_start(tmp_path, text, hint):
    seed = tmp_path / "seed.json"
    seed.write_text(text)
    said = fails("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", "--seed", seed,
                 code=1)
    assert hint in said.lower()


def test_a_wrong_seed_leaves_the_directory_as_it_was(tmp_path, seed):
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{")
    fails("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", "--seed", wrong, code=1)
    with MusterServer(tmp_path / "data", seed=seed) as server:
        assert server.get("/readyz").status == 200


@pytest.mark.parametrize("proxies", ["proxy.example.com", "10.0.0.0/33", "10.0.0.1,,10.0.0.2"])
def test_a_proxy_that_could_never_match_prevents_the_start(tmp_path, seed, proxies):
    said = fails("serve", "--data", tmp_path / "data", "--seed", seed, "--trusted-proxies", proxies,
                 code=2)
    assert "--trusted-proxies" in said and proxies in said


@pytest.mark.parametrize("origins", [
    "*", "https://*.example.com", "https://app.example.com,*", "app.example.com", "null",
    "https://app.example.com/", "https://app.example.com/app", "https://App.example.com",
    "https://app.example.com:443", "https://a.example.com,,https://b.example.com"])
def test_an_origin_that_is_not_exact_prevents_the_start(tmp_path, seed, origins):
    said = fails("serve", "--data", tmp_path / "data", "--seed", seed, "--cors-origins", origins,
                 code=2)
    assert "--cors-origins" in said and origins in said


def test_a_star_for_origins_in_the_file_is_refused_under_the_name_of_the_setting(tmp_path, seed):
    config = tmp_path / "muster.toml"
    config.write_text('[cors]\norigins = ["*"]\n')
    said = fails("serve", "--data", tmp_path / "data", "--seed", seed, "--config", config, code=2)
    assert "muster.toml:2:1" in said and "cors.origins" in said and "[*]" in said


def test_a_taken_port_prevents_the_start(tmp_path, seed):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = fails("serve", "--data", tmp_path / "data", "--seed", seed,
                     "--listen", f"127.0.0.1:{port}", code=1)
    assert f"port {port}" in said or f"127.0.0.1:{port}" in said


def test_a_certificate_that_cannot_be_read_prevents_the_start(tmp_path, seed):
    fails("serve", "--data", tmp_path / "data", "--seed", seed, "--listen", "127.0.0.1:0",
          "--tls-cert", tmp_path / "no.pem", "--tls-key", tmp_path / "no.key", code=1)


def test_a_certificate_without_a_key_is_wrong_usage(tmp_path):
    fails("serve", "--data", tmp_path / "data", "--tls-cert", "x.pem", code=2)


def test_a_data_directory_that_cannot_be_made_prevents_the_start(tmp_path, seed):
    (tmp_path / "file").write_text("in the way")
    fails("serve", "--data", tmp_path / "file" / "data", "--seed", seed, "--listen", "127.0.0.1:0",
          code=1)
