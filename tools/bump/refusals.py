"""The refusal of a bump."""

from __future__ import annotations


class Refused(Exception):
    """A document cannot be bumped to; the message is one line with the reason and the remedy.

    Attributes:
        forcible: True if `--force` overrides it.
    """

    def __init__(self, why: str, *, forcible: bool = False) -> None:
        super().__init__(" ".join(why.split()))
        self.forcible = forcible
