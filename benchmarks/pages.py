"""Pages of models, rendered beforehand in blocks of 50, and which of them a request asks for.

An account is named for what it has: `first-20000` has the first 20,000 models, `first-4000-in-50ms` answers 50 ms after
it was asked, and `first-20000-printing-unset` prints under a read mask what the mask left out, as unset. Nothing is
known of which of the two the real service does. Whatever mask is asked for, the five fields of `MASK` are shown.

Null messages are left out of whole models, because the generated code cannot read them and every client gets the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from fireworks_gateway.testing._payloads import sample_models
from fireworks_gateway.testing._queries import compile_mask

BLOCK = 50
"""How many models are rendered as one, which is also how many the service puts on a page unless asked otherwise."""

LARGEST = 200
MASK = ("name", "kind", "contextLength", "supportsServerless", "baseModelDetails")

Shape = Literal["whole", "masked", "unset"]
"""Every field; the five of `MASK`; the five, and every other one printed as unset."""

_ACCOUNT = re.compile(r"/v1/accounts/(first-(\d+)(?:-in-(\d+)ms)?(-printing-unset)?)/models")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request.

    Attributes:
        account: The account's id.
        models: How many models it has.
        latency: Seconds that pass before the answer.
        shape: How the models are printed.
        start: The number of the page's first model.
        size: How many models the page is to have.
    """

    account: str
    models: int
    latency: float
    shape: Shape
    start: int
    size: int


def asked_by(target: str) -> Asked:
    """Return what a request's target asks for.

    Raises:
        ValueError: It is for something else than models, or for pages that are not of whole blocks.
    """
    parts = urlsplit(target)
    if (account := _ACCOUNT.fullmatch(parts.path)) is None:
        raise ValueError(f"nothing is served at {parts.path}")
    query = parse_qs(parts.query)
    size = min(int(query.get("pageSize", ["0"])[0]) or BLOCK, LARGEST)
    if size % BLOCK:
        raise ValueError(f"a page has 50, 100, 150 or 200 models here, not {size}")
    shape: Shape = "whole" if "readMask" not in query else "unset" if account[4] else "masked"
    start = int(query.get("pageToken", ["0"])[0])
    return Asked(account[1], int(account[2]), int(account[3] or 0) / 1e3, shape, start, size)


@dataclass(frozen=True, slots=True)
class Pages:
    """Models as JSON in blocks, for each shape in which they are printed."""

    blocks: Mapping[Shape, Sequence[bytes]]

    def body(self, asked: Asked) -> bytes:
        """Return the page that is asked for."""
        end = min(asked.start + asked.size, asked.models)
        blocks = self.blocks[asked.shape][asked.start // BLOCK : -(-end // BLOCK)]
        token = str(end) if end < asked.models else ""
        tail = f'], "nextPageToken": "{token}", "totalSize": {asked.models}}}'
        return b'{"models": [' + b", ".join(blocks) + tail.encode()

    def bytes_a_model(self, shape: Shape, models: int) -> float:
        """Return the mean size of the first so many models as JSON."""
        return sum(map(len, self.blocks[shape][: models // BLOCK])) / models


def rendered(models: int) -> Pages:
    """Return so many models of the sample, a multiple of 50, in every shape."""
    whole = [_without_nulls(model) for model in sample_models(models)]
    unset = map(compile_mask(",".join([*MASK[:-1], "baseModelDetails.parameterCount"])), whole)
    return Pages({"whole": _blocks(whole), "masked": _blocks(map(_masked, whole)), "unset": _blocks(unset)})


def _without_nulls(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if value is not None}


def _masked(payload: dict[str, Any]) -> dict[str, Any]:
    kept = {key: payload[key] for key in MASK}
    return kept | {"baseModelDetails": {"parameterCount": kept["baseModelDetails"]["parameterCount"]}}


def _blocks(models: Iterable[dict[str, Any]]) -> list[bytes]:
    texts = [json.dumps(model) for model in models]
    return [", ".join(texts[start : start + BLOCK]).encode() for start in range(0, len(texts), BLOCK)]
