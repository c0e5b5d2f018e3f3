"""What an answer may have: its bytes and its time, to the last of them."""

from __future__ import annotations

import pytest

from fireworks_gateway._http.deadline import LARGEST_BODY, Body, TooLargeError, limit_time, remaining_time


@pytest.mark.parametrize("chunks", [[], [b"whole"], [b"in", b"", b"parts"]], ids=len)
def test_a_body_is_its_chunks(chunks: list[bytes]) -> None:
    """However many they come in."""
    body = Body(lambda: 1.0)
    for chunk in chunks:
        body.add(chunk)
    assert body.content() == b"".join(chunks)


def test_a_body_is_as_large_as_it_may_be_and_no_larger() -> None:
    """All its chunks together count, and the last byte that fits is taken."""
    body = Body(lambda: 1.0)
    body.add(bytes(LARGEST_BODY - 1))
    body.add(b"x")
    assert len(body.content()) == LARGEST_BODY
    with pytest.raises(TooLargeError):
        body.add(b"x")


@pytest.mark.parametrize("left", [0.0, -1.0])
def test_a_body_that_comes_when_no_time_is_left_is_late(left: float) -> None:
    """At the last instant as after it."""
    with pytest.raises(TimeoutError):
        Body(lambda: left).add(b"x")


def test_the_time_left_is_known_within_a_block_alone() -> None:
    """Blocks nest, and one that is left by an error is left all the same."""
    with limit_time(lambda: 2.0):
        with pytest.raises(KeyError), limit_time(lambda: 1.0):
            assert (remaining_time.get() or float)() == 1.0
            raise KeyError
        assert (remaining_time.get() or float)() == 2.0
    assert remaining_time.get() is None
