"""Checks and catalogue know the same ids."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import wizard.checks
from tests.tables import each_line
from wizard import tunnel, vault
from wizard.findings import SUBJECTS, catalogue
from wizard.graph.errors import NO_ANSWER
from wizard.simulator import SCENARIOS
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.webhook.lookalikes import lookalikes
from wizard.webhook.probe_errors import Failure

CHECKED = ("keyring", "graph", *CREDENTIALS, "tunnel", "webhook", "message")

ELSEWHERE = {
    "keyring.write_failed": "said where a value is stored",
    "keyring.skipped": "nothing stands below the keyring",
    "tunnel.skipped": "a tunnel is opened, and no rung of its own",
}
"""What no check raises, and who does."""

_ID = re.compile(rf"(?:{'|'.join(SUBJECTS)})\.[a-z_]+")


@cache
def _literals() -> frozenset[str]:
    """Every text of the shape of an id in checks and journeys, and in the shapes judged by."""
    root = Path(wizard.checks.__path__[0]).parent
    folders = [root / "checks", root / "journeys"]
    paths = [path for one in folders for path in one.rglob("*.py")]
    return frozenset(id_ for path in [root / "values" / "shapes.py", *paths] for id_ in _ids(path))


def _ids(path: Path) -> Iterator[str]:
    """Every whole text in a module that has the shape of an id."""
    source = path.read_text("utf-8")
    if not _ID.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and _ID.fullmatch(value):
            yield value


def _made() -> Iterator[str]:
    """The ids that are put together: one for each member of what they are made of."""
    yield from (f"graph.{reason}" for reason in NO_ANSWER)
    yield from (f"keyring.{reason}" for reason in vault.Reason)
    yield from (f"webhook.{failure}" for failure in Failure)
    yield from (f"webhook.{other.finding}" for other in lookalikes(Secret("A token")))
    yield from (f"tunnel.{reason}" for reason in tunnel.Reason)
    yield from (f"{name}.missing" for name in CREDENTIALS)
    yield from (f"{name}.malformed" for name in CREDENTIALS if name != "verify_token")
    yield from (f"{subject}.skipped" for subject in CHECKED)


@cache
def _raised_by_tests() -> frozenset[str]:
    """What stands in these tests as a whole text: they fail where a check does not raise it."""
    here = Path(__file__).parent
    folders = [here, *(here.parent / name for name in ("faults", "journeys", "cli", "webhook"))]
    others = {path for one in folders for path in one.rglob("*.py")} - {Path(__file__)}
    return frozenset(id_ for path in others for id_ in _ids(path))


def test_what_a_check_can_raise_stands_in_the_catalogue() -> None:
    raised = {*_literals(), *_made()}
    assert len(raised) > 50
    assert raised - catalogue().keys() == set()


def test_every_fault_that_a_check_finds_stands_in_the_catalogue() -> None:
    named = {found.finding for found in SCENARIOS.values()}
    assert named - catalogue().keys() <= ELSEWHERE.keys()


@each_line("subject", CHECKED)
def test_what_stands_in_the_catalogue_can_be_raised(subject: str) -> None:
    listed = {id_ for id_ in catalogue() if id_.partition(".")[0] == subject}
    assert listed
    assert listed - {*_literals(), *_made(), *ELSEWHERE} == set()


@each_line("subject", CHECKED)
def test_what_can_be_raised_is_raised_by_a_fault_or_a_test(subject: str) -> None:
    listed = {id_ for id_ in catalogue() if id_.partition(".")[0] == subject}
    named = {found.finding for found in SCENARIOS.values()} | _raised_by_tests()
    # One test goes through all the keyring's troubles, one through the tunnel's, others through
    # all that is skipped.
    together = {f"keyring.{reason}" for reason in vault.Reason} | {f"{subject}.skipped"}
    together |= {f"tunnel.{reason}" for reason in tunnel.Reason}
    assert listed - named - together - ELSEWHERE.keys() == set()
