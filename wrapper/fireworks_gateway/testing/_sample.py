"""The sample catalogue: the models of `_sample.jsonl`, and numbered copies of its add-ons.

The file has a model on each line, with the properties that are set. The last seven are well-known models that ended.
Dates are days from today: a time is "-165T00:27:36.238230Z", and a deprecation date {"days": 55}, with a 0 for each
part that is unknown. A property or enum value that the specification has dropped since the file was written is left
out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import count as numbers
from itertools import islice
from typing import Any

from .._fields.enums import Unrecognized
from .._fields.kinds import DECODE_ERRORS, Kind
from .._fields.messages import Message, fields_of
from .._model import Model
from ._printing import map_values, model_payload

DEFAULT_COUNT = 302


def sample_models(
    count: int | None = None, *, account_id: str = "fireworks", today: date | None = None
) -> list[dict[str, Any]]:
    """Return the first `count` models of the file as JSON objects with every property, copies after the others.

    Every call returns new objects, which the caller may change.

    Args:
        count: The number of models. Default: 302.
        account_id: The account of the models.
        today: The day to which the dates are relative. Default: today in UTC.

    Raises:
        ValueError: `count` is negative, or a date is beyond the calendar.
    """
    count = DEFAULT_COUNT if count is None else count
    if count < 0:
        raise ValueError(f"models must be 0 or more, got {count}")
    today = today or datetime.now(UTC).date()
    text = files("fireworks_gateway.testing").joinpath("_sample.jsonl").read_text(encoding="utf-8")
    start = json.dumps(f"accounts/{account_id}/").removesuffix('"')
    lines = text.replace('"accounts/fireworks/', start).splitlines()
    try:
        models = [_model(line, today) for line in lines]
        copies = _copies(models, f"accounts/{account_id}", today)
        return [*models[:count], *islice(copies, max(0, count - len(models)))]
    except OverflowError:
        raise ValueError(f"today must be some years from the ends of the calendar, got {today}") from None


def _model(line: str, today: date) -> dict[str, Any]:
    fields = json.loads(line)
    for key in ("createTime", "updateTime"):
        days, _, time = fields[key].partition("T")
        fields[key] = f"{today + timedelta(int(days))}T{time}"
    if end := fields.get("deprecationDate"):
        day = today + timedelta(end.pop("days"))
        fields["deprecationDate"] = {"year": day.year, "month": day.month, "day": day.day, **end}
    return model_payload(**map_values(Model, fields, lambda _, value: value, _without_dropped))


def _without_dropped(message: type[Message], sent: dict[str, Any]) -> dict[str, Any]:
    kinds = {field.key: field.kind for field in fields_of(message).values()}
    return {key: value for key, value in sent.items() if key in kinds and _is_known(kinds[key], value)}


def _is_known(kind: Kind[Any], value: Any) -> bool:
    try:
        return not isinstance(kind.decode(value), Unrecognized)
    except DECODE_ERRORS:
        return False


def _copies(models: list[dict[str, Any]], account: str, today: date) -> Iterator[dict[str, Any]]:
    # To parse a text is several times as fast as to copy an object.
    addons = [json.dumps(model) for model in models if model["kind"] == "HF_PEFT_ADDON"]
    first = datetime(today.year, today.month, today.day) - timedelta(days=324)
    for number in numbers(1):
        created = first + number % 100_000 * timedelta(minutes=4, microseconds=7)
        time = created.isoformat(timespec="microseconds") + "Z"
        yield {
            **json.loads(addons[number % len(addons)]),
            "name": f"{account}/models/my-tune-{number:05}",
            "displayName": f"My tune {number:05}",
            "description": "A LoRA add-on, one of many.",
            "fineTuningJob": f"{account}/supervisedFineTuningJobs/my-tune-{number:05}",
            "importedFrom": "",
            "createTime": time,
            "updateTime": time,
        }
