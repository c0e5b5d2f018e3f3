"""What the package says in the words of Python, in those of the command line: options and environment variables."""

from __future__ import annotations

import re

_ACCOUNT = "the account (--account-id, FIREWORKS_ACCOUNT_ID)"
_ADDRESS = "the address (--base-url, FIREWORKS_BASE_URL)"

_WORDS: tuple[tuple[str, str], ...] = (
    (r"^base_url(?= |$)", "--base-url (FIREWORKS_BASE_URL)"),
    (r"the key is given as api_key$", "the key is given as FIREWORKS_API_KEY"),
    (r"^timeout(?= is )", "--timeout"),
    (r"^ignore(?=: )", "--ignore"),
    (r"^Model: ", ""),
    (r"^models\.get\(.*?\) was answered NOT_FOUND: ", ""),
    (r"Check account_id, the name asked for, and base_url\.", f"Check {_ACCOUNT}, the name asked for, and {_ADDRESS}."),
    (r"check account_id, or use another key\.", f"check {_ACCOUNT}, or use another key."),
    (r"Check the API key \(api_key, or FIREWORKS_API_KEY\)\.", "Check the API key (FIREWORKS_API_KEY)."),
    (r"Check filter, order_by, read_mask, page_size and page_token\.", "Check --filter, --order-by and --columns."),
    (r"^this is not a bookmark written by to_json: ", "--resume takes what an earlier run told of, whole; not "),
    (r"that Snapshot\.save wrote", "that models snapshot wrote"),
    (r"or allow_empty if all", "or add --allow-empty if all"),
    (r"fireworks_gateway\.aip160 needs (lark: .*)\[testing\]", r"the language of filters needs \1[cli]"),
    (r"say across=True to compare", "add --across to compare"),
)
"""A sentence of the package, or the beginning of one, and what the command line says instead."""


def reworded(text: str) -> str:
    """Return the text of an error of the package as it is said to who typed a command.

    Whole sentences are known, and not the names in them, which what was typed or answered may hold too.
    """
    for said, instead in _WORDS:
        text = re.sub(said, instead, text)
    return text
