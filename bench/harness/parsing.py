"""Goal 10: the body readers on one core beside simdjson and memcpy."""

from goals import judged, ratios, spread


def measure(run):
    runs = [run.programs.parse() for _ in range(run.sizes.rounds)]
    goals = [judged("10a", spread([one["csv"] / 1000 for one in runs])),
             judged("10b", ratios([one["json"] for one in runs],
                                  [one["simdjson"] for one in runs]))]
    return goals, {name: {"MB/s": spread([one[name] for one in runs])} for name in runs[0]}
