"""A short run of kill_rounds.py; the script itself runs the full proof."""

from kill_rounds import Rounds

ROUNDS = 8


def test_kill_at_random_moments_loses_and_halves_nothing(tmp_path):
    with Rounds(tmp_path, random_seed=2023, own_users=[480, 100, 20, 1]) as rounds:
        batches = sum(rounds.one() for _ in range(ROUNDS))
    assert batches > ROUNDS  # the writers did get through between the kills
