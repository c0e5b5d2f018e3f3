"""Filters (AIP-160): build them, parse them, format them as text and evaluate them on JSON objects.

`parse(text)` returns a `Filter`; `str()` formats it, `&`, `|` and `~` combine filters, and `matches` evaluates one.
`fireworks_gateway.check_filter` checks a filter against the fields of a message.
"""

from ._literals import quote
from ._matching import MAX_DEPTH
from ._parser import parse
from ._tree import (
    COMPARATORS,
    And,
    Comparison,
    Empty,
    Filter,
    Function,
    Leaf,
    LeafError,
    Member,
    Not,
    Or,
    Sequence,
    String,
    Text,
)

__all__ = [
    "COMPARATORS",
    "MAX_DEPTH",
    "And",
    "Comparison",
    "Empty",
    "Filter",
    "Function",
    "Leaf",
    "LeafError",
    "Member",
    "Not",
    "Or",
    "Sequence",
    "String",
    "Text",
    "parse",
    "quote",
]
