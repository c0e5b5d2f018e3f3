"""Bars as SVG, for light and dark pages, with a description in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

WIDTH = 800
LEFT = 290
LONGEST = 370
"""The longest bar of a group. Labels are left of `LEFT`, numbers right of the bars."""

ROW, BAR, HEADING = 28, 18, 44

_STYLE = """
  svg { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums }
  .page { fill: #ffffff } text { fill: #1d2530 } .unit { fill: #5b6675 } .bar { fill: #9aa5b4 } .ours { fill: #0b57b0 }
  .heading { font-weight: 600; font-size: 15px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #151b23 } text { fill: #e6ebf2 } .unit { fill: #9aa5b4 }
    .bar { fill: #5f6b7a } .ours { fill: #5aa2f5 }
  }
"""


class Bar(NamedTuple):
    """A bar with a label on its left, a text on its right, and another colour for this package."""

    label: str
    value: float
    text: str
    ours: bool = False


class Group(NamedTuple):
    """Bars to compare."""

    heading: str
    unit: str
    bars: Sequence[Bar]


def chart(title: str, groups: Sequence[Group]) -> str:
    """Return groups of bars, one below the other; within a group the length of a bar is proportional to its value."""
    height = sum(HEADING + ROW * len(group.bars) for group in groups) + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"',
        '     role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(" ".join(map(_describe, groups)))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>',
    ]
    top = 0.0
    for group in groups:
        lines += _draw(group, top)
        top += HEADING + ROW * len(group.bars)
    return "".join(f"{line}\n" for line in [*lines, "</svg>"])


def _describe(group: Group) -> str:
    return f"{group.heading}, {group.unit}: " + ", ".join(f"{bar.label} {bar.text}" for bar in group.bars) + "."


def _draw(group: Group, top: float) -> Iterator[str]:
    unit = f'<tspan class="unit" font-weight="400" dx="8">{escape(group.unit)}</tspan>'
    yield f'<text class="heading" x="20" y="{top + 30:g}">{escape(group.heading)}{unit}</text>'
    longest = max((bar.value for bar in group.bars), default=0) or 1
    for number, bar in enumerate(group.bars):
        y, length = top + HEADING + ROW * number, bar.value / longest * LONGEST
        line, color = y + BAR - 4, "bar ours" if bar.ours else "bar"
        yield f'<text x="{LEFT - 10}" y="{line:g}" text-anchor="end">{escape(bar.label)}</text>'
        yield f'<rect class="{color}" x="{LEFT}" y="{y:g}" width="{length:.2f}" height="{BAR}" rx="2"/>'
        yield f'<text x="{LEFT + length + 8:.2f}" y="{line:g}">{escape(bar.text)}</text>'
