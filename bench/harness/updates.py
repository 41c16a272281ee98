"""Goals 1, 2, 4, 7 and 13: batches of 500 updates beside the raw log, the sink and stock SQLite."""

from goals import judged, ratios, spread


def measure(run):
    runs, amplification = _rounds(run)
    rate = {name: [one["per_s"] for one in many] for name, many in runs.items()}
    p50 = {name: [one["p50_ms"] for one in many] for name, many in runs.items()}
    floor = [raw + sink for raw, sink in zip(p50["raw log"], p50["sink, CSV, 1 client"])]
    eight = rate["CSV, 8 clients"]
    goals = [
        judged("1", ratios(eight, rate["raw log"])),
        judged("2", ratios(p50["CSV, 1 client"], floor)),
        judged("4", ratios(rate["JSON, 8 clients"], eight)),
        judged("7", ratios(eight, rate["stock SQLite"])),
        judged("13", amplification),
    ]
    return goals, {name: _row(many) for name, many in runs.items()}


def _rounds(run):
    sizes, programs = run.sizes, run.programs
    runs = {}
    with run.server("updates", sizes.users) as server, programs.sink() as sink:
        cases = {
            # What is compared stands side by side.
            "sink, CSV, 1 client": lambda s: programs.load_sink(sink, sizes.users, 1, "csv", s),
            "CSV, 1 client": lambda s: programs.load(server, 1, "csv", s),
            "raw log": lambda s: programs.raw_journal(sizes.users, s),
            "CSV, 8 clients": lambda s: programs.load(server, 8, "csv", s),
            "JSON, 8 clients": lambda s: programs.load(server, 8, "json", s),
            "stock SQLite": lambda s: programs.sqlite(sizes.users, s),
            "JSON, 1 client": lambda s: programs.load(server, 1, "json", s),
            "sink, CSV, 8 clients": lambda s: programs.load_sink(sink, sizes.users, 8, "csv", s),
        }
        for case in cases.values():
            case(sizes.seconds / 3)  # warm up
        written, first_row = server.written_bytes(), server.last_journal_row()
        amplification = []
        for _ in range(sizes.rounds):
            written_before, row = server.written_bytes(), server.last_journal_row()
            for name, case in cases.items():
                runs.setdefault(name, []).append(case(sizes.seconds))
            amplification.append((server.written_bytes() - written_before)
                                 / server.journal_bytes(row))
        whole = (server.written_bytes() - written) / server.journal_bytes(first_row)
    # A snapshot falls into one round or the next: the figure is that of all rounds together.
    return runs, spread(amplification) | {"median": whole}


def _row(many):
    row = {"batches/s": spread([one["per_s"] for one in many]),
           "p50 ms": spread([one["p50_ms"] for one in many]),
           "p99 ms": spread([one["p99_ms"] for one in many])}
    if "sender_cpu_share" in many[0]:
        row["sender CPU"] = spread([one["sender_cpu_share"] for one in many])
    if "flush_p50_ms" in many[0]:
        row["flush p50 ms"] = spread([one["flush_p50_ms"] for one in many])
    return row
