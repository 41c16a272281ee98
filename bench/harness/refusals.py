"""Goal 11: a body of 1 GiB that is refused, beside a sink that takes it in from the same sender."""

from goals import judged, ratios, spread

SHAPES = {"11a": "csv", "11b": "json", "11c": "lines", "11d": "column"}
SMALLER = {"lines": 8}  # a body of a byte a record need not be whole to show its rate


def measure(run):
    sizes, programs = run.sizes, run.programs
    runs = {shape: [] for shape in ("sink", *SHAPES.values())}
    with run.server("refusals", 1000) as server, programs.sink() as sink:
        for _ in range(sizes.rounds):
            runs["sink"].append(programs.flood_sink(sink, "csv", sizes.flood_mib))
            for shape in SHAPES.values():
                runs[shape].append(programs.flood(server, shape,
                                                   sizes.flood_mib // SMALLER.get(shape, 1)))
    rate = {shape: [one["mb_per_s"] for one in many] for shape, many in runs.items()}
    goals = [judged(number, ratios(rate[shape], rate["sink"])) for number, shape in SHAPES.items()]
    return goals, {shape: {"MB/s": spread(rate[shape]),
                           "MB taken": spread([one["bytes"] / 1e6 for one in many]),
                           "seconds": spread([one["seconds"] for one in many]),
                           "sender CPU": spread([one["sender_cpu_share"] for one in many])}
                   for shape, many in runs.items()}
