"""A short run of history.py, and that its checker finds what it looks for."""

import dataclasses

import pytest

import history
from history_checker import ACKNOWLEDGED, BEFORE, FIELDS, REFUSED, UNKNOWN, Batch, History, Read
from history_checker import Row, problems


def test_parts_that_are_killed_at_random_lose_halve_and_double_nothing(tmp_path, capsys):
    found, done = history.run(tmp_path, seconds=15, seed=2023)
    with capsys.disabled():
        print(f"\n{done}")
    assert found == []


def row(user, old, new):
    olds = BEFORE if old is None else (old,) * 3
    return Row(user, f"execution of {new}", dict(zip(FIELDS, zip(olds, (new,) * 3))))


def values(tag):
    return (tag,) * 3


@pytest.fixture
def story():
    """Two batches after one another, of one user and of two; all is well."""
    batches = [Batch("a", (1,), 0, 1, ACKNOWLEDGED), Batch("b", (1, 2), 2, 3, ACKNOWLEDGED)]
    reads = [Read(1, 0, 0.5, BEFORE), Read(1, 2, 3, values("a")), Read(2, 4, 5, values("b"))]
    trail = [row(1, None, "a"), row(1, "a", "b"), row(2, None, "b")]
    return History(batches, reads), trail, {1: values("b"), 2: values("b")}


def test_the_checker_finds_nothing_in_a_true_story(story):
    assert problems(*story) == []


def outcome(story, outcome):
    history_, trail, _ = story
    history_.batches[1] = dataclasses.replace(history_.batches[1], outcome=outcome)
    return history_, trail


def test_a_batch_of_unknown_outcome_may_be_there_or_not(story):
    history_, trail = outcome(story, UNKNOWN)
    assert problems(history_, trail, story[2]) == []
    del history_.reads[2]
    assert problems(history_, trail[:1], {1: values("a"), 2: BEFORE}) == []


def test_the_checker_finds_a_lost_batch(story):
    history_, trail, _ = story
    found = problems(history_, trail[:1], {1: values("a"), 2: BEFORE})
    assert [text.split(":")[0] for text in found] == ["lost"]


def test_the_checker_finds_half_a_batch(story):
    history_, trail, _ = story
    found = problems(history_, trail[:2], {1: values("b"), 2: BEFORE})
    assert [text.split(":")[0] for text in found] == ["half a batch"]


def test_the_checker_finds_a_batch_that_was_refused_and_applied(story):
    history_, trail = outcome(story, REFUSED)
    (found,) = problems(history_, trail, story[2])
    assert found.startswith("applied though refused")


def test_the_checker_finds_what_was_applied_twice(story):
    history_, trail, present = story
    found = problems(history_, trail + [row(2, "b", "b")], present)
    assert [text.split(":")[0] for text in found] == ["applied twice"]


def test_the_checker_finds_gaps_and_another_end(story):
    history_, trail, present = story
    assert problems(history_, trail, {**present, 2: values("a")})[0].startswith("2 shows")
    trail[1] = row(1, "c", "b")
    assert problems(history_, trail, present)[0].startswith("gap in the trail of 1")


def test_the_checker_finds_half_a_record(story):
    history_, trail, present = story
    trail[2].changes[FIELDS[2]] = ("", "a")
    present[2] = ("b", "b", "a")
    assert problems(history_, trail, present)[0].startswith("half a record of 2")


def test_the_checker_finds_the_wrong_order(story):
    history_, _, present = story
    trail = [row(1, None, "b"), row(1, "b", "a"), row(2, None, "b")]
    history_.reads.clear()
    (found,) = problems(history_, trail, {**present, 1: values("a")})
    assert found == "1: b is in the trail before one that had ended"


@pytest.mark.parametrize(("shown", "what"), [
    (values("a"), "an old value"),  # b was acknowledged at 3
    (("b", "b", "a"), "what was never there"),
])
def test_the_checker_finds_reads_that_cannot_be(story, shown, what):
    history_, trail, present = story
    history_.reads.append(Read(1, 4, 5, shown))
    (found,) = problems(history_, trail, present)
    assert f"1 showed {what}" in found
