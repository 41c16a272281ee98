"""How much a run does, and with what."""

import dataclasses
import pathlib

from processes import Programs, Server


@dataclasses.dataclass(frozen=True)
class Sizes:
    users: int = 100_000
    many_users: int = 1_000_000
    few_users: int = 10_000
    rounds: int = 7
    seconds: float = 1.5
    flood_mib: int = 1024
    growth_users: tuple = (1_000, 10_000, 100_000, 1_000_000)
    growth_clients: tuple = (1, 2, 4, 8, 16, 32, 64)
    growth_records: tuple = (1, 10, 100, 500)
    endurance_s: float = 600


# Proves that everything works; its figures mean nothing.
QUICK = Sizes(users=5_000, many_users=6_000, few_users=1_000, rounds=2, seconds=0.3, flood_mib=32,
              growth_users=(1_000, 6_000), growth_clients=(1, 8), growth_records=(1, 500),
              endurance_s=4)


@dataclasses.dataclass(frozen=True)
class Run:
    muster: pathlib.Path
    programs: Programs
    scratch: pathlib.Path
    sizes: Sizes

    def server(self, name, users, store=None):
        return Server(self.muster, self.scratch / name, users, store)
