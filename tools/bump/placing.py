"""Put files and folders in place: all or nothing, even after an interrupt."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .refusals import Refused

FOLDER = ".bumping"
_JOURNAL = "journal.json"


@contextmanager
def staging(root: Path) -> Generator[Path]:
    """Provide a folder on the same file system, so that a rename puts a file in place; remove it afterwards.

    The unfinished changes of a killed bump are undone first.

    Raises:
        Refused: Another bump is under way.
    """
    folder = root / FOLDER
    if folder.exists():
        if _is_alive(folder):
            raise Refused(f"another bump is under way; if it is not, remove {FOLDER}")
        recover(root)
    folder.mkdir()
    try:
        (folder / "pid").write_text(str(os.getpid()), encoding="ascii")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(folder: Path) -> bool:
    try:
        pid = int((folder / "pid").read_text(encoding="ascii"))
        os.kill(pid, 0)
    except PermissionError:
        return True  # Another user's process.
    except (OSError, ValueError):
        return False
    return pid != os.getpid()


def recover(root: Path) -> None:
    """Undo the unfinished changes of a killed bump."""
    folder = root / FOLDER
    if (folder / _JOURNAL).exists():
        _undo(root, folder, json.loads((folder / _JOURNAL).read_text(encoding="utf-8")))
    shutil.rmtree(folder, ignore_errors=True)


def put_in_place(root: Path, folder: Path, names: Sequence[str]) -> None:
    """Move files and folders from `folder / "new"` to the same names under the root."""
    # Block signals during the renames.
    waiting = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        (folder / _JOURNAL).write_text(json.dumps(list(names)), encoding="utf-8")
        try:
            for name in names:
                _swap_one(root / name, folder / "new" / name, folder / "old" / name)
        except BaseException:
            _undo(root, folder, names)
            raise
        (folder / _JOURNAL).unlink()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, waiting)


def _swap_one(place: Path, new: Path, old: Path) -> None:
    old.parent.mkdir(parents=True, exist_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(old)
    else:
        old.with_name(f"{old.name}.absent").touch()
    new.rename(place)


def _undo(root: Path, folder: Path, names: Sequence[str]) -> None:
    for name in reversed(names):
        place, old = root / name, folder / "old" / name
        if old.exists():
            _remove(place)
            old.rename(place)
        elif old.with_name(f"{old.name}.absent").exists():
            _remove(place)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
