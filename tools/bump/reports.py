"""The report of a bump: Markdown that a person signs, JSON for programs, and the lines of the changelog."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import asdict, field, frozen

from tools.surface_changes import SurfaceChange

from .ratings import Rating
from .trial import TESTS, Trial
from .wire import WireChange

_MOST = 20
"""Entries of a list, to keep a pull request's body below 60,000 characters; the JSON has all of them."""
_LONGEST = 300
_MODEL, _MODEL_FIELDS = "fireworks_gateway.Model.", "fireworks_gateway.specification.ModelFields."


@frozen
class Report:
    """The consequences of moving to a document.

    Attributes:
        base: The git object of the document of the last release.
        specification: The version of that document, and of the new one.
        previous_version: The version of the last release.
        version: The version to release.
        public: Changes of the wrapper's public names.
        generated: Changes of names in the generated package.
        wire: Changes of requests and responses.
        wording: Places that were reworded, with the words.
        keys: The JSON keys of attributes that are removed.
        trial: The result of the trial.
        notes: Other sentences for the reader.
        missing: The reason if the documents could not be compared on the wire.
    """

    base: str
    specification: tuple[str, str]
    previous_version: str
    version: str = ""
    public: Sequence[SurfaceChange] = ()
    generated: Sequence[SurfaceChange] = ()
    wire: Sequence[WireChange] = ()
    wording: Sequence[tuple[str, str]] = ()
    keys: Mapping[str, str] = field(factory=dict[str, str])
    trial: Trial = field(factory=Trial)
    notes: Sequence[str] = ()
    missing: str = ""

    @property
    def rating(self) -> Rating:
        """The rating for users of the wrapper; at least a patch, because SPEC_VERSION or a description changes."""
        return max([Rating.PATCH, *(each.rating for each in self.public), *(each.public for each in self.wire)])

    @property
    def generated_rating(self) -> Rating:
        """The rating for users of the generated package; major if the documents could not be compared on the wire."""
        least = Rating.MAJOR if self.missing else Rating.PATCH
        return max([least, *(each.rating for each in self.generated), *(each.rating for each in self.wire)])

    def as_json(self) -> str:
        """Return the report for programs."""
        content = {"rating": str(self.rating), "generated_rating": str(self.generated_rating), **asdict(self)}
        return json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n"

    def as_markdown(self) -> str:
        """Return the report for people."""
        old, new = map(_plain, self.specification)
        ratings = (
            f"**{self.rating}** for users of the wrapper, {self.generated_rating} for users of the generated package"
        )
        rule = " Before 1.0 a major change raises the second number." if self.version.startswith("0.") else ""
        kinds = Counter(each.kind if each.kind in ("added", "removed") else "changed" for each in self.generated)
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "none changed"
        removed = self._of("removed")
        parts = [
            f"# Specification {old} → {new}: {self.rating}",
            f"Version {self.previous_version} → **{self.version}**: {ratings}.{rule}",
            "## Names of the wrapper",
            *(self._removal(each) for each in removed[:_MOST]),
            _list(self._changed_names(), skipped=len(removed[_MOST:])),
            "## On the wire",
            _list(
                f"**{each.rating}** {_plain(each.text.replace('`', ''))} ({_code(each.where)})" for each in self.wire
            ),
            "## Generated package",
            f"Names: {counts}. For users of `client.api` and `model.generated`: **{self.generated_rating}**.",
            "## Wording",
            _list(f"{_code(place)}: {_mark_words(words)}" for place, words in self.wording),
            "## Checks",
            _list(self._checks()),
            f"""Signed by:

- [ ] every removed and changed name has a remedy that works
- [ ] hosts and credentials are unchanged, or the service confirms their change
- [ ] new fields and values have descriptions (`words.yaml`), and none deserves a property of `Model`
- [ ] the version {self.version} and the lines in `CHANGELOG.md` are right
- [ ] `make ci` passes
""",
        ]
        return "\n\n".join(parts)

    def changelog_lines(self) -> list[str]:
        """Return the lines of *Specification* in the changelog."""
        old, new = map(_plain, self.specification)
        lines = [f"Gateway REST API {new}{f'; {old} before' if new != old else ', with other content than before'}."]
        for each in self._of("removed"):
            _, after = self._replacement(each)
            remedy = f"; write {_code(after)}." if after[0] != "#" else f":{after[1:]}."
            lines.append(f"**Breaking.** {_code(_short(each.name))} is gone{remedy}")
        lines += self._changed_names()
        lines += [f"**Breaking.** {_plain(each.text)}." for each in self.wire if each.public is Rating.MAJOR]
        more = [f"{len(lines) - _MOST} more in the report in `docs/bumps`."] * (len(lines) > _MOST)
        return [*map(_short_line, lines[:_MOST]), *more]

    def _of(self, *kinds: str) -> list[SurfaceChange]:
        """Return the public changes of some kinds; a field of a model is reported as the model's own."""
        names = {each.name for each in self.public}
        return [
            each
            for each in self.public
            if (each.kind if each.kind in ("added", "removed") else "") in kinds
            and not (_MODEL_FIELDS in each.name and each.name.replace(_MODEL_FIELDS, _MODEL) in names)
            and not (each.new or each.old).startswith("fireworks_gateway.")  # Another name of it is reported.
        ]

    def _changed_names(self) -> Iterator[str]:
        for each in filter(lambda change: change.rating > Rating.PATCH, self._of("")):
            marks = "**Breaking.** " if each.rating is Rating.MAJOR else ""
            yield f"{marks}{_code(_short(each.name))}: {each.kind}, {_code(each.old)} → {_code(each.new)}."
        owners: dict[str, list[str]] = {}
        for each in self._of("added"):
            owner, _, name = _short(each.name).rpartition(".")
            owners.setdefault(owner, []).append(name)
        for owner, names in owners.items():
            listed = ", ".join(map(_code, names[:_MOST])) + f" and {len(names) - _MOST} more" * (len(names) > _MOST)
            yield f"New in {_code(owner or 'specification')}: {listed}."

    def _checks(self) -> Iterator[str]:
        yield f"Tests of {', '.join(each.removeprefix('tests/') for each in TESTS)}: {_plain(self.trial.tested)}."
        yield from map(_plain, self.trial.problems)
        yield from [f"**Not compared on the wire:** {_plain(self.missing)}."] * bool(self.missing)
        yield from map(_plain, self.notes)

    def _removal(self, change: SurfaceChange) -> str:
        before, after = map(_short_line, self._replacement(change))
        return f"Removed: {_code(_short(change.name))}\n\n    {before}    # before\n    {after}    # after"

    def _replacement(self, change: SurfaceChange) -> tuple[str, str]:
        """Return code that uses a removed name, and the code to replace it."""
        owner, _, name = _short(change.name).rpartition(".")
        if change.old.startswith("= "):
            value = change.old.removeprefix("= ")
            return f"value == {owner}.{name}", f"value == {value}"
        if re.match(r"\w*Field\b", change.old):
            subject = "model" if owner in ("Model", "ModelFields") else "message"
            return f"{subject}.{name}", f'{subject}.payload.get("{self.keys.get(name, name)}")'
        if "ListOperation" in change.old:
            return f"client.list({name})", "# the document has no such operation"
        return f"specification.{name}", "str" if "Enum)" in change.old else "Mapping[str, Any]"


def _short(name: str) -> str:
    return name.removeprefix("fireworks_gateway.").removeprefix("specification.")


def _list(lines: Iterable[str], skipped: int = 0) -> str:
    shown = [f"* {_short_line(line)}" for line in lines]
    more = len(shown[_MOST:]) + skipped
    return "\n".join([*shown[:_MOST], *[f"* {more} more in the JSON report"] * bool(more)]) or "No change."


def _short_line(line: str) -> str:
    if len(line) <= _LONGEST:
        return line
    start = line[:_LONGEST].rpartition(" ")[0] or line[:_LONGEST]
    return start + "`" * (start.count("`") % 2) + " …"


def _plain(text: str) -> str:
    # An underscore between letters has no meaning in Markdown.
    return re.sub(r"([|\\`*<>\[\]#!~]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", " ".join(text.split()))


def _mark_words(words: str) -> str:
    """Return changed words with the removed ones struck through and the added ones in bold."""
    removed = re.sub(r"\\\[-(.*?)-\\\]", r"~~\1~~", _plain(words))
    return re.sub(r"\{\+(.*?)\+\}", r"**\1**", removed)


def _code(text: str) -> str:
    text = _short_line(" ".join(text.split()).replace("`", "'"))
    return f"`{text}`" if text else ""
