"""Each operation that our client makes, once granted and once refused, as Meta describes it."""

from __future__ import annotations

import inspect

from tests.conformance.counts import count
from tests.conformance.description import CLIENT
from tests.conformance.driving import CALLS, Driven, driven
from tests.conformance.operations import find, operations
from tests.conformance.validator import examine, is_ours
from tests.tables import each_line
from wizard.graph import Callbacks, Graph
from wizard.graph.messages import Messages
from wizard.simulator.graph_api.recorder import Exchange

EVERY = each_line("name", CALLS)


def of(name: str, one: Driven) -> list[Exchange]:
    """The exchanges of the operation that a method is about."""
    return [each for each in one.exchanges if id_of(each) == CALLS[name].operation]


def id_of(exchange: Exchange) -> str | None:
    operation = find(exchange)
    return operation.id if operation else None


def test_every_method_of_the_client_is_driven() -> None:
    asking = {
        f"{room.__name__}.{name}"
        for room in (Graph, Callbacks, Messages)
        for name, method in inspect.getmembers(room, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in {"close", "sent"}
    }
    assert asking == {name.partition(",")[0] for name in CALLS}


@EVERY
def test_a_method_is_granted_by_an_operation_that_is_described(name: str) -> None:
    good, _ = driven()[name]
    assert good.error is None
    assert [each.status for each in of(name, good)][-1] == 200
    assert all(is_ours(each) for each in good.exchanges)
    assert examine(good.exchanges) == []


@EVERY
def test_a_method_is_refused_by_an_operation_that_is_described(name: str) -> None:
    _, bad = driven()[name]
    # Any envelope of Graph's answers a ping, and who just asks is given what came.
    assert (bad.error is None) == (name in {"Graph.ping", "Graph.request_raw"})
    assert (of(name, bad)[-1].status or 0) >= 400
    assert examine(bad.exchanges) == []


def test_every_operation_that_the_client_makes_is_validated_granted_and_refused() -> None:
    heard = [each for both in driven().values() for one in both for each in one.exchanges]
    made = {operation.id for each in heard if (operation := find(each))}
    proved = {
        CALLS[name].operation
        for name, (good, bad) in driven().items()
        if of(name, good) and of(name, bad) and not examine([*good.exchanges, *bad.exchanges])
    }
    metas = sum(operations()[name].described for name in proved)
    own = f"{len(proved) - metas} by our own operations.json"
    count("operations", f"{len(proved)} of {len(made)} ({metas} by Meta's words, {own})")
    assert proved == made
    assert {name for name in made if operations()[name].described} == CLIENT
