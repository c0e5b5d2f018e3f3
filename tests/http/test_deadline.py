"""Limits on the size and the time of a response."""

import pytest

from fireworks_gateway._http.deadline import Body, Closing, TooLargeError, remaining_time


def test_a_body_has_at_most_16_mib() -> None:
    """All its chunks count, and are joined; the last byte that fits is accepted."""
    body = Body(lambda: 1.0)
    body.add(bytes(16 * 2**20 - 1))
    body.add(b"x")
    assert body.content() == bytes(16 * 2**20 - 1) + b"x"
    with pytest.raises(TooLargeError):
        body.add(b"x")


@pytest.mark.parametrize("left", [0.0, -1.0])
def test_a_chunk_after_the_deadline_is_late(left: float) -> None:
    """Also at the last instant."""
    with pytest.raises(TimeoutError):
        Body(lambda: left).add(b"x")


def test_the_time_is_limited_inside_its_block() -> None:
    """Blocks nest, and an error ends its block."""
    closing = Closing()
    with closing.limit_time(lambda: 2.0):
        with pytest.raises(KeyError), closing.limit_time(lambda: 1.0):
            assert (remaining_time.get() or float)() == 1.0
            raise KeyError
        assert (remaining_time.get() or float)() == 2.0
        closing.set()
        assert (remaining_time.get() or float)() == 0.0
    assert remaining_time.get() is None
