"""The order of a listing (AIP-132), term by term."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ._dates import DATE_PARTS, Date
from ._readers import Reader
from .errors import ConfigurationError


@frozen
class Order:
    """One term of an order; `str()` is its text: "create_time desc".

    Attributes:
        paths: What is ordered by, the first first: one field, or the parts of a date.
        descending: Whether the greatest comes first.
    """

    paths: tuple[str, ...]
    descending: bool = False

    def __str__(self) -> str:
        # Ascending is what a bare name means; the standard has no word for it.
        return ",".join(f"{path} desc" if self.descending else path for path in self.paths)


def order_of(path: str, reader: Reader[Any], *, descending: bool) -> Order:
    """Return the term that orders by a field; a date is ordered by its parts, since the standard orders no messages.

    Raises:
        ConfigurationError: The field has no order: it is a list, a map or a message.
    """
    if reader.items is not None or reader.values is not None or reader.message is not None:
        raise ConfigurationError(f"{path} has no order; order by a field that is a single value")
    paths = tuple(f"{path}.{part}" for part in DATE_PARTS) if reader is Date else (path,)
    return Order(paths, descending)
