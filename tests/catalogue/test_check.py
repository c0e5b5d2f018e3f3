"""Names of models in texts, and their state in a catalogue."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, Model
from fireworks_gateway.catalogue import CheckFinding, Mention, Snapshot, check, names_in
from fireworks_gateway.testing import FakeGateway, model_payload

DAY = date(2026, 11, 28)
HOME = "accounts/fireworks/models/"


def model(ident: str, *days: int, owner: str = "fireworks", **fields: object) -> Model:
    """Return a served model that ends some days after the day."""
    end = DAY + timedelta(*days) if days else None
    parts = end and {"year": end.year, "month": end.month, "day": end.day}
    served = {"state": "READY", "supportsServerless": True, "deprecationDate": parts, **fields}
    return Model(model_payload(name=f"accounts/{owner}/models/{ident}", **served))


MODELS = [
    model("gone-v3", -1),
    model("today-v3", 0),
    model("soon-v3", 30),
    model("later-v3", 31),
    model("here-v3"),
    model("k2p6"),
    model("uploading-v3", state="UPLOADING"),
    model("dedicated-v3", supportsServerless=False),
    model("odd-v3", state="NEW_STATE"),
    model("month-v3", deprecationDate={"year": 2026, "month": 12, "day": 0}),
    model("past-month-v3", deprecationDate={"year": 2026, "month": 10, "day": 0}),
]


def state(text: str) -> list[str]:
    """Return the findings for a text, each as level, code and the end of the name."""
    found = check(names_in(text), MODELS, on=DAY)
    return [f"{each.level} {each.code} {each.name.removeprefix(HOME)}" for each in found]


def lines_of(name: str) -> list[str]:
    """Return the texts in a file, one on each line."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", lines_of("names_found.txt"))
def test_a_name_is_found_in_any_format(text: str) -> None:
    """With prefixes, escapes, encodings, emphasis and tags around it, which are no part of it."""
    assert state(text) == ["error ended gone-v3"]


@pytest.mark.parametrize("text", lines_of("names_completed.txt"))
def test_a_name_completed_at_run_time_is_a_note(text: str) -> None:
    """The rest is unknown."""
    assert [each.split()[:2] for each in state(text)] == [["note", "template"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accounts/fireworks/models/MODEL_NAME", "note placeholder MODEL_NAME"),
        ("accounts/fireworks/models/my-model", "note placeholder my-model"),
        ("accounts/fireworks/models/test", "note placeholder test"),
        ("accounts/fireworks/models/yourModel", "note placeholder yourModel"),
        ("accounts/fireworks/models/modelId", "note placeholder modelId"),
        ("accounts/fireworks/models/fine-tuned-model", "note placeholder fine-tuned-model"),
        ("accounts/your-account/models/x1 fireworks", "note placeholder accounts/your-account/models/x1"),
        ("accounts/acme/deployments/d1 fireworks", "note placeholder accounts/acme/deployments/d1"),
        ("accounts/fireworks/routers/fast-v3", "note no-model accounts/fireworks/routers/fast-v3"),
        ("accounts/n/deployedModels/x1 FIREWORKS_KEY", "note placeholder accounts/n/deployedModels/x1"),
        ("accounts/northwind/models/x1 FIREWORKS_KEY", "note account accounts/northwind/models/x1"),
        ("accounts/fireworks/models/gone-v3#ab", "note deployment gone-v3"),
        ("accounts/fireworks/models/lost-v3%23ab", "note deployment lost-v3"),
        ("fireworks_ai/gone-v3#ab", "note deployment gone-v3"),
        ("accounts/fireworks/models/gone-v3 # old", "error ended gone-v3"),
        ("accounts/fireworks/models/Gone-V3", "error unknown Gone-V3"),
        ("accounts/fireworks/models/SSD-1B", "error unknown SSD-1B"),
        ("accounts/fireworks/models/YOUR-MODEL", "note placeholder YOUR-MODEL"),
        ("fireworks_ai/gonne-v3", "warning unknown gonne-v3"),
    ],
)
def test_other_names_have_a_code(text: str, expected: str) -> None:
    """Each is reported once."""
    assert state(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "gone-v3 gpt-oss-120b groq/gone-v3 openrouter/fireworks/gone-v3",
        "from top_accounts/core/models/account fireworks, myaccounts/fireworks/models/gone-v3",
        "accounts/core/models/user.py of fireworks, accounts/fireworks/models/user.py",
        "accounts/core/models/profile",
        "runs/fireworks/gone-v3 fireworks/gone-v3/run fireworks/gone-v3.py fireworks_ai/gone-v3.py @fireworks/gone-v3",
        "my-fireworks/gone-v3 x.fireworks/gone-v3 models%2Ffireworks%2Fgone-v3",
        "fireworks/run fireworks/meta-v3 fireworks-ai/eval-protocol fireworks-ai/cookbook-2024 fireworks:latest",
        "fireworks/gonne-v3 fireworks_ai/gone-v fireworks-ai/later-v",
        "fireworks_ai/gone-{x} fireworks_ai/gone-v3-{x} fireworks_ai/gone-",
        "accounts/fireworks/models accounts/fireworks/* accounts/fireworks/datasets/gone-v3",
    ],
)
def test_other_texts_are_silent(text: str) -> None:
    """Paths, packages, names of other providers, and ids without a prefix."""
    assert state(text) == []


def test_the_name_of_a_template_ends_with_its_first_mark() -> None:
    """An encoded, escaped or emphasised mark as well."""
    texts = ["x-{y}", "${y}", "$MODEL", "%s", ":id", "#{y}", "x-", "", "x*", "x%7By", "x…y"]
    marks = ["x-{", "${", "$M", "%s", ":", "#{", "x-", "", "x*", "x%7B", "x…"]
    assert [names_in(HOME + text)[0] for text in texts] == [HOME + mark for mark in marks]


def test_a_placeholder_that_the_catalogue_has_is_a_name() -> None:
    """The same words may be an id."""
    mine = [model("my-model", -1, owner="acme")]
    found = check(["accounts/acme/models/my-model", "accounts/acme/models/my-other"], mine, on=DAY)
    assert [each.code for each in found] == ["ended", "placeholder"]


def test_each_state_of_a_model_has_a_level_and_a_reason() -> None:
    """The span includes its last day; a month begins on its first day."""
    found = check([each.name or "" for each in MODELS], MODELS, on=DAY, within=timedelta(30))
    assert [str(each).replace(HOME, "") for each in found] == [
        "error: gone-v3: ended on 2026-11-27",
        "warning: today-v3: ends on 2026-11-28, in 0 days",
        "warning: soon-v3: ends on 2026-12-28, in 30 days",
        "ok: later-v3: served, ends on 2026-12-29",
        "ok: here-v3: served, with no end announced",
        "ok: k2p6: served, with no end announced",
        "error: uploading-v3: still uploading",
        "warning: dedicated-v3: callable only on your own deployment",
        "warning: odd-v3: unknown, since state is NEW_STATE (the specification lacks it)",
        "warning: month-v3: ends in 2026-12, on a day not announced",
        "error: past-month-v3: ended in 2026-10",
    ]
    codes = "ended ending ending served served served not-ready not-serverless unsure ending ended"
    assert [each.code for each in found] == codes.split()
    (left,) = check(["today-v3"], [model("today-v3", 1)], on=DAY)
    assert left.message.endswith("in 1 day")


@pytest.mark.parametrize("name", ["gone-v3", f"{HOME}gone-v3", "fireworks_ai/gone-v3", " gone-v3\n"])
def test_a_name_may_be_short(name: str) -> None:
    """By itself, an id is a model of the public catalogue."""
    assert check([name], MODELS, on=DAY) == [
        CheckFinding("error", "ended", Mention(f"{HOME}gone-v3"), "ended on 2026-11-27")
    ]


@pytest.mark.parametrize(
    ("name", "advice"),
    [("K2.6", "; did you mean k2p6?"), ("gone_v3", "; did you mean gone-v3?"), ("zzz", ""), ("", "")],
)
def test_an_unknown_name_is_an_error_with_similar_names(name: str, advice: str) -> None:
    """A point is a p in an id, an underscore a hyphen."""
    (found,) = check([name], MODELS, on=DAY)
    assert (found.level, found.code, found.message) == ("error", "unknown", f"not in the catalogue{advice}")


def test_a_snapshot_may_be_older_than_a_model() -> None:
    """Its absence is a warning with the day of the snapshot, unless no id is spelt so."""
    taken = Snapshot(account_id="fireworks", models=MODELS, time=datetime(2026, 11, 2, 23, tzinfo=UTC))
    new, misspelt = check(["new-v4", "K2.6"], taken, on=DAY)
    assert (new.level, new.code) == ("warning", "unknown")
    assert "2026-11-02" in new.message
    assert (misspelt.level, misspelt.code) == ("error", "unknown")


def test_a_listing_is_checked_as_it_is() -> None:
    """A mask with the four fields is enough."""
    client = FakeGateway([each.to_dict() for each in MODELS]).client()
    listing = client.models.list(read_mask="name,state,supportsServerless,deprecation_date")
    assert [each.code for each in check(["gone-v3", "lost-v3"], listing, on=DAY)] == ["ended", "unknown"]


@pytest.mark.parametrize(
    ("parameters", "part"),
    [
        ({"filter": "supports_serverless = true"}, "filter"),
        ({"limit": 2}, "missing models"),
        ({"read_mask": ["name", "state"]}, "a read mask without supports_serverless, deprecation_date"),
    ],
)
def test_a_part_of_a_catalogue_is_refused(parameters: dict[str, object], part: str) -> None:
    """Every other model would be unknown, of a snapshot too; and a text is no list."""
    pager = FakeGateway(3).client().models.list(**parameters)  # type: ignore[arg-type]
    for models in (pager, Snapshot.take(pager, allow_partial=True)):
        with pytest.raises(ConfigurationError, match=part):
            check(["gone-v3"], models)
    with pytest.raises(ConfigurationError, match="names must be a list of names, got 'gone-v3'"):
        check("gone-v3", MODELS)


def test_accounts_are_those_of_the_models() -> None:
    """Without any models it is the public one."""
    mine = [*MODELS, model("tuned-8b", owner="northwind")]
    names = ["accounts/northwind/models/tuned-8b", "accounts/northwind/models/lost-8b", "accounts/other/models/lost-8b"]
    assert [each.code for each in check(names, mine, on=DAY)] == ["served", "unknown", "account"]
    assert [each.code for each in check(["gone-v3"], [], on=DAY)] == ["unknown"]


def test_positions_count_characters_and_line_feeds() -> None:
    """Other line separators of Python are characters; punctuation behind a name is no part of it."""
    text = f"\né\f\u2028 {HOME}a-1.\r\n\r\n\t**{HOME}b-2**, fireworks_ai/c-3; {HOME}d-\\\r\n4"
    places = [(each.line, each.column, each.end_column, str(each)) for each in names_in(text, file="x.md")]
    assert places == [
        (2, 5, 34, f"{HOME}a-1"),
        (4, 4, 33, f"{HOME}b-2"),
        (4, 37, 53, f"{HOME}c-3"),
        (4, 55, 83, f"{HOME}d-4"),
    ]
    assert {each.file for each in names_in(text, file="x.md")} == {"x.md"}


# Texts in which a careless pattern takes the square of their length.
REPEATED = ["accounts/", "fireworks_ai/", "accounts\\", f"{HOME}x ,", "accounts/a/models/b ", f"{HOME}x_ *"]
HOSTILE = [
    *(part * (200_000 // len(part)) for part in REPEATED),
    *(f"{HOME}{part * 200_000}" for part in ("-", "a", ".", "\\\n", "%2d")),
    "accounts/" + "<a" * 100_000 + "/models/x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
def test_long_texts_are_read_in_linear_time(text: str) -> None:
    """Ten times the time of a plain search is plenty; a square would take minutes."""
    assert len(names_in(text)) <= len(text) / len(HOME)


@given(st.text("accounts/fireworks_ai:models.-{<#%2F\\\n \"'", max_size=200))
def test_any_text_has_names_within_it(text: str) -> None:
    """Each position is in the text, in order, and the check of any name succeeds."""
    lines = text.split("\n")
    names = names_in(text)
    for name in names:
        assert 1 <= name.column < name.end_column <= len(lines[name.line - 1]) + 1
    assert [(name.line, name.column) for name in names] == sorted((name.line, name.column) for name in names)
    assert len(check([*names, text], MODELS, on=DAY)) >= 1
