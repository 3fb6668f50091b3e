"""The table of deviations: each line has a source, says what the description says, and is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache

from tests.conformance.description import Json, resolve, shown
from tests.conformance.deviations import ALL, KINDS, Deviation, deviations, place_of
from tests.conformance.operations import find, operations
from tests.conformance.provoking import provoked
from tests.conformance.validator import Validator, examine
from tests.tables import each_line
from wizard.simulator.graph_api.recorder import Exchange

ROWS = deviations()
EVERY = each_line("row", ROWS, ids=lambda row: f"{row.operations[0]}: {row.where}")


def concerned(row: Deviation) -> Iterator[tuple[Json, Json]]:
    """Each operation that a line names, in a document of its own that may be changed."""
    for name in row.operations:
        if name != ALL:
            one = operations()[name]
            document = {**one.source, "components": dict(one.source["components"])}
            document["components"]["schemas"] = dict(document["components"]["schemas"])
            yield document, deepcopy(document["paths"][one.path][one.method])


def leaves(answered: Json, described: Json) -> Iterator[tuple[object, object]]:
    """Where the answer takes the place of something: what was there, and what is said of it."""
    for key, value in answered.items():
        if isinstance(value, dict) and isinstance(described.get(key), dict):
            yield from leaves(value, described[key])
        elif key in described:
            yield key, described[key]


@EVERY
def test_a_line_names_a_place_in_words_that_are_known_and_a_public_source(row: Deviation) -> None:
    assert row.about.endswith(".")
    assert row.kind in KINDS
    assert row.answered
    assert re.fullmatch(r"https://(developers\.facebook|github)\.com/\S+", row.source)
    assert set(row.operations) <= {*operations(), ALL}


@EVERY
def test_a_line_says_what_the_description_says(row: Deviation) -> None:
    if row.kind in {"schema", "request", "reply"}:
        for document, operation in concerned(row):
            found = place_of(document, operation, row)
            assert dict(leaves(row.answered, found)) == row.described
    elif row.kind == "status":
        for _, operation in concerned(row):
            assert [str(status) for status in row.described["status"]] == [*operation["responses"]]
    elif row.kind == "error":
        code = int(row.place.partition("/")[0])
        assert sorted({status for status, _ in shown()[code]}) == row.described["status"]
    elif row.kind == "query":
        for document, operation in concerned(row):
            asked = [resolve(document, one)["name"] for one in operation["parameters"]]
            assert not row.answered.keys() & set(asked)
    else:
        assert not row.described


def test_all_that_is_provoked_is_described_or_in_the_table() -> None:
    assert examine(provoked()) == []


@EVERY
def test_nothing_in_a_line_is_dead(row: Deviation) -> None:
    others = [other for other in ROWS if other is not row]
    for thinner in row.thinner():
        validator = Validator([*others, thinner])
        missed = any(validator.differences(each) for each in exchanges_of(row, thinner))
        assert missed, f"unused: {row.answered} where only {thinner.answered} {thinner.operations}"


def exchanges_of(row: Deviation, thinner: Deviation) -> list[Exchange]:
    """All that a line is about; first those that are likely to need what the thinner one lacks,
    for to validate one takes long."""
    gone = set(row.operations) - set(thinner.operations)
    lacking = words([row.answered, row.place]) - words(thinner.answered)

    def likeliness(found: tuple[str, Exchange]) -> int:
        operation, exchange = found
        said = f"{exchange.status} {exchange.query} {exchange.body!r} {exchange.reply!r}"
        return (operation in gone) * 100 + sum(word in said for word in lacking)

    concerned = [(name, each) for name, each in found_for() if row.concerns(name)]
    return [each for _, each in sorted(concerned, key=likeliness, reverse=True)]


@cache
def found_for() -> tuple[tuple[str, Exchange], ...]:
    """What was provoked, each with the operation that it is of."""
    pairs = ((find(exchange), exchange) for exchange in provoked())
    return tuple((operation.id, exchange) for operation, exchange in pairs if operation)


def words(part: object) -> set[str]:
    """All that stands anywhere in a part of the table."""
    if isinstance(part, dict):
        return {*map(str, part)}.union(*map(words, part.values()))
    if isinstance(part, list):
        return set[str]().union(*map(words, part))
    return set(re.findall(r"\w+", str(part)))
