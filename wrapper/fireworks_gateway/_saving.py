"""Files that are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from .errors import SnapshotError

FilePath = str | os.PathLike[str]


def replace(path: FilePath, write: Callable[[BinaryIO], None]) -> None:
    """Put what `write` writes in place of a file; whatever goes wrong, the file that was there stays whole.

    What is new is written beside the old, is on the disk before it takes its name, and is removed again when anything
    is raised, a KeyboardInterrupt included. An existing file's permissions are kept, and a link still leads to it.

    Raises:
        SnapshotError: What is there is not an ordinary file.
        OSError: The file system refuses, or is full; its `filename` is the file's.
    """
    target = Path(os.path.realpath(path))
    mode = _permissions_of(target)
    beside = target.with_name(f".{target.name[:32]}.{os.urandom(8).hex()}.tmp")
    try:
        with beside.open("xb") as file:
            if mode is not None:
                beside.chmod(mode)
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError):  # It knows only of the file beside, of which nobody else does, or of none.
            error.filename = str(target)
            del error.filename2
        raise
    _sync(target.parent)


def _permissions_of(target: Path) -> int | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise SnapshotError("a snapshot is an ordinary file, and what is there is not one", path=str(target))
    return stat.S_IMODE(mode)


def _sync(folder: Path) -> None:
    """Have a folder's new entry outlive a power cut, where that can be had: the file is in its place without it."""
    # Windows opens no folder, some network file systems sync none, and a folder to write in need not be readable.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
