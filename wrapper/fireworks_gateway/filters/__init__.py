"""Filters (AIP-160): build them, parse them, write them as text and evaluate them on JSON objects.

`parse(text)` returns a `Filter`; `str()` of it is text again, `&`, `|` and `~` combine filters, and `matches` evaluates
one. The nodes have the names of the standard's grammar; `fireworks_gateway.check_filter` checks a filter for a message.
"""

from ._literals import quoted
from ._matching import DEPTH
from ._parser import parse
from ._tree import (
    COMPARATORS,
    Empty,
    Expression,
    Factor,
    Filter,
    Function,
    Member,
    Restriction,
    Sequence,
    String,
    Term,
    Text,
)

__all__ = [
    "COMPARATORS",
    "DEPTH",
    "Empty",
    "Expression",
    "Factor",
    "Filter",
    "Function",
    "Member",
    "Restriction",
    "Sequence",
    "String",
    "Term",
    "Text",
    "parse",
    "quoted",
]
