"""The report has the names that users notice, with a remedy, and is short whatever the document."""

from typing import Any

import pytest
from attrs import evolve

from tests.bump.simulated import Change
from tests.shared.documents import Content, amend, properties, published_document
from tools.bump.documents import Document
from tools.bump.ratings import Rating
from tools.bump.reports import Report
from tools.bump.trial import Trial
from tools.bump.wire import WireChange, host_changes
from tools.bump.wording import wording_changes
from tools.surface_changes import SurfaceChange

MAJOR = Rating.MAJOR


def report_of(**parts: Any) -> Report:
    """Return a report of a bump from 1.0.0 to 2.0.0."""
    return evolve(Report("", ("1", "2"), "1.0.0"), **parts)


@pytest.mark.parametrize(
    ("name", "line", "before", "after"),
    [
        ("ModelKind.A_B", "= 'A-B'", "value == ModelKind.A_B", "value == 'A-B'"),
        ("Model.odd_name", "Field[str]", "model.odd_name", 'model.payload.get("oddName")'),
        ("specification.Status.code", "BoolField", "message.code", 'message.payload.get("code")'),
        ("specification.LIST_A", "(*, a=None) -> ListOperation[A]", "client.list(LIST_A)", "# the document has no"),
        ("specification.A", "class(Message)", "specification.A", "Mapping[str, Any]"),
        ("specification.E", "class(StrEnum)", "specification.E", "str"),
    ],
)
def test_a_removed_name_has_code_before_and_after(name: str, line: str, before: str, after: str) -> None:
    """The changelog has the code to write too."""
    removed = SurfaceChange("removed", f"fireworks_gateway.{name}", line, "", MAJOR)

    report = report_of(public=[removed], keys={"odd_name": "oddName"})

    assert f"    {before}    # before\n    {after}" in report.as_markdown()
    short = name.removeprefix("specification.")
    remedy = f"; write `{after}`" if not after.startswith("#") else ": the document has no such operation"
    assert report.changelog_lines()[1] == f"**Breaking.** `{short}` is gone{remedy}."


def test_a_field_of_a_model_is_reported_once() -> None:
    """The generated base class of `Model` has it too."""
    names = ("Model.new", "specification.ModelFields.new", "specification.Other.new")
    added = [SurfaceChange("added", f"fireworks_gateway.{name}", "", "Field[str]", Rating.MINOR) for name in names]

    lines = report_of(public=added).changelog_lines()

    assert lines[1:] == ["New in `Model`: `new`.", "New in `Other`: `new`."]


def test_the_ratings_have_different_readers() -> None:
    """Changes of the generated package and on the wire do not raise the public rating; changes of hosts do."""
    renamed = SurfaceChange("removed", "fireworks_gateway_openapi.api.a", "module", "", MAJOR)
    nullable = WireChange("GET /", "became nullable", MAJOR)

    report = report_of(generated=[renamed], wire=[nullable])

    assert (report.rating, report.generated_rating) == (Rating.PATCH, MAJOR)
    assert report_of(missing="oasdiff is not installed").generated_rating is MAJOR
    assert report_of(wire=[WireChange("servers", "others", MAJOR, MAJOR)]).rating is MAJOR


def test_a_report_is_short_whatever_the_document() -> None:
    """It fits into the body of a pull request: fewer than 60,000 characters, and the JSON has everything."""
    long = "x" * 3_000
    names = [f"fireworks_gateway.{kind}{number}.{long}" for number in range(100) for kind in "AB"]
    report = report_of(
        public=[SurfaceChange("removed", name, "Field[str]", "", MAJOR) for name in names]
        + [SurfaceChange("added", name, "", "Field[str]", MAJOR) for name in names]
        + [SurfaceChange("type changed", name, long, long, MAJOR) for name in names],
        wire=[WireChange(name, long, MAJOR) for name in names],
        wording=[(name, long) for name in names],
        trial=Trial(misfits=tuple(names)),
        notes=names,
    )

    assert len(report.as_markdown()) < 60_000
    assert len("\n".join(report.changelog_lines())) < 30_000
    assert report.as_json().count("Field[str]") == 2 * len(names)


@pytest.mark.parametrize(
    ("key", "old", "new", "words"),
    [
        (
            "description",
            "If true, it will be read by all.",
            "If true, it will be seen.",
            "If true, it will be [-read by all.-] {+seen.+}",
        ),
        (
            "description",
            "one two three four five six seven old",
            "one two three four five six seven new",
            "one two three … five six seven [-old-] {+new+}",
        ),
        ("title", "The name.", None, "[-The name.-]"),
        ("title", None, "New.", "{+New.+}"),
        ("description", "a " * 3_000, "b " * 3_000, "3,000 words became 3,000"),
    ],
)
def test_a_changed_wording_is_shown_by_its_words(key: str, old: str | None, new: str | None, words: str) -> None:
    """A few words around them are shown too; a comparison of thousands of words would take minutes."""

    def with_text(text: str | None) -> Content:
        node = {"type": "string"} | ({key: text} if text else {})
        return amend(lambda d: properties(d).update(worded=node))

    assert list(wording_changes(with_text(old), with_text(new))) == [("gatewayModel.worded", words)]


def test_changed_words_are_marked_in_markdown() -> None:
    """Removed words are struck through and added ones bold; marks in the words themselves mean nothing."""
    report = report_of(wording=[("a.b", "keeps FIRE_AGENT [-one *two* ~~_-] {+[three]+}")]).as_markdown()

    assert r"* `a.b`: keeps FIRE_AGENT ~~one \*two\* \~\~\_~~ **\[three\]**" in report


def scheme(document: Content) -> Content:
    """Return the first security scheme."""
    found: Content = next(iter(document["components"]["securitySchemes"].values()))
    return found


@pytest.mark.parametrize(
    ("change", "rating"),
    [
        (lambda d: d["servers"].insert(0, {"url": "https://other.example"}), MAJOR),
        (lambda d: d["servers"].append({"url": "https://other.example"}), Rating.NONE),
        (lambda d: d["security"].clear(), MAJOR),
        (lambda d: d["security"].append({}), None),
        (lambda d: scheme(d).update(scheme="basic"), MAJOR),
        (lambda d: scheme(d).update(description="A key."), None),
    ],
)
def test_hosts_and_credentials_concern_every_user(change: Change, rating: Rating | None) -> None:
    """Requests and keys go to the first server."""
    old, new = (Document("", content, "") for content in (published_document(), amend(change)))

    assert [each.public for each in host_changes(old, new)] == ([] if rating is None else [rating])
