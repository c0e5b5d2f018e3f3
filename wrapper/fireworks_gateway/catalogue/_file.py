"""Read and write snapshot files; a file is replaced as a whole or not at all."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from .._fields.kinds import is_object
from ..errors import SnapshotError

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


FORMAT = "fireworks-gateway-snapshot"
VERSION = 1

# The digest is of the whole file with this in the digest's own place, so that the header is under it too.
_NO_DIGEST = "0" * 64
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Each line would have keys of its own, which are half of what the models of a file take.
    return {sys.intern(key): value for key, value in pairs}


_decoded = json.JSONDecoder(object_pairs_hook=_object).decode


def write(file: BinaryIO, header: Mapping[str, Any], payloads: Sequence[dict[str, Any]]) -> None:
    """Write a header and models to an empty file; what tells the format, and whether a file is whole, is added."""
    head = {"format": FORMAT, "version": VERSION, "digest": _NO_DIGEST, "count": len(payloads), **header}
    digest = sha256()
    for each in (head, *payloads):
        line = line_of(each)
        digest.update(line)
        file.write(line)
    file.seek(0)
    file.write(line_of(head | {"digest": digest.hexdigest()}))


def line_of(value: dict[str, Any]) -> bytes:
    """Return a JSON object as a line of UTF-8."""
    try:
        return _text(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # Half a surrogate pair, which JSON has as an escape and UTF-8 has not.
        return _text(value, ensure_ascii=True).encode()


def _text(value: dict[str, Any], *, ensure_ascii: bool) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, separators=(",", ":")) + "\n"


def read(path: FilePath) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the header, and the models, of a file that is whole.

    Raises:
        SnapshotError: It is not what was saved; the message says how.
        OSError: It cannot be opened.
    """
    source = Path(path)
    if source.is_dir():
        raise SnapshotError("this is a folder, not a snapshot", path=str(source))
    with source.open("rb") as file:
        return _Reading(str(source)).of(file)


@frozen
class _Reading:
    """One reading of a file, which knows where it is when something is wrong."""

    path: str

    def of(self, file: BinaryIO) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        first = file.readline()
        header = self._header_in(first)
        digest = sha256(first.replace(header["digest"].encode(), _NO_DIGEST.encode(), 1))
        payloads: dict[str, dict[str, Any]] = {}
        for number, line in enumerate(file, 2):
            digest.update(line)
            payload = self._object_in(line, number)
            payloads[self._new_name_in(payload, payloads, number)] = payload
        if len(payloads) != (count := header.get("count")):
            text = f"the header counts {count!r:.80} models and the file has {len(payloads)}; it is not whole"
            raise SnapshotError(text, path=self.path)
        if digest.hexdigest() != header["digest"]:
            raise SnapshotError("the digest differs: the file was changed after it was saved", path=self.path)
        return header, list(payloads.values())

    def _header_in(self, line: bytes) -> dict[str, Any]:
        if not line:
            raise SnapshotError("the file is empty", path=self.path)
        header = self._object_in(line, 1)
        if header.get("format") != FORMAT:
            raise self._wrong(1, "this is not a file that Snapshot.save wrote")
        version = header.get("version")
        if type(version) is int and version > VERSION:
            text = f"format {version} is newer than format {VERSION}, which this version of the package reads; update"
            raise self._wrong(1, f"{text} fireworks-gateway")
        digest = header.get("digest")
        if type(version) is not int or version < 1 or not isinstance(digest, str) or not _DIGEST(digest):
            raise self._wrong(1, "the header lacks a version or a digest")
        return header

    def _object_in(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            value: object = _decoded(line.decode())
        except UnicodeDecodeError as error:
            raise self._wrong(number, f"this is not UTF-8 ({error.reason})") from None
        except (ValueError, RecursionError) as error:
            cut = "" if line.endswith(b"\n") else ", and the file ends within the line"
            raise self._wrong(number, f"this is not JSON ({getattr(error, 'msg', error)}){cut}") from None
        if not line.endswith(b"\n"):
            raise self._wrong(number, "the file ends within the line")
        if not is_object(value):
            raise self._wrong(number, "this is not a JSON object")
        return value

    def _new_name_in(self, payload: Mapping[str, Any], known: Mapping[str, Any], number: int) -> str:
        name = payload.get("name")
        if not isinstance(name, str) or not name:
            raise self._wrong(number, "this model has no name")
        if name in known:
            raise self._wrong(number, f"a model named {name!r} is in the file already")
        return name

    def _wrong(self, line: int, message: str) -> SnapshotError:
        return SnapshotError(message, path=self.path, line=line)
