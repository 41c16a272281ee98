"""`muster passwd`: a new password from the machine itself, with the server stopped."""

import pytest

import stores
from muster_server import run_muster
from vault_client import Api, person

NAME = "nadia.brandt@example.com"


def passwd(data, *arguments, user=NAME, password=None, **options):
    environment = {"MUSTER_PASSWORD": password} if password else None
    return run_muster("passwd", *stores.arguments(data), *arguments, user, environment=environment,
                      **options)


@pytest.mark.parametrize("source", ["environment", "file", "standard input"])
def test_the_new_password_works_and_the_old_one_and_its_sessions_do_not(own_server, tmp_path,
                                                                        source):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    own_server.stop()
    if source == "environment":
        ended = passwd(own_server.data, password="Nadia-Other-02")
    elif source == "file":
        (tmp_path / "secret").write_text("Nadia-Other-02\n")
        ended = passwd(own_server.data, "--password-file", tmp_path / "secret")
    else:
        ended = passwd(own_server.data, input="Nadia-Other-02\n")
    assert ended.returncode == 0, ended
    own_server.start()
    own_server.secrets.add("Nadia-Other-02")
    assert nadia.get("/objects/users/me").json["errors"][0]["type"] == "INVALID_SESSION_ID"
    old = Api(own_server).login(NAME, person("nadia.brandt").password).json
    assert old["errors"][0]["type"] == "USERNAME_OR_PASSWORD_INCORRECT"
    new = Api(own_server).login(NAME, "Nadia-Other-02").json
    assert new["responseStatus"] == "SUCCESS"


def test_what_cannot_be_done_is_said_and_changes_nothing(own_server):
    own_server.stop()
    for arguments, said in [
            ({"user": "nobody@example.com", "password": "Nadia-Other-02"}, "nobody@example.com"),
            ({"password": "short"}, "assword"),
            ({"input": ""}, "password is needed")]:
        ended = passwd(own_server.data, **arguments)
        assert ended.returncode == 1 and said in ended.stderr, ended
    own_server.start()
    answer = Api(own_server).login(NAME, person("nadia.brandt").password).json
    assert answer["responseStatus"] == "SUCCESS"


@pytest.mark.embedded
def test_a_running_server_keeps_its_directory(own_server):
    ended = passwd(own_server.data, password="Nadia-Other-02")
    assert ended.returncode == 1 and str(own_server.data) in ended.stderr


@pytest.mark.embedded
def test_a_mistyped_directory_is_not_made(tmp_path):
    ended = passwd(tmp_path / "typo", password="Nadia-Other-02")
    assert ended.returncode == 1 and "typo" in ended.stderr
    assert not (tmp_path / "typo").exists()
