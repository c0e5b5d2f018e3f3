"""The position of a walk, as a value to store and to resume from."""

from __future__ import annotations

import json

from attrs import asdict, field, frozen, validators

_count = [validators.instance_of(int), validators.ge(0)]


@frozen
class Bookmark:
    """Where a walk over a listing stands: everything before it was handed out, nothing after it was.

    Every iterator has one, and every error of a walk carries one; `pager.resume(bookmark)` goes on from it.

    Attributes:
        page_token: The token of the page that the walk stands on; empty for the first page (AIP-158).
        skip: How many items, counted from the start of that page, were handed out.
        taken: How many items the walk has handed out in all, which a `limit` is counted against.
        repeated: The page token that led in a circle, where one did, so that the same circle is known again.
        query: A fingerprint of the walk's other parameters, which must not change between pages.
    """

    page_token: str = field(default="", validator=validators.instance_of(str))
    skip: int = field(default=0, validator=_count)
    taken: int = field(default=0, validator=_count)
    repeated: str = field(default="", validator=validators.instance_of(str))
    query: str = field(default="", validator=validators.instance_of(str))

    def to_json(self) -> str:
        """Return the bookmark as one line of JSON, for a file or a queue."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Bookmark:
        """Return the bookmark that `to_json` wrote.

        Raises:
            ValueError: The text is not a bookmark.
        """
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"this is not a bookmark written by to_json: {text!r:.80}") from error
