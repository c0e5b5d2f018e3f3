"""The files of a check: list them, read them, and find the names in them that nothing ignores."""

import os
import re
import stat
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from fnmatch import translate
from functools import cache
from pathlib import Path

from attrs import define, field

from fireworks_gateway.catalogue import CheckFinding, Mention, names_in

from ._options import error_text
from ._screen import escape_unprintable, write_message

LARGEST = 5_000_000  # Bytes of the largest file that is read.

IGNORE_FILE = ".fireworks-gateway-ignore"

RECORDS = """
    *.lock *.lock.yml *.log *.jsonl *.ndjson *.snap *.sse *.csv *.tsv *.svg *.map *.min.js CHANGELOG* HISTORY*
""".split()
"""Files that record the past."""

SKIPPED = {*".git .hg .venv venv node_modules __pycache__ .tox .mypy_cache .ruff_cache".split()}
"""Folders that are skipped where git lists no files."""

_is_test = re.compile(
    r"(?:^|/)(?:tests?|__tests__|spec|fixtures?|testdata)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*[._-](?:test|spec)\.\w+|conftest\.py)$"
).search
_ignores = re.compile(r"fireworks-gateway:[ \t]*ignore(-file)?(?![\w-])").search
# The start of a line that has a comment only, also within a string of a notebook.
_is_blank = re.compile(r"\s*|\s*[\"']?\s*[^\w\"'\s][^\w\"']*|\s*rem\s+", re.IGNORECASE).fullmatch
_is_name = re.compile(r"accounts/[^/]+/[A-Za-z]+/[^/*?\[]+").fullmatch
_is_snapshot = re.compile(r'\{"format": ?"fireworks-gateway-snapshot"').match


@define
class Scan:
    """The files of a check and the names in them, in the order of the files."""

    globs: Sequence[str]  # Files to leave out.
    files: int = 0  # Number of files that were read.
    not_read: dict[str, str] = field(factory=dict[str, str])  # The reason for each file that was not read.
    names: list[Mention] = field(factory=list[Mention])
    unused: list[CheckFinding] = field(factory=list[CheckFinding])  # Notes about comments that ignore no name.
    tests: set[str] = field(factory=set[str])  # The files that belong to tests.

    def add_all(self, paths: Collection[Path]) -> None:
        """Read files, and the files of folders, each once."""
        rules = cache(lambda folder: find_rules(self.globs, folder))
        named = {*paths}
        added: set[Path] = set()
        for path in paths:
            is_folder = path.is_dir()
            folder = path if is_folder else path.parent
            above, excludes, ignored = rules(folder)
            for name in list_folder(path) if is_folder else [path.name]:
                file = folder / name
                if file not in added and not excludes(above + name):
                    added.add(file)
                    self.add_file(file, above + name, ignored, named=file in named)

    def add_file(self, path: Path, repository_path: str, ignored: frozenset[str], *, named: bool) -> None:
        """Read a file with its path from the root of the repository; raise an OSError only if it is `named`."""
        file = path.as_posix()
        try:
            text, reason = read_text(path)
        except (FileNotFoundError, IsADirectoryError):
            return  # Removed in the meantime, or a repository within the repository.
        except OSError as error:
            error.filename = file  # An error while reading has none.
            if named:
                raise
            write_message(error_text(error))
            text, reason = "", "unreadable"
        if reason:
            self.not_read[file] = reason
            return
        self.files += 1
        if _is_test(repository_path):
            self.tests.add(file)
        self.names += [name for name in self.find_names(text, file) if name not in ignored]

    def find_names(self, text: str, file: str) -> list[Mention]:
        """Return the names that no comment ignores."""
        names = names_in(text, file=file)
        lines, ignored = {name.line for name in names}, set[int]()
        for number, line in enumerate(text.split("\n") if "fireworks-gateway:" in text else (), 1):
            if (comment := _ignores(line)) is None:
                continue
            # A comment that is alone on its line means the next one.
            alone = number not in lines and _is_blank(line[: comment.start()]) and not comment[1]
            reach = lines if comment[1] and number <= 10 else {number + 1 if alone else number}
            ignored |= reach
            if not reach & lines:
                note = Mention(comment[0])
                note.file, note.line, note.column = file, number, comment.start() + 1
                note.end_column = comment.end() + 1
                self.unused.append(CheckFinding("note", "unused-ignore", note, "there is no name to ignore"))
        return [name for name in names if name.line not in ignored]


def list_folder(folder: Path) -> list[str]:
    """Return the files in a folder: those that git lists, or without git all but the skipped folders."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    # A hook of git has these variables, which mean another folder.
    kept = {name: os.environ[name] for name in os.environ.keys() - {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}}
    with suppress(OSError):  # Git may be absent.
        run = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=kept)
        if run.returncode == 0:
            files = sorted({*os.fsdecode(run.stdout).split("\0")} - {""})
            if not files:
                write_message(escape_unprintable(f"{folder}: git lists no file in it. Name ignored files one by one."))
            return files
        if (find_root(folder.resolve()) / ".git").exists():
            reason = os.fsdecode(run.stderr).partition("\n")[0]
            write_message(escape_unprintable(f"git failed: {reason}. Files that git ignores are checked, too."))
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[str]:
    for above, folders, files in os.walk(folder, onerror=lambda error: write_message(error_text(error))):
        folders[:] = [name for name in folders if name not in SKIPPED]
        links = [name for name in folders if (Path(above) / name).is_symlink()]
        yield from ((Path(above) / name).relative_to(folder).as_posix() for name in files + links)


def find_root(folder: Path) -> Path:
    """Return the root of the repository of a folder; without one, the current folder if it is above, or the folder."""
    here = Path.cwd().resolve()
    without = here if folder.is_relative_to(here) else folder
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), without)


def find_rules(globs: Iterable[str], folder: Path) -> tuple[str, Callable[[str], object], frozenset[str]]:
    """Return the path from the root to a folder, a search for excluded paths below the root, and the ignored names."""
    root = find_root(folder.resolve())
    above = folder.resolve().relative_to(root).as_posix()
    file = root / IGNORE_FILE
    text = file.read_text("utf-8-sig", "replace") if file.is_file() else ""  # A pipe, or a device, may have no end.
    lines = [line for each in text.split("\n") if (line := re.sub(r"(?:^|\s)#.*", "", each).strip())]
    bare = [re.sub(r"^(?:\./|\*\*/)+", "", glob).strip("/") for glob in (*globs, *lines)]
    patterns = "|".join(re.sub(r"\\[Zz]$", "", translate(glob)) for glob in bare)
    # A pattern matches a file, or a folder above it.
    excludes = re.compile(rf"(?:^|/)(?:{patterns or '(?!)'})(?:/|$)").search
    # A path such as accounts/core/models/user.py looks like a name, so that such a line means both.
    return f"{above}/".removeprefix("./"), excludes, frozenset(filter(_is_name, lines))


def read_text(path: Path) -> tuple[str, str]:
    """Return the text of a file, or the reason not to read it; the text is empty if it cannot name a model."""
    status = path.lstat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(status.st_mode):
        return "", "link" if stat.S_ISLNK(status.st_mode) else "no ordinary file"
    if status.st_size > LARGEST:
        return "", "over 5 MB"
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-32" if data.startswith(b"\xff\xfe\0\0") else "utf-16", "replace"), ""
    if b"\0" in data[:8192]:
        return "", "binary"
    text = data.decode("utf-8-sig", "replace") if b"fireworks" in data or b"accounts" in data else ""
    return "" if _is_snapshot(text) or path.name == IGNORE_FILE else text, ""
