"""The benchmarks serve the right pages, take ratios within a round, and draw bars to scale."""

import json
import re
import sys
from itertools import pairwise
from statistics import median
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import chart, environments, listings, measure, one_listing, page, pages, starts, tables
from benchmarks.clients import CLIENTS, of_object
from fireworks_gateway import Model
from fireworks_gateway.testing._payloads import sample_models

SVG = "{http://www.w3.org/2000/svg}"
PATH = "/v1/accounts/first-{account}/models{query}"

TIMES = st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=9)
LABELS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=20)
BARS = st.lists(st.builds(chart.Bar, LABELS, st.floats(0, 1e6), LABELS, st.booleans()), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("account", "query", "expected"),
    [
        ("20000", "?pageSize=200&pageToken=400", pages.Asked("first-20000", 20000, 0, "whole", 400, 200)),
        ("4000-in-50ms", "?pageToken=50", pages.Asked("first-4000-in-50ms", 4000, 0.05, "whole", 50, 50)),
        ("50", "?readMask=name", pages.Asked("first-50", 50, 0, "masked", 0, 50)),
        ("50-printing-unset", "?readMask=name", pages.Asked("first-50-printing-unset", 50, 0, "unset", 0, 50)),
    ],
)
def test_an_account_is_described_by_its_name(account: str, query: str, expected: pages.Asked) -> None:
    """The name gives the number of models, the delay, and the form of masked fields."""
    assert pages.asked_by(PATH.format(account=account, query=query)) == expected


@pytest.mark.parametrize("target", ["/v1/accounts/mine/models", "/", PATH.format(account="50", query="?pageSize=70")])
def test_an_unknown_page_is_an_error(target: str) -> None:
    """The account, the path or the page size is unknown."""
    with pytest.raises(ValueError):
        pages.asked_by(target)


@pytest.fixture(scope="module")
def rendered() -> pages.Pages:
    """The pages of 500 models."""
    return pages.rendered(500)


@pytest.mark.parametrize("size", [50, 100, 150, 200])
@pytest.mark.parametrize("models", [50, 200, 450])
def test_every_page_size_gives_all_models_once(size: int, models: int, rendered: pages.Pages) -> None:
    """Models are in order, with a full or partial last page."""
    names, token, requests = list[str](), "0", 0
    while token and requests < 20:  # More than there are pages of anything here.
        query = f"?pageSize={size}&pageToken={token}"
        body = json.loads(rendered.body(pages.asked_by(PATH.format(account=models, query=query))))
        names += [model["name"] for model in body["models"]]
        token, requests = body["nextPageToken"], requests + 1
        assert body["totalSize"] == models
    assert names == [model["name"] for model in sample_models(models)]
    assert requests == -(-models // size)


def test_masked_pages_have_the_five_values_and_fewer_bytes(rendered: pages.Pages) -> None:
    """Values are the same in every form, and masked pages are shorter than unset ones."""
    account, mask = "100-printing-unset", "?pageSize=100&readMask=name"
    targets = [PATH.format(account=100, query="?pageSize=100"), PATH.format(account=100, query=mask)]
    bodies = [rendered.body(pages.asked_by(each)) for each in [*targets, PATH.format(account=account, query=mask)]]
    digests = {one_listing.digest_of(map(of_object, json.loads(body)["models"])) for body in bodies}
    assert len(digests) == 1
    whole, masked, unset = map(len, bodies)
    assert masked < unset < whole
    assert rendered.bytes_a_model("masked", 100) < rendered.bytes_a_model("unset", 100)


def test_the_checksum_is_of_all_values_whatever_their_types() -> None:
    """An enum or int equals its JSON text, and another value gives another checksum."""
    payloads = sample_models(60)
    ours = [Model(payload) for payload in payloads]
    values = [
        (m.name, m.kind, m.context_length, m.supports_serverless, m.base_model_details.parameter_count)
        for m in ours
        if m.base_model_details is not None
    ]
    right = one_listing.digest_of(map(of_object, payloads))
    assert one_listing.digest_of(values) == right
    for position in range(5):
        other = list(values[7])
        other[position] = "another"
        assert one_listing.digest_of([*values[:7], tuple(other), *values[8:]]) != right  # type: ignore[list-item]
    assert one_listing.digest_of(values[:-1]) != right


@given(TIMES)
def test_a_ratio_is_taken_within_a_round(times: list[tuple[float, float]]) -> None:
    """A machine that is slower for a whole round changes nothing."""
    of, to = ([pair[side] for pair in times] for side in (0, 1))
    slowed = [number * 2 ** (position % 3) for position, number in enumerate(of)]
    beside = [number * 2 ** (position % 3) for position, number in enumerate(to)]
    assert tables.ratio(of, to) == tables.ratio(slowed, beside)
    assert tables.ratio(of, of) == "1.00 (1.00–1.00)"


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=9))
def test_a_spread_is_the_median_between_the_lowest_and_the_highest(numbers: list[float]) -> None:
    """The order of rounds does not matter."""
    middle, low, high = (float(text.replace(",", "")) for text in re.findall(r"[\d.,]+", tables.spread(numbers)))
    assert (low, middle, high) == pytest.approx((min(numbers), median(numbers), max(numbers)), abs=0.006)


def test_costs_are_comparable() -> None:
    """A listing is measured per model; an import without an empty process of its environment and round."""
    listed = {"ours": [{"cpu": 0.2, "models": 20_000}, {"cpu": 0.3, "models": 20_000}]}
    assert listings.microseconds(listed, "ours") == pytest.approx([10, 15])
    empty = {f"nothing, {name}": [{"cpu": cost}] for name, cost in [("plain", 0.01), ("official", 0.02)]}
    costs = {**empty, "httpx": [{"cpu": 0.07}], "official": [{"cpu": 0.4}]}
    assert starts.import_times(costs) == {"httpx": pytest.approx([60]), "official": pytest.approx([380])}


@given(BARS, LABELS)
def test_a_chart_draws_and_describes_its_bars(bars: list[chart.Bar], title: str) -> None:
    """Bars are in proportion, within the edges and below one another; every text is in the description."""
    group = chart.Group("Listing", "µs", bars)
    svg = ElementTree.fromstring(chart.chart(title, [group, group]))
    whole, *drawn = svg.iter(f"{SVG}rect")
    widths = [float(bar.attrib["width"]) for bar in drawn]
    longest = max(bar.value for bar in bars) or 1
    assert widths == pytest.approx([bar.value / longest * chart.LONGEST for bar in bars] * 2, abs=0.006)
    assert all(chart.LEFT + width < chart.WIDTH for width in widths)
    tops = [float(bar.attrib["y"]) for bar in drawn]
    assert all(later - earlier >= chart.BAR for earlier, later in pairwise(tops))
    assert tops[-1] + chart.BAR < float(whole.attrib["height"])
    assert [bar.attrib["class"] for bar in drawn] == ["bar ours" if bar.ours else "bar" for bar in bars] * 2
    assert svg.findtext(f"{SVG}title") == title
    described = svg.findtext(f"{SVG}desc") or ""
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    for bar in bars:
        assert {bar.label, bar.text} <= set(texts)
        assert f"{bar.label} {bar.text}" in described


def test_a_page_is_renewed_between_its_marks() -> None:
    """Text by hand stays, and a second renewal changes nothing."""
    text = "# Title\n\n<!-- measured: listing -->\nold\n<!-- until here -->\n\nBy hand.\n"
    once = page.renewed(text, {"listing": "| new |"})
    assert once == text.replace("old", "\n| new |\n")
    assert page.renewed(once, {"listing": "| new |"}) == once
    with pytest.raises(KeyError):
        page.renewed(text, {})


def test_the_page_has_a_place_for_every_table() -> None:
    """A scenario that is measured is shown."""
    marks = re.findall(r"<!-- measured: (\w+) -->", page.PAGE.read_text(encoding="utf-8"))
    assert sorted(marks) == sorted([*measure.SCENARIOS, "setting", "aims"])


def test_a_missing_environment_is_reported() -> None:
    """The sentence lists the clients that are missing; the reason is the last line of the failed program."""
    with pytest.raises(environments.EnvironmentUnavailableError, match=r"^no network$"):
        environments.run(sys.executable, "-c", "raise SystemExit('trying\\nno network')")
    sentence = measure.left_out({"official": "no network"})
    assert all(client.title in sentence for client in CLIENTS.values() if client.environment == "official")
    assert sentence.endswith("(no network)")
    assert measure.left_out({}) == ""
