"""The catalogue over time: snapshots, the difference between two, and drift from the specification.

`Snapshot.take` walks a listing to its end or raises. `snapshot.save` writes a file that `Snapshot.load` reads. `diff`
compares two catalogues. `drift` finds everything that the specification lacks.
"""

from __future__ import annotations

from ..errors import SnapshotError
from ._diff import Change, Diff, FieldChange, diff
from ._drift import Drift, Finding, drift
from ._snapshot import Snapshot

__all__ = ["Change", "Diff", "Drift", "FieldChange", "Finding", "Snapshot", "SnapshotError", "diff", "drift"]
