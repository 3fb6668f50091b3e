"""The Graph API: does anything answer, and in which version?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding
from wizard.graph import Graph
from wizard.support.times import in_words
from wizard.world import World

_TOLERATED = timedelta(minutes=5)


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    heard = await context.first_response()
    yield new_finding("graph.ok", f"{heard.served} answered in {heard.milliseconds} ms")
    for finding in (*version_findings(context.graph), *clock_off(context.world)):
        yield finding


def version_findings(graph: Graph) -> Iterator[Finding]:
    """That another version answered than was asked, where one has so far.

    https://developers.facebook.com/docs/graph-api/guides/versioning
    """
    if stray := graph.version_mismatch:
        yield new_finding("graph.version_retired", f"asked {stray.asked}, {stray.served} answered")


def clock_off(world: World) -> Iterator[Finding]:
    """That this machine's clock is more than five minutes off Meta's, where a reply has told."""
    if not world.meta_clock.is_known:
        return
    ahead = world.meta_clock.ahead(world.clock())
    if abs(ahead) > _TOLERATED:
        which = "ahead of" if ahead > timedelta() else "behind"
        off = in_words(abs(ahead.total_seconds()))
        yield new_finding(
            "graph.clock", f"Meta's Date header: this machine's clock is {off} {which} Meta's"
        )
