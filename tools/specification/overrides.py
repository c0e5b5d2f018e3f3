"""The class overrides of a document: they name each class after the key of its schema.

The generator names a class after its schema's title. A title is prose, so without an override a reworded title would
rename the class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from .parsing import Refused, parse


def overrides_for(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the name of each class by its key, by the name that its title would give it.

    Raises:
        Refused: Two schemas would become one class.
    """
    parts = {key: _without_titles(document[key]) for key in ("paths", "components") if key in document}
    untitled = parse({**document, **parts}, {}).generated_names()
    titled = parse(document, {}).generated_names()
    if len(titled) != len(untitled):
        raise Refused("two enums with the same values have the same title: reword one")
    # The generator finds classes in the same order, whatever their names are.
    names = zip(titled, untitled, strict=True)
    return {title: key for title, key in names if title != key}


def _without_titles(node: Any) -> Any:
    if isinstance(node, Mapping):
        # A property called title is a schema, not a text.
        return {
            key: _without_titles(value) for key, value in node.items() if key != "title" or not isinstance(value, str)
        }
    return [_without_titles(each) for each in node] if isinstance(node, list) else node


def config_with(config: str, overrides: Mapping[str, str]) -> str:
    """Return the generator's configuration, as text, with its overrides replaced by these."""
    block = {"class_overrides": {title: {"class_name": name} for title, name in overrides.items()}}
    text = yaml.safe_dump(block, sort_keys=False, width=10_000, allow_unicode=True)
    replaced, count = re.subn(r"(?m)^class_overrides:.*\n(?: .*\n)*", lambda _: text, config, count=1)
    return replaced if count else f"{config.rstrip()}\n\n{text}"
