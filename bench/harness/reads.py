"""Goal 12: reads beside a Beast server that gives the same bytes without looking anything up."""

from goals import judged, ratios, spread
from processes import API, FIRST_DEMO_ID

ONE, LIST = f"{API}/objects/users/", f"{API}/objects/users?vaults=all&limit=200"
CLIENTS = 16


def measure(run):
    sizes, programs = run.sizes, run.programs
    with run.server("reads", sizes.users) as server:
        answers = {}
        for name, path in (("one", f"{ONE}{FIRST_DEMO_ID}"), ("list", LIST)):
            answers[name] = run.scratch / f"answer-{name}.json"
            answers[name].write_bytes(server.call("GET", path))
        users = ("--users", sizes.users)
        with programs.sink(answers["one"]) as one, programs.sink(answers["list"]) as many:
            cases = {
                "one user": lambda s: programs.get(server, ONE, CLIENTS, s, *users),
                "fixed answer": lambda s: programs.get_sink(one, ONE, CLIENTS, s, *users),
                "list of 200": lambda s: programs.get(server, LIST, 1, s),
                "fixed list": lambda s: programs.get_sink(many, LIST, 1, s),
            }
            runs = {name: [] for name in cases}
            for round_ in range(sizes.rounds + 1):
                for name, case in cases.items():
                    figures = case(sizes.seconds)
                    if round_ > 0:  # the first warms up
                        runs[name].append(figures)
    rate = {name: [one["per_s"] for one in many] for name, many in runs.items()}
    goals = [judged("12a", ratios(rate["one user"], rate["fixed answer"])),
             judged("12b", spread([one["p50_ms"] for one in runs["list of 200"]]))]
    return goals, {name: {"requests/s": spread([one["per_s"] for one in many]),
                          "p50 ms": spread([one["p50_ms"] for one in many]),
                          "p99 ms": spread([one["p99_ms"] for one in many]),
                          "sender CPU": spread([one["sender_cpu_share"] for one in many])}
                   for name, many in runs.items()}
