"""docs/api/routes.md: no call without a test, and nothing there that is not so."""

import pathlib

import pytest

from muster_server import PROJECT
from route_recorder import read_page
from route_table import routes

RUNS_LAST = True
PAGE = PROJECT / "docs/api/routes.md"
AGAIN = "run script/route-coverage"


@pytest.fixture(scope="module")
def listed():
    return read_page(PAGE.read_text())


def test_the_listing_has_every_call_in_order(listed):
    assert list(listed) == [str(route) for route in routes()], AGAIN


def test_every_call_has_a_test(listed):
    assert [call for call, tests in listed.items() if not tests] == []


def test_every_test_file_named_exists(listed):
    here = {path.stem for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    assert {name for tests in listed.values() for name in tests} <= here, AGAIN


def test_the_files_named_send_these_requests(listed, request):
    """Of each file that ran as a whole: it does call what the listing says it calls."""
    recorder = request.config.routes_called
    called = {str(route): names for route, names in recorder.files.items()}
    untrue = [(call, name) for call, names in listed.items() for name in names
              if name in recorder.whole_files and name not in called.get(call, ())]
    assert untrue == [], AGAIN
