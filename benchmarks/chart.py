"""Bars as SVG, in plain text: readable on a light page and on a dark one, and without a picture at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 800
LEFT = 250
"""The start of the bars, right of the labels."""

LONGEST = 420
"""The longest bar of a group; its number stands behind it."""

ROW = 28
BAR = 18
HEADING = 44

_STYLE = """
  svg { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums }
  .page { fill: #ffffff } text { fill: #1d2530 } .unit { fill: #5b6675 } .bar { fill: #9aa5b4 } .ours { fill: #0b57b0 }
  .heading { font-weight: 600; font-size: 15px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #151b23 } text { fill: #e6ebf2 } .unit { fill: #9aa5b4 }
    .bar { fill: #5f6b7a } .ours { fill: #5aa2f5 }
  }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number under a label.

    Attributes:
        text: The text behind the bar.
        ours: True for this package.
    """

    label: str
    value: float
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that are to be compared with one another; the longest has the whole width."""

    heading: str
    unit: str
    bars: Sequence[Bar]


def chart(title: str, groups: Sequence[Group]) -> str:
    """Return the SVG of groups of bars, one beneath the other; a bar's length is proportional to its value."""
    height = sum(HEADING + ROW * len(group.bars) for group in groups) + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"',
        '     role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(" ".join(map(_told, groups)))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>',
        *_groups(groups),
        "</svg>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _told(group: Group) -> str:
    return f"{group.heading}, {group.unit}: " + ", ".join(f"{bar.label} {bar.text}" for bar in group.bars) + "."


def _groups(groups: Iterable[Group]) -> Iterator[str]:
    top = 0.0
    for group in groups:
        yield (
            f'<text class="heading" x="20" y="{top + 30:g}">{escape(group.heading)}'
            f'<tspan class="unit" font-weight="400" dx="8">{escape(group.unit)}</tspan></text>'
        )
        top += HEADING
        longest = max((bar.value for bar in group.bars), default=0) or 1
        for bar in group.bars:
            yield from _bar(bar, top, bar.value / longest * LONGEST)
            top += ROW


def _bar(bar: Bar, top: float, length: float) -> Iterator[str]:
    line = top + BAR - 4
    yield f'<text x="{LEFT - 10}" y="{line:g}" text-anchor="end">{escape(bar.label)}</text>'
    kind = "bar ours" if bar.ours else "bar"
    yield f'<rect class="{kind}" x="{LEFT}" y="{top:g}" width="{length:.2f}" height="{BAR}" rx="2"/>'
    yield f'<text x="{LEFT + length + 8:.2f}" y="{line:g}">{escape(bar.text)}</text>'
