"""The walk of docs/loading.md, run in order with the real program."""

import os
import pathlib
import shutil

from console import difference, read_steps
from muster_server import PROJECT, binary
from test_examples import Shell, seeded, server_on  # pylint: disable=unused-import

PAGE = PROJECT / "docs/loading.md"


def test_the_walk_does_what_the_page_shows(seeded, tmp_path, monkeypatch):  # noqa: F811
    shutil.copytree(seeded, tmp_path / "data")
    monkeypatch.setenv("PATH", f"{pathlib.Path(binary()).parent}:{os.environ['PATH']}")
    steps = read_steps(PAGE.read_text())
    assert len(steps) > 8
    with server_on(tmp_path / "data") as server:
        shell = Shell(tmp_path / "shell", server)
        shutil.copy(PROJECT / "examples/people.csv", shell.folder)
        for step in steps:
            done = shell.run(step.command)
            place = f"loading.md:{step.line}: {step.command}"
            assert (done.returncode, done.stderr) == (0, ""), f"{place}\n{done}"
            wrong = difference(step.shown, done.stdout)
            assert wrong is None, f"{place}\n{wrong}\n{done.stdout}"
