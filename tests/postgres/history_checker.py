"""What clients saw, compared with the audit trail.

Every batch gives its users one tag that no other batch has, in all of FIELDS. So a value names the
batch that wrote it, and the rows of the trail say in which order batches were applied.

    history = History()
    history.batches.append(Batch("c1-1", users, start, end, ACKNOWLEDGED))
    history.reads.append(Read(user, start, end, values))
    assert problems(history, trail, present) == []
"""

import collections
import dataclasses
import math

FIELDS = ("user_title__v", "company__v", "site__v")
BEFORE = ("Title before", "Company before", "")  # of a crowd user

ACKNOWLEDGED = "acknowledged"
UNKNOWN = "unknown"  # applied or not; what was told leaves it open
REFUSED = "refused"  # answered in a way that says it was not applied


@dataclasses.dataclass(frozen=True)
class Batch:
    tag: str
    users: tuple
    start: float
    end: float  # when the last answer came
    outcome: str


@dataclasses.dataclass(frozen=True)
class Read:
    user: int
    start: float
    end: float
    values: tuple  # of FIELDS


@dataclasses.dataclass(frozen=True)
class Row:
    """Of the audit trail; rows come in the order of their ids."""
    user: int
    execution_id: str
    changes: dict  # field -> (old, new)


@dataclasses.dataclass
class History:
    """Lists that any thread may append to."""
    batches: list = dataclasses.field(default_factory=list)
    reads: list = dataclasses.field(default_factory=list)


def problems(history, trail, present):
    """All contradictions, as texts. `present` has the values of FIELDS now, by user."""
    rows = collections.defaultdict(list)
    for row in trail:
        rows[row.user].append(row)
    found = []
    for user, values in present.items():
        found += chain_problems(user, rows[user], values)
    found += batch_problems(history.batches, trail)
    if not found:  # else values do not say which batch wrote them
        found += order_problems(history, rows)
    return found


def tag_of(row):
    return row.changes.get(FIELDS[0], (None, None))[1]


def chain_problems(user, rows, present):
    """Old values are those of the row before, the last new ones are there."""
    found = []
    values = BEFORE
    for row in rows:
        old, new = (tuple(row.changes.get(field, (None, None))[side] for field in FIELDS)
                    for side in (0, 1))
        if old != values:
            found.append(f"gap in the trail of {user}: {row} follows {values}")
        if set(row.changes) != set(FIELDS) or len(set(new)) != 1:
            found.append(f"half a record of {user}: {row}")
        values = new
    if values != present:
        found.append(f"{user} shows {present}, its trail ends with {values}")
    return found


def batch_problems(batches, trail):
    rows = collections.defaultdict(list)
    for row in trail:
        rows[tag_of(row)].append(row)
    found = [f"rows of nobody's batch {tag}" for tag in rows.keys() - {b.tag for b in batches}]
    for batch in batches:
        users = [row.user for row in rows[batch.tag]]
        if len(users) != len(set(users)) or len({r.execution_id for r in rows[batch.tag]}) > 1:
            found.append(f"applied twice: {batch}")
        elif not users and batch.outcome == ACKNOWLEDGED:
            found.append(f"lost: {batch}")
        elif users and batch.outcome == REFUSED:
            found.append(f"applied though refused: {batch}")
        elif users and set(users) != set(batch.users):
            found.append(f"half a batch: {batch} changed {users}")
    return found


def order_problems(history, rows):
    batches = {batch.tag: batch for batch in history.batches}
    reads = collections.defaultdict(list)
    for read in history.reads:
        reads[read.user].append(read)
    found = []
    for user in rows.keys() | reads.keys():
        order = [batches[tag_of(row)] for row in rows[user]]
        found += write_order_problems(user, order)
        found += read_problems(user, order, reads[user])
    return found


def end_of(batch):
    return batch.end if batch.outcome == ACKNOWLEDGED else math.inf


def write_order_problems(user, order):
    """What was answered before another began is before it in the trail."""
    found = []
    first_end = math.inf  # of all later ones
    for batch in reversed(order):
        if first_end < batch.start:
            found.append(f"{user}: {batch.tag} is in the trail before one that had ended")
        first_end = min(first_end, end_of(batch))
    return found


def read_problems(user, order, reads):
    """A read shows whole records, and none older than what was answered before it began."""
    places = {(batch.tag,) * len(FIELDS): place for place, batch in enumerate(order)}
    places[BEFORE] = -1
    found = [f"{user} showed what was never there: {read.values}"
             for read in reads if read.values not in places]
    reads = [read for read in reads if read.values in places]
    known = [(end_of(batch), place) for place, batch in enumerate(order)]
    known += [(read.end, places[read.values]) for read in reads]
    known.sort(reverse=True)
    newest = -1
    for read in sorted(reads, key=lambda read: read.start):
        while known and known[-1][0] < read.start:
            newest = max(newest, known.pop()[1])
        if places[read.values] < newest:
            found.append(f"{user} showed an old value: {read}")
    return found
