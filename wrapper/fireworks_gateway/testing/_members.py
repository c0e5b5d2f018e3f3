"""The models of the sample catalogue: the table in `_families` multiplied out, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from zlib import crc32

from . import _families
from ._families import Family, Tuning

LAST_CREATED = datetime(2026, 10, 31, tzinfo=UTC)
TUNED_FORMS = frozenset({"instruct", "chat", "it", "thinking"})


@dataclass(frozen=True, slots=True)
class Member:
    """One model of the catalogue: of a family, or an add-on to a base model."""

    model_id: str
    kind: str
    family: Family
    size: str = ""
    form: str = ""
    base: Member | None = None
    tuning: Tuning | None = None
    merged: str = ""

    @property
    def number(self) -> int:
        """Stands in for chance: the same in every process."""
        return crc32(self.model_id.encode())

    @property
    def title(self) -> str:
        if self.base and self.tuning:
            topic = f"{self.tuning.topic} Live" if self.merged else self.tuning.topic
            return f"{self.base.title.removesuffix(' Instruct')} {topic}"
        family = self.family
        name = _families.TITLES.get(family.model_id) or family.repository.rpartition("/")[2] or family.model_id
        form = "Instruct" if self.form == "it" else re.sub("-?hf$", "", self.form, flags=re.IGNORECASE)
        words = joined(name[0].upper() + name[1:], spelled(self.size).replace("b", "B"), form).replace("-", " ")
        # Short words are abbreviations, to be left as they are.
        return re.sub(r"\b[a-z]{4}", lambda start: start[0].title(), words)

    @property
    def repository(self) -> str:
        """On Hugging Face; empty for an add-on."""
        known = self.base is None and self.family.repository
        return joined(self.family.repository, spelled(self.size), self.form) if known else ""

    @property
    def created(self) -> datetime:
        year, month = map(int, self.family.since.split("-"))
        start, end = datetime(year, month, 1, tzinfo=UTC), datetime(year, month, 28, tzinfo=UTC)
        if self.model_id in _families.UPLOADING:
            start, end = LAST_CREATED.replace(day=1), LAST_CREATED
        elif self.base:
            start, end = self.base.created, LAST_CREATED
        return start + (end - start) * (self.number / 2**32)

    @property
    def pretrained(self) -> bool:
        """Has siblings that were tuned to answer, and was not."""
        tuned = [form for form in self.family.forms if TUNED_FORMS.intersection(form.lower().split("-"))]
        return bool(tuned) and self.form not in tuned

    @property
    def precision(self) -> str:
        return next((mark for mark in self.family.marks if mark.startswith(("FP", "NF"))), "BF16")

    @property
    def parameter_count(self) -> int:
        if self.kind == "CUSTOM_MODEL":
            return 1000  # The service shows such counts where the size is not told.
        size = self.size.partition("(")[2] or self.size
        match = re.search(r"([\d.]+)(?:x([\d.]+))?b", size.lower())
        if match is None or not self.family.model_type:
            return 0
        # The experts of a mixture share all but their feed-forward layers.
        billions = float(match[1]) * (float(match[2]) * 0.83 if match[2] else 1)
        return int(billions * (1 + crc32(size.encode()) % 200 / 10_000) * 1e9) // 1024 * 1024


@cache
def members() -> dict[str, Member]:
    """All models of the catalogue by id, sorted."""
    plain = (member for family in _families.families() for member in _sizes_and_forms(family))
    found = {member.model_id: member for member in plain}
    for tuning in _families.TUNINGS:
        for base in map(found.__getitem__, tuning.bases.split()):
            model_id = joined(base.model_id.replace("-instruct", ""), tuning.topic).lower().replace(" ", "-")
            found[model_id] = Member(model_id, tuning.kind, base.family, base=base, tuning=tuning)
    for merged in _families.MERGED:
        live = replace(found[merged], model_id=f"{merged}-live", kind="LIVE_MERGE", merged=merged)
        found[live.model_id] = live
    return dict(sorted(found.items()))


@cache
def drafts() -> dict[str, str]:
    """The id of the draft model of each base model that has one."""
    return {m.base.model_id: m.model_id for m in members().values() if m.base and m.kind == "DRAFT_ADDON"}


def _sizes_and_forms(family: Family) -> Iterator[Member]:
    for size in family.sizes:
        for form in family.forms:
            model_id = joined(family.model_id, spelled(size), form).lower().replace(".", "p")
            yield Member(model_id.removesuffix("-hf"), family.kind, family, size, form)


def spelled(size: str) -> str:
    """What of a size stands in names."""
    return size.partition("(")[0]


def joined(*parts: str) -> str:
    """The parts that are not empty, with dashes between."""
    return "-".join(filter(None, parts))
