"""Meta's own examples as answers to our client, and what becomes of each."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.conformance.counts import count, one_of
from tests.conformance.description import CLIENT, errors, every
from tests.conformance.examples import LEFT_OUT, Example, examples, left_out, webhook_examples
from tests.tables import each_line, each_line_by
from wizard.checks import collect_report
from wizard.findings import Report
from wizard.graph import Accepted, Graph, TokenInfo
from wizard.journeys.discovery.accounts import Accounts
from wizard.journeys.messages.messages import register
from wizard.journeys.webhook.registration import Registration
from wizard.journeys.webhook.registration import Scope as Level
from wizard.settings import GRAPH_VERSION
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.values.credentials import Secret, Values
from wizard.world import World

CALLBACK = "https://example.com/webhook"
PORTFOLIO = "1234567890123"
NUMBER, WABA = "phone_number_id", "waba_id"
MEANT: Mapping[str, str] = tomllib.loads(
    Path(__file__).with_name("examples.toml").read_text("utf-8")
)
"""Each sentence of Meta's, and the finding that it has to come out as; behind an operation's name
where it depends on what was asked for."""
SAY_NOTHING: Mapping[str, str] = {}
"""Examples that may come out as whatever Meta refuses for a reason unknown does, and why."""
STRANGE = "A sentence that no Meta has said so far"
ERRORS = [one for one in examples() if one.is_error]
REPLAYED = len(examples()) + len(webhook_examples())
SUCCESSES = [one for one in examples() if not one.is_error]


@dataclass
class Stage:
    """A healthy Meta that gives one example for an answer, where its operation is asked for."""

    meta: Meta
    base: str = ""
    example: Example | None = None
    status: int = 200
    asked: int = 0
    named: dict[object, str] = field(default_factory=dict)
    _sound: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self._sound = create_app(self.meta)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        example = self.example
        if example is None or not self._is_asked(example, scope["method"], scope["path"]):
            await self._sound(scope, receive, send)
            return
        self.asked += 1
        await JSONResponse(example.body, self.status)(scope, receive, send)

    def _is_asked(self, example: Example, method: str, path: str) -> bool:
        values = demo_values(self.meta)
        known = {
            "{Version}": GRAPH_VERSION,
            "{Phone-Number-ID}": values.phone_number_id or "",
            "{WABA-ID}": values.waba_id or "",
            "{Business-ID}": PORTFOLIO,
        }
        template = example.path
        for name, value in known.items():
            template = template.replace(name, value)
        if example.is_error and method == "GET" == example.method.upper():
            # Whoever may not see an object may not see what belongs to it either.
            return path.startswith("/".join(template.split("/")[:3]))
        return (method.lower(), path) == (example.method, template)

    def play(self, example: Example, status: int | None = None) -> World:
        self.example, self.asked = example, 0
        self.status = example.status if status is None else status
        return World("test", demo_values(self.meta), self.base, GRAPH_VERSION)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    found = Stage(Meta())
    async with serve(found) as base:
        found.base = base
        yield found


async def reported(world: World, *subjects: str) -> Report:
    return await collect_report(world, subjects)


async def registered(world: World, level: Level) -> Report:
    return Report.of("test", [await Registration(world, level).set(CALLBACK, None)])


async def looked_through(world: World) -> Report:
    token = world.values.access_token or Secret("")
    looking = Accounts(world.graph, token)
    targets = {"business_management": frozenset({PORTFOLIO})}
    await looking.reached(TokenInfo(app_id="1", targets=targets), None)
    return Report.of("test", looking.findings)


async def number_registered(world: World) -> Report:
    return Report.of("test", (await register(world, Secret("123456"))).findings)


MET_BY: Mapping[str, Callable[[World], Awaitable[Report]]] = {
    "getPhoneNumberById": lambda world: reported(world, NUMBER),
    "getWhatsAppBusinessAccountDetails": lambda world: reported(world, WABA),
    "getWhatsAppBusinessAccountPhoneNumbers": lambda world: reported(world, WABA),
    "getAllSubscriptionsForAWaba": lambda world: reported(world, "subscription"),
    "subscribeToWabaWebhooks": lambda world: registered(world, Level.WABA),
    "updatePhoneNumberStatus": lambda world: registered(world, Level.PHONE),
    "registerWhatsAppBusinessPhoneNumber": number_registered,
    "getOwnedWhatsAppBusinessAccounts": looked_through,
    "getClientWhatsAppBusinessAccounts": looked_through,
}


def meant(example: Example) -> str:
    said = example.error["message"]
    return MEANT.get(f"{example.operation}: {said}") or MEANT[said]


def unknown(example: Example, code: int) -> Example:
    """The same refusal for a reason that nobody knows."""
    error = {"message": STRANGE, "type": example.error["type"], "code": code}
    return replace(example, body={"error": error})


@pytest.mark.asyncio(loop_scope="module")
@each_line_by(lambda example: example.operation, "example", ERRORS, ids=str)
async def test_an_error_is_found_by_its_name_whatever_status_bears_it(
    stage: Stage, example: Example
) -> None:
    for status in {example.status, 400, 500}:
        async with stage.play(example, status) as world:
            report = await MET_BY[example.operation](world)
        assert stage.asked
        assert report.primary is not None
        assert report.primary.id == meant(example)
        assert example.error["message"] in report.primary.evidence
    is_named = [await refused_as(stage, unknown(example, code)) for code in (4711, 100)]
    assert meant(example) not in is_named or str(example) in SAY_NOTHING
    if meant(example) not in is_named:
        one_of("findings named", len(ERRORS))
    one_of("examples replayed", REPLAYED)


async def refused_as(stage: Stage, example: Example) -> str:
    """The finding's id; it is none of the network's, and bears what Meta said. Examples that have
    their operation, status and error in common are played once."""
    alike = example.operation, example.status, *example.error.values()
    if alike not in stage.named:
        async with stage.play(example) as world:
            report = await MET_BY[example.operation](world)
        assert report.primary is not None
        assert STRANGE in report.primary.evidence
        stage.named[alike] = report.primary.id
    return stage.named[alike]


def test_no_error_of_the_examples_comes_out_as_the_generic_finding() -> None:
    assert not {*MEANT.values()} & {"graph.refused", "message.failed"}
    used = {
        said
        for one in ERRORS
        for said in (one.error["message"], f"{one.operation}: {one.error['message']}")
    }
    assert MEANT.keys() <= used
    assert all(meant(example) for example in ERRORS)
    assert SAY_NOTHING.keys() <= {str(example) for example in ERRORS}


READ: Mapping[str, Callable[[Graph, Values], Awaitable[object]]] = {
    "getPhoneNumberById": lambda graph, v: graph.number(v.phone_number_id or "", token(v)),
    "getWhatsAppBusinessAccountDetails": lambda graph, v: graph.waba(v.waba_id or "", token(v)),
    "getWhatsAppBusinessAccountPhoneNumbers": lambda g, v: g.numbers(v.waba_id or "", token(v)),
    "getAllSubscriptionsForAWaba": lambda g, v: g.callbacks.list_subscribed_apps(
        v.waba_id or "", token(v)
    ),
    "subscribeToWabaWebhooks": lambda g, v: g.callbacks.subscribe(v.waba_id or "", token(v)),
    "updatePhoneNumberStatus": lambda g, v: g.callbacks.set_phone_override(
        v.phone_number_id or "", token(v), CALLBACK, Secret("a-verify-token")
    ),
    "registerWhatsAppBusinessPhoneNumber": lambda g, v: g.messages.register(
        v.phone_number_id or "", token(v), Secret("123456")
    ),
    "sendMessage": lambda g, v: g.messages.send_text(
        v.phone_number_id or "", token(v), "16505551234", "halo"
    ),
    "getTemplateByNameDefaultFields": lambda g, v: g.messages.templates(v.waba_id or "", token(v)),
    "getOwnedWhatsAppBusinessAccounts": lambda g, v: g.accounts(PORTFOLIO, token(v)),
    "getClientWhatsAppBusinessAccounts": lambda g, v: g.accounts(PORTFOLIO, token(v), shared=True),
}
SHOWN = {
    "Number": {
        "id": "id",
        "display": "display_phone_number",
        "name": "verified_name",
        "status": "status",
        "platform": "platform_type",
        "verification": "code_verification_status",
        "mode": "account_mode",
        "quality": "quality_rating",
    },
    "Waba": {"id": "id", "name": "name", "review": "account_review_status", "status": "status"},
    "SubscribedApp": {"id": "id", "name": "name"},
    "Template": {"name": "name", "language": "language", "status": "status"},
}
"""What we show of a reply, and Meta's word for it."""


def token(values: Values) -> Secret:
    assert values.access_token is not None
    return values.access_token


@pytest.mark.asyncio(loop_scope="module")
@each_line("example", SUCCESSES, ids=str)
async def test_a_success_is_read_without_loss_of_what_is_shown(
    stage: Stage, example: Example
) -> None:
    async with stage.play(example) as world:
        said = await READ[example.operation](world.graph, world.values)
    assert stage.asked
    if "messages" in example.body and isinstance(said, Accepted):
        assert vars(said) == {
            "id": example.body["messages"][0]["id"].strip(),
            "wa_id": example.body["contacts"][0]["wa_id"].strip(),
            "user_id": example.body["contacts"][0].get("user_id", ""),
            "status": example.body["messages"][0].get("message_status", ""),
        }
    elif "data" in example.body and isinstance(said, tuple):
        assert len(said) == len(example.body["data"])
        for one, entry in zip(said, example.body["data"], strict=True):
            shows(one, entry.get("whatsapp_business_api_data", entry))
    elif said is not None:
        shows(said, example.body)
    else:
        assert example.body.get("success") is True or "messages" in example.body
    one_of("examples replayed", REPLAYED)


def shows(one: object, entry: Mapping[str, Any]) -> None:
    """Each field that Meta gave and that has a place in the reply stands in it unchanged."""
    for ours, theirs in SHOWN[type(one).__name__].items():
        assert getattr(one, ours) == str(entry.get(theirs, "")), theirs


def test_what_is_left_out_is_named_with_its_reason() -> None:
    assert {str(one) for one in left_out()} == LEFT_OUT.keys()
    named = "; ".join(f"{one.name}: {LEFT_OUT[str(one)]}" for one in left_out())
    count("examples left out", f"{len(left_out())} ({named})")


def test_so_many_errors_are_described_and_so_many_of_them_are_of_what_we_ask_for() -> None:
    assert len(list(errors(CLIENT))) == len(ERRORS)
    count("errors described", f"{len(list(errors(every())))}, {len(ERRORS)} of these operations")


def test_every_operation_that_has_examples_is_one_that_is_replayed() -> None:
    assert {one.operation for one in examples()} == CLIENT == READ.keys()
    assert {one.operation for one in ERRORS} == MET_BY.keys()
