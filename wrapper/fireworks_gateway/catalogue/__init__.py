"""The catalogue over time: snapshots, the difference between two, drift from the specification, and a check of names.

`Snapshot.take` walks a listing to its end or raises. `snapshot.save` writes a file that `Snapshot.load` reads. `diff`
compares two catalogues. `drift` finds everything that the specification lacks. `check` reports which names of models
are still served; `names_in` finds them in a text.
"""

from ..errors import SnapshotError
from ._check import CheckFinding, Mention, check, names_in
from ._diff import Change, Diff, FieldChange, diff
from ._drift import Drift, Finding, drift
from ._snapshot import Snapshot

__all__ = [
    "Change",
    "CheckFinding",
    "Diff",
    "Drift",
    "FieldChange",
    "Finding",
    "Mention",
    "Snapshot",
    "SnapshotError",
    "check",
    "diff",
    "drift",
    "names_in",
]
