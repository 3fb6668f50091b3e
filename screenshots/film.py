"""An animated picture of the running app: moments of it in one SVG that plays by itself.

A line of the screen that stays the same from one moment to the next is drawn once, which keeps the
file small. Nothing in it is loaded from elsewhere, so it also plays where a page embeds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any, TypeAlias

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.app import App

_WIDTH, _HEIGHT, _SIZE = 8.4, 18.0, 14
_MARGIN, _TOP = 12, 34

Row: TypeAlias = str
"""One line of the screen, drawn at its height."""


@dataclass
class Film:
    """Moments in their order, and for how many seconds each is seen."""

    size: tuple[int, int]
    background: str = ""
    _moments: list[tuple[float, tuple[Row, ...]]] = field(default_factory=list)

    def take(self, app: App[Any], seconds: float) -> None:
        """Takes the screen as it is now."""
        strips = app.screen._compositor.render_strips()
        self.background = app.theme_variables["background"].lower()
        rows = tuple(
            "".join(_row(y, list(strip), self.background)) for y, strip in enumerate(strips)
        )
        self._moments.append((seconds, rows))

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _ in self._moments)

    def svg(self) -> str:
        """The whole picture; who wants no motion sees its last moment."""
        columns, lines = self.size
        width = columns * _WIDTH + 2 * _MARGIN
        height = lines * _HEIGHT + _TOP + _MARGIN
        shown = self._shown()
        patterns = {moments: f"m{n}" for n, moments in enumerate(dict.fromkeys(shown.values()))}
        styles = "".join(self._animation(name, moments) for moments, name in patterns.items())
        drawn = "".join(
            f'<g class="{patterns[moments]}">{row}</g>\n' for row, moments in shown.items() if row
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">\n'
            f"<style>text{{font:{_SIZE}px 'Fira Code',Menlo,Consolas,monospace;"
            f"white-space:pre}}.b{{font-weight:bold}}\n{styles}</style>\n"
            f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{self.background}"/>\n'
            + "".join(
                f'<circle cx="{_MARGIN + 8 + 20 * n}" cy="17" r="6" fill="{color}"/>'
                for n, color in enumerate(("#ff5f57", "#febc2e", "#28c840"))
            )
            + f'\n<g transform="translate({_MARGIN},{_TOP})">\n{drawn}</g>\n</svg>\n'
        )

    def _shown(self) -> dict[Row, frozenset[int]]:
        """In which moments each line is seen."""
        shown: dict[Row, set[int]] = {}
        for number, (_, rows) in enumerate(self._moments):
            for row in rows:
                shown.setdefault(row, set()).add(number)
        return {row: frozenset(moments) for row, moments in shown.items()}

    def _animation(self, name: str, moments: frozenset[int]) -> str:
        """What shows a line in these moments alone."""
        if len(moments) == len(self._moments):
            return ""
        at, cuts, before = 0.0, list[str](), None
        for number, (seconds, _) in enumerate(self._moments):
            if (number in moments) is not before:
                before = number in moments
                cuts.append(f"{100 * at / self.seconds:.2f}%{{opacity:{int(before)}}}")
            at += seconds
        still = int(len(self._moments) - 1 in moments)
        return (
            f"@keyframes {name}{{{''.join(cuts)}}}"
            f".{name}{{animation:{name} {self.seconds:g}s infinite step-end}}\n"
            f"@media(prefers-reduced-motion:reduce){{.{name}{{animation:none;opacity:{still}}}}}\n"
        )


def _row(y: int, segments: list[Segment], behind_all: str) -> Iterator[str]:
    """The backgrounds of a line where they are not the picture's own, then its words."""
    runs = [
        (style or Style(), "".join(segment.text for segment in run))
        for style, run in groupby(segments, key=lambda segment: segment.style)
    ]
    texts, x = list[str](), 0
    for style, text in runs:
        foreground, background = _colors(style)
        if background not in {None, behind_all}:
            yield (
                f'<rect x="{x * _WIDTH:g}" y="{y * _HEIGHT:g}" width="{len(text) * _WIDTH:g}"'
                f' height="{_HEIGHT:g}" fill="{background}" shape-rendering="crispEdges"/>'
            )
        if text.strip():
            start = x + len(text) - len(text.lstrip())
            words = text.strip()
            bold = ' class="b"' if style.bold else ""
            texts.append(
                f'<text x="{start * _WIDTH:g}" y="{y * _HEIGHT + 13:g}" fill="{foreground}"'
                f' textLength="{len(words) * _WIDTH:g}"{bold}>{escape(words)}</text>'
            )
        x += len(text)
    yield from texts


def _colors(style: Style) -> tuple[str, str | None]:
    """Of text and background."""
    theme = DIMMED_MONOKAI
    text = style.color.get_truecolor(theme) if style.color else theme.foreground_color
    behind = style.bgcolor.get_truecolor(theme, foreground=False) if style.bgcolor else None
    if style.reverse:
        text, behind = behind or theme.background_color, text
    return text.hex, behind.hex if behind else None
