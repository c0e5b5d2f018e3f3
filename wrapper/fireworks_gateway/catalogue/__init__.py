"""The catalogue over time: what it was, what changed, and what of it the specification does not know.

`Snapshot.take` walks a listing to its end or raises; `snapshot.save` and `Snapshot.load` keep it in a file; `diff` says
what changed between two; `drift` says where the service has moved on from the specification.
"""

from __future__ import annotations

from ..errors import SnapshotError
from ._diff import Change, Diff, FieldChange, diff
from ._drift import Drift, Finding, drift
from ._snapshot import Snapshot

__all__ = ["Change", "Diff", "Drift", "FieldChange", "Finding", "Snapshot", "SnapshotError", "diff", "drift"]
