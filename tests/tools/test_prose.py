"""The check of prose finds each of its patterns at its place, and leaves the rest alone."""

import pytest

from tools.prose import findings

# In two pieces, or the check would find it here.
NEGATION = "a text;" + " not a number"

PYTHON = f'''"""{"What"} the module is."""

limit = 3  # {"Whether"} it is reached.
"""A number."""


def fail(limit: int) -> None:
    """Raise an error.

    Args:
        limit: {"Who"} may pass.

    A sentence that ends
    in {NEGATION}.
    """
    # The first line,
    # {"where"} the second begins in a sentence: {NEGATION}.
    raise ValueError(f"{{limit}} must be {NEGATION}")
'''

MARKDOWN = f"""# {"Where"} things are

{NEGATION}, over
two lines;
{"not"} one.

```text
# {"What"} a program prints
```

## {"What"} does it cost?
"""


@pytest.mark.parametrize(
    ("name", "text", "lines"), [("a.py", PYTHON, [1, 3, 11, 14, 17, 18]), ("a.md", MARKDOWN, [1, 3, 5])]
)
def test_each_pattern_is_found_at_its_line(name: str, text: str, lines: list[int]) -> None:
    """In docstrings, descriptions of parameters, comments, messages, headings and paragraphs."""
    assert [line for line, _ in findings(name, text)] == lines


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", '"""Return what is there."""\n'),
        ("a.py", '"""Where it is absent, the default is used."""\n'),
        ("a.py", "# See below:\n# What follows is the middle of a comment.\n"),
        ("a.md", "## What does it cost?\n\nA `; not ` in code.\n"),
    ],
)
def test_other_text_is_left_alone(name: str, text: str) -> None:
    """A verb first, an adverbial clause, a question, code."""
    assert findings(name, text) == []
