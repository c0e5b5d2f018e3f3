"""Saving and loading: a file has a whole snapshot or its previous content, and any other file is rejected."""

import json
import os
import pickle
import re
import signal
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fireworks_gateway import Model
from fireworks_gateway.catalogue import Snapshot, SnapshotError
from fireworks_gateway.catalogue._file import json_line
from tests.shared.sample_message import Sample

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows has neither these permissions nor these signals")


def snapshot_of(*payloads: dict[str, Any], account_id: str = "fireworks") -> Snapshot:
    """Return a snapshot of models."""
    return Snapshot(account_id=account_id, models=tuple(map(Model, payloads)), time=NOON, query={"page_size": 200})


OLD = snapshot_of({"name": "accounts/fireworks/models/old"})
NEW = snapshot_of(*({"name": f"accounts/fireworks/models/new-{number}"} for number in range(40)))

texts = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from(
    ["\U0001f386", "\ud83c", "\udf86\ud83c", "\u2028\u2029\x85\x0b", "\r\n", "\0", '"\\', "0" * 64]
)
numbers = st.integers() | st.integers(10**300, 10**301) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
payloads = st.dictionaries(texts, json_values, max_size=4)
snapshots = st.dictionaries(texts.filter(bool), payloads, max_size=4).map(
    lambda named: snapshot_of(*({**payload, "name": name} for name, payload in named.items()))
)


@given(snapshots)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_load_returns_the_saved_snapshot(tmp_path: Path, snapshot: Snapshot) -> None:
    """For any JSON, and saving it again writes the same bytes."""
    snapshot.save(tmp_path / "one")
    again = Snapshot.load(tmp_path / "one")
    again.save(tmp_path / "two")
    assert again == snapshot
    assert [*map(repr, (each.to_dict() for each in again))] == [*map(repr, (each.to_dict() for each in snapshot))]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_file_is_lines_of_json(tmp_path: Path) -> None:
    """A header, then the models as the service sent them, sorted by name, without escapes."""
    snapshot_of({"name": "b", "x": "\U0001f386モ"}, {"name": "a", "x": "\ud800"}).save(tmp_path / "file")
    header, *models = (tmp_path / "file").read_bytes().splitlines(keepends=True)
    assert models == [b'{"name":"a","x":"\\ud800"}\n', '{"name":"b","x":"\U0001f386モ"}\n'.encode()]
    fields = json.loads(header)
    digest = fields.pop("digest")
    assert fields == {
        "format": "fireworks-gateway-snapshot",
        "version": 1,
        "count": 2,
        "account_id": "fireworks",
        "query": {"page_size": 200},
        "spec_version": NEW.spec_version,
        "time": "2026-02-14T12:00:00+00:00",
        "partial": False,
    }
    assert digest == sha256(header.replace(digest.encode(), b"0" * 64) + b"".join(models)).hexdigest()


SAMPLE = snapshot_of({"name": "é", "x": [1, None]}, {"name": "b", "public": True}, {"name": "c"})


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a saved snapshot."""
    path = tmp_path_factory.mktemp("saved") / "file"
    SAMPLE.save(path)
    return path.read_bytes()


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_byte_is_detected(tmp_path: Path, saved: bytes, data: st.DataObject) -> None:
    """At any position, in the header too."""
    position = data.draw(st.integers(0, len(saved) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != saved[position]))
    (tmp_path / "file").write_bytes(saved[:position] + bytes([byte]) + saved[position + 1 :])
    with pytest.raises(SnapshotError):
        Snapshot.load(tmp_path / "file")


def test_a_truncated_file_is_detected(tmp_path: Path, saved: bytes) -> None:
    """At any length; and so are added lines."""
    for part in [*(saved[:length] for length in range(len(saved))), saved + b"\n", saved + b"{}\n"]:
        (tmp_path / "file").write_bytes(part)
        with pytest.raises(SnapshotError) as caught:
            Snapshot.load(tmp_path / "file")
        assert caught.value.path == str(tmp_path / "file")


def resealed(saved: bytes, change: Callable[[list[dict[str, Any]]], object]) -> bytes:
    """Return a saved file with changed lines, and a valid digest and count."""
    lines = [json.loads(line) for line in saved.splitlines()]
    change(lines)
    lines[0] |= {"digest": "0" * 64, "count": lines[0].get("count") or len(lines) - 1}
    digest = sha256(b"".join(map(json_line, lines))).hexdigest()
    return b"".join(map(json_line, [lines[0] | {"digest": digest}, *lines[1:]]))


DAMAGED: list[tuple[str, Callable[[bytes], bytes], int | None, str]] = [
    ("empty", lambda saved: b"", None, "the file is empty"),
    ("foreign JSON", lambda saved: b'{"models": []}\n', 1, "not a file that Snapshot.save wrote"),
    ("not JSON", lambda saved: saved.replace(b'"public":true', b'"public":True'), 2, r"not JSON \(.*\)$"),
    ("not UTF-8", lambda saved: saved.replace("é".encode(), b"\xe9"), 4, "not UTF-8"),
    ("a byte order mark", lambda saved: b"\xef\xbb\xbf" + saved, 1, "not JSON"),
    ("cut in a line", lambda saved: saved[:-5], 4, "the file ends within the line"),
    ("cut after a line", lambda saved: b"".join(saved.splitlines(True)[:3]), None, "counts 3 models"),
    ("too deep", lambda saved: saved.splitlines(True)[0] + b'{"a":' * 100_000 + b"\n", 2, "not JSON"),
    ("a number too long", lambda saved: saved.splitlines(True)[0] + b"1" * 5000 + b"\n", 2, "not JSON"),
    ("changed", lambda saved: saved.replace(b'"public":true', b'"public":null'), None, "the digest differs"),
    ("newer", lambda saved: saved.replace(b'"version":1', b'"version":2'), 1, "format 2 is newer than format 1"),
    ("no version", lambda saved: saved.replace(b'"version":1', b'"version":true'), 1, "lacks a version"),
    ("no count", lambda saved: saved.replace(b'"count"', b'"conut"'), None, "counts None"),
    ("a digest of another kind", lambda saved: saved.replace(b'"digest":"', b'"digest":"sha256:'), 1, "or a digest"),
    ("a number", lambda saved: resealed(saved, lambda lines: lines.insert(1, 7)), 2, "not a JSON object"),  # type: ignore[arg-type]
    ("twice", lambda saved: resealed(saved, lambda lines: lines.append({"name": "c"})), 5, "has the name 'c'"),
    ("no name", lambda saved: resealed(saved, lambda lines: lines.append({"name": ""})), 5, "has no name"),
    ("a naive time", lambda saved: resealed(saved, lambda lines: lines[0].update(time="2026-02-14")), 1, "time zone"),
    ("no time", lambda saved: resealed(saved, lambda lines: lines[0].update(time="soon")), 1, "soon"),
    ("no account", lambda saved: resealed(saved, lambda lines: lines[0].pop("account_id")), 1, "account_id is None"),
    ("no query", lambda saved: resealed(saved, lambda lines: lines[0].update(query=[])), 1, "query is \\[\\]"),
]


@pytest.mark.parametrize(("change", "line", "reason"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_an_error_names_the_damage(
    tmp_path: Path, saved: bytes, change: Callable[[bytes], bytes], line: int | None, reason: str
) -> None:
    """With the path and the line, in an error that pickles."""
    changed = change(saved)
    assert changed != saved
    (tmp_path / "file").write_bytes(changed)
    with pytest.raises(SnapshotError, match=reason) as caught:
        Snapshot.load(tmp_path / "file")
    assert (caught.value.line, caught.value.path) == (line, str(tmp_path / "file"))
    assert str(caught.value).startswith(f"{tmp_path / 'file'}{f', line {line}' if line else ''}: ")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_a_path_without_an_ordinary_file_is_rejected(tmp_path: Path) -> None:
    """A missing file is FileNotFoundError. A folder and a device are not replaced."""
    with pytest.raises(SnapshotError, match="folder") as caught:
        Snapshot.load(tmp_path)
    assert (caught.value.path, caught.value.line) == (str(tmp_path), None)
    with pytest.raises(FileNotFoundError):
        Snapshot.load(str(tmp_path / "none"))
    for path in (str(tmp_path), os.devnull):
        with pytest.raises(SnapshotError, match="ordinary file"):
            NEW.save(path)
    assert [*tmp_path.iterdir()] == []


def assert_whole(path: Path) -> Snapshot:
    """Return the only file of a folder, which is a whole snapshot."""
    assert [*path.parent.iterdir()] == [path]
    found = Snapshot.load(path)
    assert found in (OLD, NEW)
    return found


@POSIX
def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    """A new file has the permissions of any new file."""
    real, link = tmp_path / "real" / "file", tmp_path / "link"
    real.parent.mkdir()
    link.symlink_to("real/file")
    before = os.umask(0o027)
    try:
        OLD.save(link)
        assert real.stat().st_mode & 0o777 == 0o640
        for mode in (0o600, 0o664, 0o444):
            real.chmod(mode)
            NEW.save(link)
            assert (real.stat().st_mode & 0o777, os.umask(0o027)) == (mode, 0o027)
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert assert_whole(real) == NEW


SMALL = snapshot_of({"name": "a"}, {"name": "b"})


def saves_up_to_line(stop: int, path: Path, action: Callable[[], object]) -> bool:
    """Save a snapshot, and act before the given line of the package runs; return whether it was reached."""
    lines = iter(range(stop))
    reached = False

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal reached
        if "fireworks_gateway" not in frame.f_code.co_filename:
            return None
        if event == "line" and next(lines, None) is None:
            sys.settrace(None)
            reached = True
            action()
        return trace

    tracing = sys.gettrace()
    sys.settrace(trace)
    try:
        SMALL.save(path)
    finally:
        sys.settrace(tracing)
    return reached


def interrupt() -> None:
    """Do what Ctrl-C does."""
    raise KeyboardInterrupt


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # An interrupt before `with` leaves the file open.
def test_an_interrupt_at_any_line_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """And no temporary file."""
    path = tmp_path / "file"
    stop = kept = 0
    for stop in range(10_000):
        OLD.save(path)
        try:
            if not saves_up_to_line(stop, path, interrupt):
                break
        except KeyboardInterrupt:
            assert [*tmp_path.iterdir()] == [path]
            kept += Snapshot.load(path) == OLD
    assert stop > kept > 25
    assert Snapshot.load(path) == SMALL


@POSIX
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_killed_process_leaves_a_whole_file(tmp_path: Path) -> None:
    """Killed at any line, a process leaves the old file or the new, and a temporary file only while it renames it."""
    path = tmp_path / "file"
    strays = 0
    for stop in range(0, 10_000, 3):
        OLD.save(path)
        if (child := os.fork()) == 0:
            saves_up_to_line(stop, path, lambda: os.kill(os.getpid(), signal.SIGKILL))
            os._exit(0)
        killed = os.waitpid(child, 0)[1] == signal.SIGKILL
        assert Snapshot.load(path) in (OLD, SMALL)
        others = [each for each in tmp_path.iterdir() if each != path]
        assert len(others) <= killed
        for each in others:
            assert re.fullmatch(r"\.file\..*\.tmp", each.name)
            each.unlink()
        strays += len(others)
        if not killed:
            break
    assert strays < 8 or sys.platform != "linux"
    assert Snapshot.load(path) == SMALL


def test_old_temporary_files_are_removed(tmp_path: Path) -> None:
    """After an hour, and only those of the same file."""
    old, new, other = (tmp_path / f".{name}.{'0' * 15}{digit}.tmp" for name, digit in [("f", 1), ("f", 2), ("g", 3)])
    for path in (old, new, other):
        path.touch()
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    NEW.save(tmp_path / "f")
    assert {*tmp_path.iterdir()} == {tmp_path / "f", new, other}


@POSIX
def test_pipes_are_rejected_at_once(tmp_path: Path) -> None:
    """A FIFO and a device without an end, which block a reader too, and a link to a pipe, from which one can read."""
    reading, writing = os.pipe()
    os.mkfifo(tmp_path / "fifo")
    try:
        for path in (tmp_path / "fifo", f"/dev/fd/{writing}"):
            with pytest.raises(SnapshotError, match="ordinary file"):
                NEW.save(path)
        with pytest.raises(SnapshotError, match="ordinary file"):
            Snapshot.load(tmp_path / "fifo")
        with pytest.raises(SnapshotError, match="not JSON"):
            Snapshot.load("/dev/zero")
        NEW.save(tmp_path / "file")
        os.write(writing, (tmp_path / "file").read_bytes())
        os.close(writing)
        assert Snapshot.load(f"/dev/fd/{reading}") == NEW
    finally:
        os.close(reading)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the right to give files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    """As well as the group and the permissions."""
    path = tmp_path / "file"
    OLD.save(path)
    os.chown(path, 1234, 2345)
    path.chmod(0o640)
    NEW.save(path)
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1234, 2345, 0o640)


def test_numbers_that_json_lacks_are_saved_as_text(tmp_path: Path) -> None:
    """As ProtoJSON does; fields decode them to the same values."""
    numbers = {"a": float("nan"), "b": float("inf"), "c": float("-inf"), "d": 1.5}
    snapshot_of({"name": "a", "numberMap": numbers}).save(tmp_path / "file")
    lines = (tmp_path / "file").read_text().splitlines()
    sent = json.loads(lines[1], parse_constant=pytest.fail)["numberMap"]
    assert sent == {"a": "NaN", "b": "Infinity", "c": "-Infinity", "d": 1.5}
    (model,) = Snapshot.load(tmp_path / "file")
    sample = Sample(model.to_dict())
    assert sample.number_map is not None
    assert str(dict(sample.number_map)) == str(numbers)


def test_a_model_that_is_nested_too_deep_is_a_snapshot_error(tmp_path: Path) -> None:
    """No file is left."""
    deep: list[Any] = []
    for _ in range(600):
        deep = [deep]
    with pytest.raises(SnapshotError, match="nested too deep"):
        snapshot_of({"name": "a", "x": deep}).save(tmp_path / "file")
    assert [*tmp_path.iterdir()] == []


@POSIX
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A limit on the size of files simulates it: only the old snapshot is below it."""
    import resource  # Not on Windows.

    path = tmp_path / "file"
    OLD.save(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large") as raised:
            NEW.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert raised.value.filename == os.path.realpath(path)
    assert assert_whole(path) == OLD


@pytest.mark.parametrize("missing", ["no-such-folder/file", "file/within"])
def test_an_error_of_the_system_names_the_path(tmp_path: Path, missing: str) -> None:
    """It does not name the temporary file."""
    OLD.save(tmp_path / "file")
    with pytest.raises(OSError, match=r"No such file|Not a directory") as raised:
        NEW.save(tmp_path / missing)
    assert str(raised.value).endswith(f": {os.path.realpath(tmp_path / missing)!r}")


def test_a_folder_that_cannot_be_synced_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on some network file systems: the file is complete by then."""
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    NEW.save(tmp_path / "file")
    assert assert_whole(tmp_path / "file") == NEW
