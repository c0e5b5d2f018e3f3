"""The catalogue over time: what it was, what changed, and what of it the specification does not know.

`Snapshot.take` walks a listing to its end or raises; `snapshot.save` and `Snapshot.load` keep it in a file; `diff` says
what changed between two; `drift` says where the service has moved on from the specification.
"""

from __future__ import annotations

from ._differences import Change, Diff, diff
from ._drift import Drift, Finding, drift
from ._field_changes import FieldChange
from ._snapshots import Snapshot
from .errors import SnapshotError

__all__ = ["Change", "Diff", "Drift", "FieldChange", "Finding", "Snapshot", "SnapshotError", "diff", "drift"]
