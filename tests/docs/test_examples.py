"""Every command in docs/api, run in order against a server seeded from examples/seed.json: it answers
what the page shows."""

import json
import shutil
import subprocess

import pytest

from console import difference, read_steps
from muster_server import PROJECT, MusterServer

PAGES = sorted((PROJECT / "docs/api").glob("*.md"))
SEED = PROJECT / "examples/seed.json"
PUBLIC = "https://muster.example.com"  # what the pages call their server


def server_on(data, seed=None):
    return MusterServer(data, seed=seed, arguments=["--public-url", PUBLIC])


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples") / "data"
    with server_on(folder, SEED):
        pass
    return folder


class Shell:
    """Runs commands one by one; what one sets, the next has."""

    def __init__(self, folder, server):
        self.folder = folder
        folder.mkdir()
        (folder / "state").write_text(f"M={server.url} B=$M/api/v24.3 S=none\n")

    def run(self, command):
        script = f"set -eu -o pipefail; . ./state; {command}\ndeclare -p M B S > ./state"
        return subprocess.run(["bash", "-c", script], cwd=self.folder, capture_output=True,
                              text=True, timeout=60, check=False)


def log_in(shell):
    """As the page on authentication does; the other pages begin after that."""
    page = (PROJECT / "docs/api/authentication.md").read_text()
    (step,) = [step for step in read_steps(page) if step.command.startswith("S=$(")][:1]
    assert shell.run(step.command).returncode == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_answer_what_the_page_shows(seeded, tmp_path, page):
    shutil.copytree(seeded, tmp_path / "data")
    with server_on(tmp_path / "data") as server:
        shell = Shell(tmp_path / "shell", server)
        if page.stem != "authentication":
            log_in(shell)
        for step in read_steps(page.read_text()):
            done = shell.run(step.command)
            place = f"{page.name}:{step.line}: {step.command}"
            assert (done.returncode, done.stderr) == (0, ""), f"{place}\n{done}"
            wrong = difference(step.shown, done.stdout)
            assert wrong is None, f"{place}\n{wrong}\n{done.stdout}"


def test_every_page_is_in_the_contents():
    contents = (PROJECT / "docs/api/README.md").read_text()
    assert [page.name for page in PAGES if page.name != "README.md"
            and f"({page.name})" not in contents] == []


# --- the comparison itself ------------------------------------------------------------------------


@pytest.mark.parametrize("shown, real, same", [
    ('{"a": 1}', '{"a":1}', True), ('{"a": 1}', '{"a":2}', False), ('{"a": 1}', '{"a":"1"}', False),
    ('{"a": 1}', '{"a":true}', False), ('{"a": 1}', '{"a":1,"b":2}', False),
    ('{"a": 1, "...": "..."}', '{"b":2,"a":1}', True), ('{"a": 1, "...": "..."}', '{"b":2}', False),
    ('{"a": [1]}', '{"a":[1,2]}', False), ('{"a": [1, "..."]}', '{"a":[1,2]}', True),
    ('{"a": [1, 2]}', '{"a":[1]}', False), ('{"a": "x…z"}', '{"a":"xyz"}', True),
    ('{"a": "x…z"}', '{"a":"xy"}', False), ("a,b\n1,…", "a,b\n1,2\n", True),
    ("a,b\n1,3", "a,b\n1,2\n", False), ("", '{"responseStatus":"FAILURE"}', False),
    ("", '{"responseStatus":"SUCCESS"}', True)])
def test_a_shown_answer_is_compared(shown, real, same):
    assert (difference(shown, real) is None) is same


def test_commands_and_answers_are_read():
    steps = read_steps('text\n```console\n$ one \\\n  two\n{"a": 1}\n$ three\n```\n$ no\n'
                       "```\n$ not this\n```\n")
    assert [(step.line, step.command, step.shown) for step in steps] == [
        (3, "one \\\n  two", '{"a": 1}\n'), (6, "three", "")]


def test_the_seed_is_the_one_the_pages_speak_of():
    assert [user["id"] for user in json.loads(SEED.read_text())["users"]][:2] == [25001, 25002]
