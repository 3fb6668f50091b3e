"""The Graph API: does anything answer, and in which version?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from wizard.checks.check import Check
from wizard.checks.questions import Questions
from wizard.findings import Finding, found
from wizard.graph import Graph


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    heard = await questions.first_answer()
    yield found("graph.ok", f"{heard.served} answered in {heard.milliseconds} ms")
    for finding in retired(questions.graph):
        yield finding


def retired(graph: Graph) -> Iterator[Finding]:
    """That another version answered than was asked, where one has so far.

    https://developers.facebook.com/docs/graph-api/guides/versioning
    """
    if stray := graph.strayed:
        yield found("graph.version_retired", f"asked {stray.asked}, {stray.served} answered")


CHECK = Check("graph", judge)
