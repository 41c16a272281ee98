"""Goal 3: eight clients for minutes, snapshots running: are some batches much slower than most?"""

import shutil
import statistics
import threading

from goals import judged, spread

SPARE_BYTES = 10 << 30  # other programs use the disk as well
PARTS = 10


def measure(run):
    seconds = run.sizes.endurance_s
    with run.server("endurance", run.sizes.users) as server:
        _refuse_when_disk_is_short(run, server, seconds)
        log = run.scratch / "batches.log"
        with _Watch(server) as watch:
            figures = run.programs.load(server, 8, "csv", seconds, "--log", log)
    samples = [tuple(map(float, line.split())) for line in log.read_text().splitlines()]
    parts = [[ms for at, ms in samples if n * seconds / PARTS <= at < (n + 1) * seconds / PARTS]
             for n in range(PARTS)]
    parts = [_percentiles(part) for part in parts if part]
    whole = _percentiles([ms for _, ms in samples])
    quotient = spread([one["p99"] / one["p50"] for one in parts])
    rows = {"whole run": whole | {"batches/s": figures["per_s"], "seconds": seconds,
                                  "MB at begin": watch.resident_mb[0],
                                  "MB at end": watch.resident_mb[-1],
                                  "MB at most": max(watch.resident_mb)}}
    for n, part in enumerate(parts):
        rows[f"part {n + 1} of {len(parts)}"] = part
    return [judged("3", quotient | {"median": whole["p99"] / whole["p50"]})], rows


def _percentiles(milliseconds):
    ordered = sorted(milliseconds)
    return {"p50": statistics.median(ordered), "p99": ordered[int(0.99 * (len(ordered) - 1))],
            "p99.9": ordered[int(0.999 * (len(ordered) - 1))], "max": ordered[-1]}


def _refuse_when_disk_is_short(run, server, seconds):
    """The audit trail keeps every change, so minutes at full speed are many gigabytes."""
    warm_up_s = min(5.0, seconds)
    row = server.last_journal_row()
    run.programs.load(server, 8, "csv", warm_up_s)
    needed = 1.2 * server.journal_bytes(row) / warm_up_s * seconds + SPARE_BYTES
    free = shutil.disk_usage(run.scratch).free
    if free < needed:
        raise RuntimeError(f"{seconds / 60:.0f} minutes need {needed / 1e9:.0f} GB of disk, "
                           f"{free / 1e9:.0f} GB are free: fewer --minutes or another --scratch")


class _Watch:
    """The server's memory, every second."""

    def __init__(self, server):
        self.server = server
        self.resident_mb = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while True:
            self.resident_mb.append(self.server.resident_bytes() / 1e6)
            if self.stop.wait(1):
                return

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
