"""The table of the benchmarks judges as it says."""

import sys

import pytest

from muster_server import PROJECT

sys.path.insert(0, str(PROJECT / "bench" / "harness"))

import goals  # noqa: E402


@pytest.mark.parametrize("number,value,verdict", [
    ("1", 1.0, "aim"), ("1", 0.99, "must"), ("1", 0.5, "must"), ("1", 0.49, "MISSED"),
    ("2", 1.3, "aim"), ("2", 1.31, "must"), ("2", 2.0, "must"), ("2", 2.01, "MISSED"),
])
def test_a_median_is_judged_on_the_side_that_counts(number, value, verdict):
    row = goals.judged(number, goals.spread([value]))
    assert (row["goal"], row["median"], row["verdict"]) == (number, value, verdict)


def test_ratios_are_taken_within_a_round():
    assert goals.ratios([10, 30, 20], [10, 10, 40]) == {
        "median": 1, "min": 0.5, "max": 3, "rounds": 3}


def test_rounds_that_do_not_match_are_an_error():
    with pytest.raises(ValueError):
        goals.ratios([1, 2], [1])


@pytest.mark.parametrize("value,text", [
    (1234.5, "1234"), (99.94, "99.9"), (1.234, "1.23"), (0.1234, "0.12"), (0.0123, "0.012"),
])
def test_figures_are_rounded_for_reading(value, text):
    assert goals.rounded(value) == text


def test_a_goal_is_one_line_with_its_limits(capsys):
    goals.print_goals([goals.judged("9", goals.spread([0.8, 1.2, 0.9]))])
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.split() == ["9", "start-up", "with", "1,000,000", "users,", "s", "0.90",
                            "(0.80-1.20)", "<=4.00", "<=1.00", "aim"]
