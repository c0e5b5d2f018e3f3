"""Read and write snapshot files, and replace a file atomically."""

import json
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from .._fields.kinds import dump_json
from ..errors import SnapshotError, is_deep

FilePath = str | os.PathLike[str]


def replace_file(path: FilePath, write: Callable[[BinaryIO], None]) -> None:
    """Replace a file with the output of `write`. After any failure, the file has its previous content.

    The new file is written in the folder of the old one, synced to disk, and then renamed. If the system permits, it
    has no name before it is complete, so a killed process leaves nothing; otherwise a later call removes the remains
    after an hour. Owner and permissions of an existing file are kept, and a symbolic link is followed.
    """
    previous = _find_file(path)
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:32]}.{os.urandom(8).hex()}.tmp")
    try:
        with _create_file(temporary) as file:
            if previous is not None:
                _copy_permissions(previous, file.fileno(), temporary)
            write(file)
            file.flush()
            os.fsync(file.fileno())
            if os.fstat(file.fileno()).st_nlink == 0:
                # With `src_dir_fd`, which an absolute path ignores, the link in /proc is followed.
                os.link(f"/proc/self/fd/{file.fileno()}", temporary, src_dir_fd=file.fileno())
        temporary.replace(target)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):  # Its file is the temporary one, or absent.
            error.filename = str(target)
            del error.filename2
        raise
    _sync_folder(target.parent)
    _remove_leftovers(target)


def _find_file(path: FilePath) -> os.stat_result | None:
    # The path itself: a link such as /dev/stdout may lead to a pipe, which has no path.
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise SnapshotError("a snapshot must be an ordinary file", path=str(path))
    return found


def _create_file(path: Path) -> BinaryIO:
    """Return a new file without a name if the system supports that, else with this path."""
    if sys.platform == "linux" and os.access("/proc/self/fd", os.R_OK):
        with suppress(OSError):
            return os.fdopen(os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), "wb")
    return path.open("xb")


def _copy_permissions(previous: os.stat_result, descriptor: int, path: Path) -> None:
    if sys.platform == "win32":
        path.chmod(stat.S_IMODE(previous.st_mode))
        return
    created = os.fstat(descriptor)
    if (created.st_uid, created.st_gid) != (previous.st_uid, previous.st_gid):
        for owner in (previous.st_uid, -1):  # Without the right to give a file away, the group may be kept.
            with suppress(OSError):
                os.chown(descriptor, owner, previous.st_gid)
                break
    os.fchmod(descriptor, stat.S_IMODE(previous.st_mode))


def _remove_leftovers(target: Path) -> None:
    is_leftover = re.compile(re.escape(f".{target.name[:32]}.") + r"[0-9a-f]{16}\.tmp").fullmatch
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if is_leftover(entry.name) and time.time() - entry.stat().st_mtime > _LEFTOVER_AGE:
                Path(entry).unlink()


def _sync_folder(folder: Path) -> None:
    """Write the new name to disk if the system can; the file is complete without that."""
    # Windows cannot open folders, some network file systems cannot sync them, and a folder may be write-only.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_LEFTOVER_AGE = 3600.0  # Seconds after which a temporary file belongs to no running process.

FORMAT = "fireworks-gateway-snapshot"
VERSION = 1
_LONGEST_HEADER = 2**20

# The digest covers the whole file, with this in the place of the digest itself.
_NO_DIGEST = "0" * 64
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch


def _interned_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Otherwise every line has its own copies of the keys, which take half of the memory.
    return {sys.intern(key): value for key, value in pairs}


_decode = json.JSONDecoder(object_pairs_hook=_interned_object).decode


def write_snapshot(file: BinaryIO, header: Mapping[str, Any], payloads: Sequence[dict[str, Any]]) -> None:
    """Write a header and models to an empty file; format, version, digest and count are added to the header."""
    head = {"format": FORMAT, "version": VERSION, "digest": _NO_DIGEST, "count": len(payloads), **header}
    digest = sha256()
    for each in (head, *payloads):
        line = json_line(each)
        digest.update(line)
        file.write(line)
    file.seek(0)
    file.write(json_line(head | {"digest": digest.hexdigest()}))


def json_line(value: dict[str, Any]) -> bytes:
    """Encode a JSON object as a line of UTF-8."""
    if is_deep(value):
        raise SnapshotError(f"a model is nested too deep for a file: {value.get('name')!r:.200}")
    return f"{dump_json(value, separators=(',', ':'))}\n".encode()


def read_snapshot(path: FilePath) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the header and the models of a file."""
    source = Path(path)
    if source.is_dir():
        raise SnapshotError("a snapshot must be a file, got a folder", path=str(source))
    # A pipe with a name may have no writer, and then blocks; one without, such as /dev/stdin, has no path.
    if source.is_fifo() and Path(os.path.realpath(source)).exists():
        raise SnapshotError("a snapshot must be an ordinary file, got a pipe", path=str(source))
    payloads: dict[str, dict[str, Any]] = {}
    number = 1
    with source.open("rb") as file:
        first = file.readline(_LONGEST_HEADER)  # A device such as /dev/zero has no end.
        if not first:
            raise SnapshotError("the file is empty", path=str(source))
        try:
            header = _decode_header(first)
            digest = sha256(first.replace(header["digest"].encode(), _NO_DIGEST.encode(), 1))
            for number, line in enumerate(file, 2):  # noqa: B007
                digest.update(line)
                payload = _decode_object(line)
                name = payload.get("name")
                if not isinstance(name, str) or not name:
                    raise ValueError("this model has no name")
                if name in payloads:
                    raise ValueError(f"another model in the file has the name {name!r}")
                payloads[name] = payload
        except ValueError as error:
            raise SnapshotError(str(error), path=str(source), line=number) from None
    if len(payloads) != (count := header.get("count")):
        text = f"the file is incomplete: the header counts {count!r:.80} models, the file has {len(payloads)}"
        raise SnapshotError(text, path=str(source))
    if digest.hexdigest() != header["digest"]:
        raise SnapshotError("the digest differs: the file was changed after it was saved", path=str(source))
    return header, list(payloads.values())


def _decode_header(line: bytes) -> dict[str, Any]:
    header = _decode_object(line)
    if header.get("format") != FORMAT:
        raise ValueError("this is not a file that Snapshot.save wrote")
    version, digest = header.get("version"), header.get("digest")
    if type(version) is int and version > VERSION:
        raise ValueError(f"format {version} is newer than format {VERSION}. Update fireworks-gateway")
    if type(version) is not int or version < 1 or not isinstance(digest, str) or not _DIGEST(digest):
        raise ValueError("the header lacks a version or a digest")
    return header


def _decode_object(line: bytes) -> dict[str, Any]:
    is_cut = not line.endswith(b"\n")
    try:
        value: object = _decode(line.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"this is not UTF-8 ({error.reason})") from None
    except (ValueError, RecursionError) as error:
        cut = ", and the file ends within the line" if is_cut else ""
        raise ValueError(f"this is not JSON ({getattr(error, 'msg', error)}){cut}") from None
    if is_cut:
        raise ValueError("the file ends within the line")
    if not isinstance(value, dict):
        raise ValueError("this is not a JSON object")
    return value
