"""The fuzz target finds planted faults, and nothing else in a few hundred inputs."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from fireworks_gateway._listing import page
from tools.fuzz.__main__ import main
from tools.fuzz.inputs import make_input
from tools.fuzz.laws import Checker, Violation
from tools.fuzz.network import CLEAN
from tools.fuzz.reference import Sent, is_chain, read_page


def check(plant: Callable[[Checker], object] = id) -> None:
    """Check some inputs of one seed."""
    with closing(Checker()) as checker:
        plant(checker)
        for number in range(300):
            checker.check(make_input(1, number, CLEAN))


def test_a_raw_exception_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a total size that is no number raises a ValueError."""
    monkeypatch.setattr(page, "_decode_total_size", lambda sent, *_: int(sent or 0))
    with pytest.raises(Violation, match=r"an exception escapes: .*\bint"):
        check()


def test_a_lost_item_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: malformed items are dropped without a problem."""

    def decode_items(sent: Any, *_: object) -> tuple[list[Any], list[Any]]:
        return ([item for item in sent if isinstance(item, dict)] if isinstance(sent, list) else []), []

    monkeypatch.setattr(page, "_decode_items", decode_items)
    with pytest.raises(Violation, match="items are lost or repeated"):
        check()


class Unclosed(httpx.SyncByteStream):
    """A body without `close`."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream


def plant_leak(checker: Checker) -> None:
    """Let the response of an error keep its connection."""

    def take_close(response: httpx.Response) -> None:
        if response.is_error:
            response.stream = Unclosed(response.stream)

    checker.http.event_hooks = {"response": [take_close]}


def test_a_leaked_connection_is_found() -> None:
    """Planted: closing the response of an error does not free its connection."""
    with pytest.raises(Violation, match="slots of the pool are taken"):
        check(plant_leak)


FIRST, LAST, CHANGED = Sent(("a", "b"), "next"), Sent(("c",), ""), Sent(("a", "x"), "")


@pytest.mark.parametrize(
    ("names", "valid"),
    [("abc", True), ("ax", True), ("ab", False), ("abcc", False), ("ac", False), ("axc", False), ("bc", False)],
)
def test_a_chain_has_whole_pages(names: str, valid: bool) -> None:
    """The names are those of one page after the other, to an end."""
    assert is_chain(names, {"": [FIRST, CHANGED], "next": [LAST]}) == valid


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        (b'HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\n{}', ()),
        (b'HTTP/1.1 200 \r\n\r\n{"models": [{"name": "accounts/a"}]}', ("accounts/a",)),
        (b'HTTP/1.1 200 \r\ncontent-length: 3\r\n\r\n{}', None),
        (b'HTTP/1.1 200 \r\n\r\n{"message": "no"}', None),
        (b'HTTP/1.1 500 \r\n\r\n{}', None),
        (b'HTTP/1.1 200 \r\n\r\n{"models": [1]}', None),
    ],
)  # fmt: skip
def test_the_reference_reads_complete_pages(sent: bytes, names: tuple[str, ...] | None) -> None:
    """Other responses are no pages."""
    found = read_page(sent, skip=False)
    assert (None if found is None else found.names) == names


def test_the_program_prints_its_seed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A seed and a number repeat an input; of the client as it is, no input breaks a law."""
    monkeypatch.setattr("sys.argv", ["fuzz", "--count", "300", "--seed", "1"])
    main()
    assert re.fullmatch(r"Seed 1\n300 inputs in [\d.]+ s break no law\n", capsys.readouterr().out)
    inputs = [[make_input(seed, number, CLEAN) for seed in (1, 2) for number in (0, 1)] for _ in "ab"]
    assert inputs[0] == inputs[1]
    assert len({b"".join(each.pieces) for each in inputs[0]}) == 4
