"""A text of the guide as blocks that one widget can draw, one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from textual.content import Content, Span

CODE, QUOTE = "prose--code", "prose--quote"
_BULLET, _BAR = ".prose--bullet", ".prose--bar"
_INLINE = {"code_inline": ".code_inline", "strong": ".strong", "em": ".em"}
_NOTHING = Content()
_BULLETS = ("• ", "▪ ", "‣ ")


@dataclass(frozen=True)
class Block:
    """Words that are wrapped together. `first` stands before their first line and `rest` before
    each further one, `right` cells stay free behind them, and `ground` is the style of what they
    stand on, where it is not the widget's."""

    words: Content
    first: Content = _NOTHING
    rest: Content = _NOTHING
    right: int = 0
    ground: str = ""

    def room(self, width: int) -> int:
        """The cells that its words have in this width."""
        return max(1, width - self.first.cell_length - self.right)


@cache
def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Paragraphs, lists, quotes and code, an empty block for each empty line between them and one
    at the end. A text is parsed once. Raises `ValueError` for what is none of these."""
    tree = SyntaxTreeNode(_parser().parse(markdown))
    return tuple(_blocks(tree.children, ()))


def has_table(markdown: str) -> bool:
    """Whether columns are needed, which blocks below one another are not."""
    return "\n|--" in markdown or "\n|:-" in markdown


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _blocks(nodes: Iterable[SyntaxTreeNode], around: tuple[str, ...]) -> Iterator[Block]:
    """`around` are the kinds of what the nodes stand in."""
    tight = "list" in around
    for node in nodes:
        match node.type:
            case "paragraph":
                yield Block(_inline(node.children[0]))
            case "bullet_list" | "ordered_list":
                yield from _list(node, around)
            case "blockquote":
                yield from _quote(node, around)
            case "fence" | "code_block":
                side = Content(" ")
                for line in node.content.rstrip().splitlines():
                    yield Block(Content(line), side, side, right=1, ground=CODE)
            case other:
                raise ValueError(f"the guide's texts have no {other}")
        if not tight:
            yield Block(_NOTHING)


def _list(node: SyntaxTreeNode, around: tuple[str, ...]) -> Iterator[Block]:
    for item, marker in zip(node.children, _markers(node, around), strict=True):
        sign, space = Content.styled(marker, _BULLET), Content(" " * len(marker))
        for block in _blocks(item.children, (*around, "list")):
            yield replace(block, first=sign + block.first, rest=space + block.rest)
            sign = space


def _markers(node: SyntaxTreeNode, around: tuple[str, ...]) -> list[str]:
    if node.type == "bullet_list":
        return [_BULLETS[around.count("list") % len(_BULLETS)]] * len(node.children)
    begin = int(node.children[0].info or 1)
    numbers = [f"{begin + at}. " for at in range(len(node.children))]
    widest = max(map(len, numbers))
    return [number.rjust(widest + 1) for number in numbers]


def _quote(node: SyntaxTreeNode, around: tuple[str, ...]) -> Iterator[Block]:
    bar = Content.assemble(("▌", _BAR), " ")
    for block in _blocks(node.children, (*around, "quote")):
        yield replace(block, first=bar + block.first, rest=bar + block.rest, right=1, ground=QUOTE)


def _inline(node: SyntaxTreeNode) -> Content:
    """The words of a line, whose white space was the file's."""
    text, spans, open_ = "", list[Span](), list[tuple[str, int]]()
    for token in node.token.children or () if node.token else ():
        at = len(text)
        text += _words(token)
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if token.type.endswith("_open"):
            open_.append((_INLINE[kind], at))
        elif token.type.endswith("_close"):
            style, begin = open_.pop()
            spans.append(Span(begin, at, style))
        elif kind in _INLINE:
            spans.append(Span(at, len(text), _INLINE[kind]))
    return Content(text, spans=spans)


def _words(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content if token.type == "code_inline" else " ".join(token.content.split("\n"))
