"""The benchmarks serve the right pages, take ratios within a round, repeat noisy rows, and draw bars to scale."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from itertools import cycle, pairwise
from statistics import median
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import chart, child, environments, measure, server, tables, targets
from benchmarks.clients import CLIENTS, values_of_model, values_of_object
from benchmarks.runner import Runner
from benchmarks.scenarios import SCENARIOS, Row, Scenario
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
        ("20000", "?pageSize=200&pageToken=400", server.Request("first-20000", 20000, 0, "whole", 400, 200)),
        ("4000-in-50ms", "?pageToken=50", server.Request("first-4000-in-50ms", 4000, 0.05, "whole", 50, 50)),
        ("50", "?readMask=name", server.Request("first-50", 50, 0, "masked", 0, 50)),
        ("50-printing-unset", "?readMask=name", server.Request("first-50-printing-unset", 50, 0, "unset", 0, 50)),
    ],
)
def test_an_account_is_described_by_its_name(account: str, query: str, expected: server.Request) -> None:
    """The name gives the number of models, the delay, and the form of masked fields."""
    assert server.parse_target(PATH.format(account=account, query=query)) == expected


@pytest.mark.parametrize("target", ["/v1/accounts/mine/models", "/", PATH.format(account="50", query="?pageSize=70")])
def test_an_unknown_page_is_an_error(target: str) -> None:
    """The account, the path or the page size is unknown."""
    with pytest.raises(ValueError):
        server.parse_target(target)


@pytest.fixture(scope="module")
def rendered() -> server.Pages:
    """The pages of 500 models."""
    return server.render_pages(500)


@pytest.mark.parametrize("size", [50, 100, 150, 200])
@pytest.mark.parametrize("models", [50, 200, 450])
def test_every_page_size_gives_all_models_once(size: int, models: int, rendered: server.Pages) -> None:
    """Models are in order, with a full or partial last page."""
    names, token, requests = list[str](), "0", 0
    while token and requests < 20:  # More than there are pages of anything here.
        query = f"?pageSize={size}&pageToken={token}"
        body = json.loads(rendered.body(server.parse_target(PATH.format(account=models, query=query))))
        names += [model["name"] for model in body["models"]]
        token, requests = body["nextPageToken"], requests + 1
        assert body["totalSize"] == models
    assert names == [model["name"] for model in sample_models(models)]
    assert requests == -(-models // size)


def test_masked_pages_have_the_five_values_and_fewer_bytes(rendered: server.Pages) -> None:
    """Values are the same in every form, and masked pages are shorter than unset ones."""
    account, mask = "100-printing-unset", "?pageSize=100&readMask=name"
    targets = [PATH.format(account=100, query="?pageSize=100"), PATH.format(account=100, query=mask)]
    bodies = [rendered.body(server.parse_target(each)) for each in [*targets, PATH.format(account=account, query=mask)]]
    digests = {child.digest_of(map(values_of_object, json.loads(body)["models"])) for body in bodies}
    assert len(digests) == 1
    whole, masked, unset = map(len, bodies)
    assert masked < unset < whole
    assert rendered.bytes_per_model("masked", 100) < rendered.bytes_per_model("unset", 100)


def test_the_checksum_is_of_all_values_whatever_their_types() -> None:
    """An enum or int equals its JSON text, and another value gives another checksum."""
    payloads = sample_models(60)
    values = [values_of_model(Model(payload)) for payload in payloads]
    right = child.digest_of(map(values_of_object, payloads))
    assert child.digest_of(values) == right
    for position in range(5):
        other = list(values[7])
        other[position] = "another"
        assert child.digest_of([*values[:7], tuple(other), *values[8:]]) != right
    assert child.digest_of(values[:-1]) != right


def rounds_of(times: list[tuple[float, float]], slower: Iterator[int]) -> tables.Rounds:
    """Return rounds of two rows on a machine whose speed differs between rounds."""
    return [
        {"ours": {"value": ours * factor}, "base": {"value": base * factor}}
        for (ours, base), factor in zip(times, slower, strict=False)
    ]


@given(TIMES)
def test_a_ratio_is_taken_within_a_round(times: list[tuple[float, float]]) -> None:
    """A machine that is slower for a whole round changes nothing, and a round without a row does not count."""
    steady, changing = rounds_of(times, cycle([1])), rounds_of(times, cycle([1, 4, 2]))
    assert tables.ratios(steady, "ours", "base") == tables.ratios(changing, "ours", "base")
    assert tables.ratios([*steady, {"base": {"value": 1}}], "ours", "base") == tables.ratios(steady, "ours", "base")
    assert set(tables.ratios(steady, "base", "base")) == {1}


@given(st.lists(st.floats(0, 1e4), min_size=2, max_size=9))
def test_a_spread_is_the_median_between_the_quartiles(numbers: list[float]) -> None:
    """The order of rounds does not matter, and a quarter of the numbers is below or above."""
    texts = re.findall(r"[\d.,]+", tables.format_spread(numbers, 4))
    middle, low, high = (float(text.replace(",", "")) for text in texts)
    assert middle == pytest.approx(median(numbers), abs=1e-4)
    assert min(numbers) - 1e-4 <= low <= middle <= high <= max(numbers) + 1e-4
    quarter = (len(numbers) + 3) // 4
    assert len([number for number in numbers if number < low - 1e-4]) <= quarter
    assert len([number for number in numbers if number > high + 1e-4]) <= quarter
    assert tables.format_spread(sorted(numbers)) == tables.format_spread(numbers)


def scenario_of(**costs: list[float]) -> tuple[Scenario, dict[str, int]]:
    """Return a scenario whose rows have these costs in turn, and the number of their measurements."""
    counts = dict.fromkeys(costs, 0)

    def row(key: str) -> Row:
        values = cycle(costs[key])

        def measured(runner: Runner) -> tables.Cost:
            counts[key] += 1
            return {"value": next(values)}

        return Row(key.title(), "plain", measured)

    return Scenario("subject", "ms", {key: row(key) for key in costs}, {"to base": "base"}), counts


RUNNER: Any = Runner("", {}, 0, None, {"plain": environments.ROOT}, {})  # type: ignore[arg-type]


def test_a_noisy_row_is_measured_twice_as_often_with_its_base() -> None:
    """The table reports it, and that it stayed noisy."""
    scenario, counts = scenario_of(base=[10], steady=[20, 20.5], noisy=[10, 50, 90])
    text = scenario.format(scenario.run(RUNNER, 6, lambda _: None), 0)
    assert counts == {"base": 12, "steady": 6, "noisy": 12}
    assert "| Noisy | 50.0 | 5.00 (1.00–9.00) |" in text
    assert "Measured twice as often, for a large spread: Base, Noisy." in text
    assert "The spread is too large for a conclusion: Noisy." in text


def test_steady_rows_are_measured_once_in_each_round() -> None:
    """The table has no further line."""
    scenario, counts = scenario_of(base=[10, 100], steady=[20, 200])
    text = scenario.format(scenario.run(RUNNER, 4, lambda _: None), 0)
    assert counts == {"base": 4, "steady": 4}
    assert text.splitlines()[-1] == "| Steady | 110.0 | 2.00 (2.00–2.00) |"


def test_targets_are_compared_with_medians() -> None:
    """A ratio at its limit is reached; targets of clients without an environment are omitted."""
    ratios = {(scenario, row, base): limit for _, scenario, row, base, limit in targets.RATIOS}
    measured: dict[str, tables.Rounds] = {}
    for name, scenario in SCENARIOS.items():
        costs = {key: {"value": 100.0} for key in scenario.rows if key not in ("ours-fast", "package")}
        for (of, row, base), limit in ratios.items():
            if of == name and row in costs:
                costs[row] = {"value": costs[base]["value"] * limit * (1.01 if row == "our client" else 1)}
        measured[name] = [{**costs, "package": {"value": 21.0}}, {**costs, "package": {"value": 23.0}}]
    rows = targets.format_targets(measured).splitlines()[2:]
    assert len(rows) == len(targets.RATIOS) + len(targets.MILLISECONDS) - 1
    assert [row.rsplit(" | ")[-1] for row in rows] == [
        f"{'no' if 'client' in row or 'alone' in row else 'yes'} |" for row in rows
    ]


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


def test_the_picture_labels_bars_with_the_ratio_of_their_lengths() -> None:
    """The number, the ratio and the length agree."""
    costs = {key: {"value": 10.0 + number} for number, key in enumerate(SCENARIOS["listing"].rows)}
    imports = {key: {"value": 50.0 + number} for number, key in enumerate(SCENARIOS["import"].rows)}
    svg = ElementTree.fromstring(measure.draw({"listing": [costs], "import": [imports]}))
    _, *bars = svg.iter(f"{SVG}rect")
    labels = [re.fullmatch(r"([\d.]+)  \(([\d.]+) ×\)", text.text or "") for text in svg.iter(f"{SVG}text")]
    numbers = [(float(label[1]), float(label[2])) for label in labels if label]
    assert len(numbers) == len(bars) == 10
    for first, last, base in ((0, 6, costs["httpx"]), (6, 10, imports["httpx"])):
        longest = max(number for number, _ in numbers[first:last])
        for bar, (number, ratio) in zip(bars[first:last], numbers[first:last], strict=True):
            assert float(bar.attrib["width"]) == pytest.approx(number / longest * chart.LONGEST, abs=0.01)
            assert ratio == pytest.approx(number / base["value"], abs=0.006)


def test_a_page_is_renewed_between_its_marks() -> None:
    """Text by hand stays, and a second renewal changes nothing."""
    text = "# Title\n\n<!-- measured: listing -->\nold\n<!-- until here -->\n\nBy hand.\n"
    once = measure.replace_tables(text, {"listing": "| new |"})
    assert once == text.replace("old", "\n| new |\n")
    assert measure.replace_tables(once, {"listing": "| new |"}) == once
    with pytest.raises(KeyError):
        measure.replace_tables(text, {})


def test_the_readme_gets_the_numbers_of_the_tables() -> None:
    """Four times, in the order of its sentences; 11.46 is 11.5 in the table, and 12 here."""
    measured: dict[str, tables.Rounds] = {
        "listing": [{"ours": {"value": 11.46}, "official": {"value": 110}}],
        "import": [{"ours": {"value": 80}, "official": {"value": 300.2}}],
    }
    text = measure.renew_readme(measure.README.read_text(encoding="utf-8"), measured)
    assert re.findall(r"\d+ [mµ]s\b", text) == ["12 µs", "110 µs", "80 ms", "300 ms"]


def test_the_page_has_a_place_for_every_table() -> None:
    """A scenario that is measured is shown."""
    marks = re.findall(r"<!-- measured: (\w+) -->", measure.PAGE.read_text(encoding="utf-8"))
    assert sorted(marks) == sorted([*SCENARIOS, "setting", "targets"])


def test_a_missing_environment_is_reported() -> None:
    """The sentence lists the clients that are missing; the reason is the last line of the failed program."""
    with pytest.raises(environments.EnvironmentUnavailableError, match=r"^no network$"):
        environments.run(sys.executable, "-c", "raise SystemExit('trying\\nno network')")
    sentence = measure.describe_missing({"official": "no network"})
    assert all(client.title in sentence for client in CLIENTS.values() if client.environment == "official")
    assert sentence.endswith("(no network)")
    assert measure.describe_missing({}) == ""
