"""Why a bump was refused: one line that says what is wrong and what to do."""

from __future__ import annotations


class Refused(Exception):
    """A document cannot be bumped to; the message is the one line that says why.

    Attributes:
        forcible: Whether `--force` overrides it.
    """

    def __init__(self, why: str, *, forcible: bool = False) -> None:
        super().__init__(" ".join(why.split()))
        self.forcible = forcible
