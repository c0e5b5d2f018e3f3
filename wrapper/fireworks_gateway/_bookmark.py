"""The position of a walk, as a value to store and to resume from."""

import json
from typing import Self

from attrs import asdict, field, frozen, validators

_count_validators = [validators.instance_of(int), validators.in_(range(2**63))]


@frozen
class Bookmark:
    """The position of a walk: every item before it was returned, no item after it.

    Iterators and the errors of a walk have one; `pager.resume(bookmark)` continues from it.

    Attributes:
        page_token: The token of the current page; empty for the first page (AIP-158).
        skip: The number of returned items of that page.
        taken: The number of returned items of the walk, which `limit` limits.
        repeated: The page token that led back to an earlier page; usually empty.
        query: A fingerprint of the other parameters, which must not change between pages.
    """

    page_token: str = field(default="", validator=validators.instance_of(str))
    skip: int = field(default=0, validator=_count_validators)
    taken: int = field(default=0, validator=_count_validators)
    repeated: str = field(default="", validator=validators.instance_of(str))
    query: str = field(default="", validator=validators.instance_of(str))

    def to_json(self) -> str:
        """Return the bookmark as one line of JSON, for a file or a queue."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Parse a bookmark that `to_json` wrote; raises ValueError for any other text."""
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"bookmark must be JSON of Bookmark.to_json, got {text!r:.80}. Copy it whole") from error
