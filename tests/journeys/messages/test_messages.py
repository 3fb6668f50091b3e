"""A message out: refused at once for each of Meta's reasons, failing later, or delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from tests.checks import foreign
from tests.graph.conftest import refusal
from tests.journeys.webhook.endpoints import Tunnels
from tests.loopback import Serve
from tests.tables import each_line
from wizard.findings import Finding, Status
from wizard.graph import Number
from wizard.journeys.messages.messages import (
    FINDINGS,
    MessageDraft,
    SendResult,
    approved,
    get_sender,
    heard_of,
    pin_of,
    register,
    send,
)
from wizard.journeys.messages.recipients import read_recipient
from wizard.journeys.messages.status_listener import StatusListener, someone_listens
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import SCENARIOS, Meta, create_app, demo_values, scenario
from wizard.simulator import serve as serving
from wizard.simulator.faults.message import ARGENTINE
from wizard.simulator.world.objects import Phone, Subscription
from wizard.simulator.world.people import WINDOW_CLOSED, Customer, SendError
from wizard.state import StoredWebhook
from wizard.values.credentials import Secret, Values
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery
from wizard.webhook.events import StatusUpdate
from wizard.world import World

TO = read_recipient(f"+{Customer().wa_id}")
PIN = Secret("246810")
HELLO = "hello_world"
FAULTS = [name for name, one in SCENARIOS.items() if one.asked_by == "send"]
AT_ONCE = sorted(set(FAULTS) - {"message.delivered", "message.window_closed", "message.failed"})
AT_ONCE = [name for name in AT_ONCE if not name.endswith("/later")]
DEAD = "http://127.0.0.1:9/webhook"


@dataclass
class Stage:
    meta: Meta
    world: World
    heard: list[Event] = field(default_factory=list)

    def follow(self) -> StatusListener:
        return StatusListener(WebhookConnection(self.world), self.heard.append)

    @property
    def number(self) -> Phone:
        return next(p for p in self.meta.waba.phones if p.id == self.world.values.phone_number_id)


@asynccontextmanager
async def stage(name: str | None = None, **others: object) -> AsyncIterator[Stage]:
    """A world that is healthy, or broken as the name says, with an app whose webhook stands."""
    meta, values = scenario(name) if name else (Meta(), demo_values(Meta()))
    meta.dispatcher.pace = 0
    meta.app.subscriptions.append(Subscription("https://a.example/webhook", ("messages",)))
    given: Values = replace(values, **others)  # type: ignore[arg-type]
    async with serving(create_app(meta)) as base:
        world = World.from_settings(Settings("test", base, GRAPH_VERSION), given)
        world.tunnels = Tunnels()
        async with world:
            yield Stage(meta, world)
        await meta.close()


def ids(outcome: object) -> list[str]:
    assert isinstance(outcome, SendResult)
    return [finding.id for finding in outcome.findings]


def draft(name: str = "") -> MessageDraft:
    """What the victim of this scenario sends."""
    finding = name.partition("/")[0]
    if finding == "message.recipient_rewritten":
        return MessageDraft(read_recipient(f"+{ARGENTINE}"))
    if finding == "message.payment" and not name.endswith("/later"):
        return MessageDraft(TO, template="order_ready", language="id")
    return MessageDraft(TO, text="halo" if finding == "message.window_closed" else None)


async def test_the_sender_is_the_number_behind_the_id() -> None:
    async with stage() as s:
        number = await get_sender(s.world)
        assert isinstance(number, Number)
        assert number.display == s.number.display_phone_number


async def test_a_message_that_meta_takes_has_an_id() -> None:
    async with stage() as s:
        outcome = await send(s.world, MessageDraft(TO))
        assert ids(outcome) == ["message.sent"]
        assert outcome.id is not None
        assert outcome.id.startswith("wamid.")
        assert TO.shown in outcome.findings[0].evidence


@each_line("name", AT_ONCE)
async def test_what_meta_refuses_at_once_is_named_by_its_code(name: str) -> None:
    async with stage(name) as s:
        outcome = await send(s.world, draft(name))
        assert ids(outcome) == [SCENARIOS[name].finding]
        assert outcome.id is None
        assert outcome.findings[0].evidence.startswith("Graph: 13")


async def test_the_other_form_of_a_number_is_named_and_the_one_that_was_sent_to() -> None:
    async with stage("message.recipient_rewritten") as s:
        (finding,) = (await send(s.world, draft("message.recipient_rewritten"))).findings
        assert "sent to +54 9 11 2345-6789" in finding.evidence
        assert "the list may have +54 11 2345-6789" in finding.evidence
        assert "Manage phone number list" in " ".join(finding.fix)


async def test_templates_that_there_are_stand_beside_the_one_there_is_not() -> None:
    async with stage("message.template_missing") as s:
        (finding,) = (await send(s.world, MessageDraft(TO))).findings
        assert finding.evidence.endswith("approved: order_ready (id)")


async def test_where_the_refused_template_is_the_only_one_none_is_offered() -> None:
    async with stage("message.template_test_only") as s:
        s.meta.waba.templates[:] = [one for one in s.meta.waba.templates if one.name == HELLO]
        outcome = await send(s.world, MessageDraft(TO))
        assert ids(outcome) == ["message.template_test_only"]
        assert outcome.findings[0].evidence.endswith("; no other template is approved")
        assert outcome.others == ()
        assert await approved(s.world, MessageDraft(TO)) == ()
        assert [one.name for one in await approved(s.world)] == [HELLO]


async def test_nothing_is_said_of_templates_that_cant_be_listed() -> None:
    async with stage("message.template_test_only", waba_id=None) as s:
        outcome = await send(s.world, MessageDraft(TO))
        assert ids(outcome) == ["message.template_test_only"]
        assert outcome.others is None
        assert "approved" not in outcome.findings[0].evidence


async def test_any_other_refusal_bears_metas_own_title() -> None:
    async with stage() as s:
        too_long = MessageDraft(TO, text="x" * 5000)
        (finding,) = (await send(s.world, too_long)).findings
        assert finding.id == "message.failed"
        assert finding.evidence.startswith("Graph: 100, Param text['body'] must be at most")


# Faults of what a message rests on


@each_line(
    "name",
    [
        "access_token.expired",
        "access_token.missing",
        "phone_number_id.missing",
        "phone_number_id.not_found",
        "phone_number_id.is_waba_id",
    ],
)
async def test_a_credentials_fault_is_the_credentials_and_no_message_is_sent(name: str) -> None:
    async with stage(name) as s:
        found = ids(await get_sender(s.world))
        assert found[0] == name
        assert found[-1] == "message.skipped"


async def test_a_token_that_may_not_send_is_named_when_it_is_asked_to() -> None:
    async with stage("access_token.no_permission") as s:
        assert ids(await send(s.world, MessageDraft(TO)))[0] == "access_token.no_permission"


async def test_a_graph_that_gives_no_answer_leaves_open_whether_it_was_sent() -> None:
    async with stage("graph.server_error") as s:
        assert ids(await get_sender(s.world)) == ["graph.server_error", "message.skipped"]
        (finding,) = (await send(s.world, MessageDraft(TO))).findings
        assert (finding.id, finding.status) == ("graph.server_error", Status.UNKNOWN)
        assert finding.evidence.endswith("; the message may have been sent")


async def test_what_meta_had_no_room_for_was_not_sent() -> None:
    async with stage("graph.rate_limited") as s:
        (finding,) = (await send(s.world, MessageDraft(TO))).findings
        assert finding.id == "graph.rate_limited"
        assert "sent" not in finding.evidence


@each_line(
    "refused",
    [
        foreign.no_such(foreign.PHONE),
        foreign.error(200, "(#200) You do not have the necessary permissions", status=403),
        foreign.error(10, "(#10) Application does not have permission", status=403),
        foreign.error(131005, "(#131005) Access denied", status=403),
    ],
    ids=["100/33", "200", "10", "131005"],
)
async def test_a_number_that_was_read_is_there_where_sending_from_it_is_refused(
    refused: foreign.Reply,
) -> None:
    answers = {f"{foreign.PHONE}/messages": refused}
    async with foreign.served(answers) as server, foreign.world(server) as world:
        assert isinstance(await get_sender(world), Number)
        outcome = await send(world, MessageDraft(TO))
    assert ids(outcome) == ["phone_number_id.limited_access", "message.skipped"]


# The number's own registration


async def test_a_number_is_registered_and_then_sends() -> None:
    async with stage("message.not_registered") as s:
        assert ids(await register(s.world, PIN)) == ["message.registered"]
        assert s.number.platform_type == "CLOUD_API"
        assert ids(await send(s.world, MessageDraft(TO, text="halo"))) == ["message.sent"]


async def test_a_wrong_pin_is_told_apart_and_never_shown() -> None:
    async with stage("message.not_registered") as s:
        s.meta.dispatcher.sending_rules.pins[s.number.id] = "111111"
        outcome = await register(s.world, PIN)
        assert ids(outcome) == ["message.pin_mismatch"]
        assert PIN.reveal() not in repr(outcome)


async def test_a_number_that_is_not_verified_is_verified_first() -> None:
    async with stage("phone_number_id.unverified") as s:
        assert ids(await register(s.world, PIN)) == ["phone_number_id.unverified"]


@each_line("code", [133008, 133009, 133016])
async def test_a_pin_that_was_tried_too_often_is_no_wrong_pin(serve: Serve, code: int) -> None:
    server = await serve(refusal(code, f"(#{code}) Too many", 400))
    settings = Settings("test", server.url, GRAPH_VERSION)
    async with World.from_settings(settings, demo_values(Meta())) as world:
        assert ids(await register(world, PIN)) == ["message.pin_locked"]


@each_line("text", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_a_pin_has_six_digits(text: str) -> None:
    assert pin_of(text) is None


def test_white_space_around_a_pin_is_none_of_it() -> None:
    assert pin_of(" 123456\n") == Secret("123456")


# What webhooks say later


def update(status: str, code: int | None = None, details: str = "") -> StatusUpdate:
    data = {"error_data": {"details": details}} if details else {}
    raw = {"errors": [{"code": code, "title": "Title", **data}]} if code else {}
    return StatusUpdate("wamid.1", TO.digits, status, "1", code, "Title" if code else "", None, raw)


@each_line(("code", "id_"), FINDINGS.items())
def test_a_code_means_the_same_in_a_webhook(code: int, id_: str) -> None:
    finding = heard_of(update("failed", code, "Why it is so."), MessageDraft(TO))
    assert finding is not None
    assert (finding.id, finding.evidence) == (id_, f"Meta: {code}, Title Why it is so.")


@each_line("status", ["sent", "held_for_quality_assessment", "unknown"])
def test_a_message_on_its_way_is_not_decided(status: str) -> None:
    assert heard_of(update(status), MessageDraft(TO)) is None


@pytest.mark.parametrize("status", ["delivered", "read"])
def test_a_message_on_the_phone_is_delivered(status: str) -> None:
    finding = heard_of(update(status), MessageDraft(TO))
    assert finding is not None
    assert finding.id == "message.delivered"


def test_what_a_stranger_writes_into_an_error_does_nothing_to_a_terminal() -> None:
    finding = heard_of(update("failed", 131026, "\x1b[2J\u202e" + "x" * 5000), MessageDraft(TO))
    assert finding is not None
    assert finding.evidence.isprintable()
    assert len(finding.evidence) < 1000


# Followed on a line of its own


async def followed(s: Stage, what: MessageDraft, limit: float = 10.0) -> Finding:
    async with s.follow() as following:
        assert await following.open()
        assert await following.register() is None
        assert following.registered
        assert s.number.override_callback_uri
        outcome = await send(s.world, what)
        assert outcome.id is not None
        return await following.outcome(outcome.id, what, limit)


async def test_a_message_is_followed_to_delivered_and_metas_record_is_as_before() -> None:
    async with stage() as s:
        finding = await followed(s, MessageDraft(TO))
        assert (finding.id, finding.status) == ("message.delivered", Status.PASS)
        assert s.number.override_callback_uri in {None, ""}
        (hook,) = s.meta.app.subscriptions
        assert hook.callback_url == "https://a.example/webhook"
        said = [e.status for d in s.heard if isinstance(d, Delivery) for e in d.events
                if isinstance(e, StatusUpdate)]  # fmt: skip
        assert said[:2] == ["sent", "delivered"]


@each_line("name", [name for name in FAULTS if name not in AT_ONCE])
async def test_what_fails_later_is_named_by_its_code(name: str) -> None:
    async with stage(name) as s:
        finding = await followed(s, draft(name))
        assert finding.id == SCENARIOS[name].finding


async def test_a_recipient_may_turn_out_later_not_to_be_listed() -> None:
    async with stage() as s:
        s.meta.dispatcher.sending_rules.allowed_recipients.append(ARGENTINE)
        s.meta.dispatcher.sending_rules.error = SendError(131030, "Not in allowed list", "Add it.")
        finding = await followed(s, draft("message.recipient_rewritten"))
        assert finding.id == "message.recipient_rewritten"


async def test_a_text_within_the_window_is_delivered() -> None:
    async with stage() as s:
        s.meta.dispatcher.sending_rules.last_heard[s.number.id, TO.digits] = s.meta.now()
        finding = await followed(s, MessageDraft(TO, text="halo"))
        assert finding.id == "message.delivered"


async def test_a_message_of_which_nothing_is_heard_is_left_open() -> None:
    async with stage() as s:
        s.meta.dispatcher.pace = 60
        finding = await followed(s, MessageDraft(TO), limit=0.05)
        assert (finding.id, finding.status) == ("message.pending", Status.WARN)
        assert s.number.override_callback_uri in {None, ""}


async def test_another_messages_fate_is_not_this_ones() -> None:
    async with stage() as s, s.follow() as following:
        await following.open()
        await following.register()
        s.meta.dispatcher.sending_rules.error = WINDOW_CLOSED
        await send(s.world, MessageDraft(TO))
        await s.meta.dispatcher.idle()
        s.meta.dispatcher.sending_rules.error = None
        outcome = await send(s.world, MessageDraft(TO))
        assert outcome.id is not None
        assert (await following.outcome(outcome.id, MessageDraft(TO), 10)).id == "message.delivered"


async def test_why_it_cant_be_followed_is_told() -> None:
    async with stage(verify_token=None) as s, s.follow() as following:
        assert not await following.open()
        assert [finding.id for finding in following.troubles] == ["verify_token.missing"]


async def test_a_callback_of_the_numbers_own_is_left_alone_unless_it_may_be_replaced() -> None:
    async with stage() as s, Endpoint(s.world.values.verify_token or PIN) as theirs:
        s.number.override_callback_uri = theirs.local_url
        async with s.follow() as following:
            await following.open()
            foreign = await following.register()
            assert foreign is not None
            assert foreign.callback_url == theirs.local_url
            assert s.number.override_callback_uri == theirs.local_url
            await following.register(replace_foreign=True)
            assert following.registered
            assert s.number.override_callback_uri != theirs.local_url
        assert s.number.override_callback_uri == theirs.local_url


async def test_a_callback_that_cant_be_put_back_is_told_in_the_end() -> None:
    async with stage() as s:
        s.number.override_callback_uri = DEAD
        async with s.follow() as following:
            await following.open()
            await following.register(replace_foreign=True)
        assert [finding.id for finding in following.troubles] == ["webhook.not_restored"]


async def test_somebody_listens_only_where_our_endpoint_answers() -> None:
    async with stage() as s, Endpoint(s.world.values.verify_token or PIN) as ours:
        assert not await someone_listens(s.world)
        s.world.webhook = StoredWebhook(local_url=ours.local_url, marker=ours.marker)
        assert await someone_listens(s.world)
        s.world.webhook = StoredWebhook(local_url=ours.local_url, marker=ours.marker)
        s.world.values = replace(s.world.values, verify_token=Secret("another app's"))
        assert not await someone_listens(s.world)
        s.world.webhook = StoredWebhook(local_url=ours.local_url, marker="another's")
        assert not await someone_listens(s.world)
        s.world.webhook = StoredWebhook(local_url=DEAD, marker=ours.marker)
        assert not await someone_listens(s.world)


async def test_where_a_whatsapp_account_is_refused_the_right_one_is_named() -> None:
    entities = [{"entity_type": "WABA", "id": foreign.OTHER_WABA, "can_send_message": "AVAILABLE"}]
    refused = foreign.error(100, "(#100) WhatsApp accounts cannot be used with this API", 2388339)
    answers: foreign.Answers = {
        foreign.PHONE: foreign.number(health_status={"entities": entities}),
        f"{foreign.PHONE}/messages": refused,
    }
    async with foreign.served(answers) as server, foreign.world(server) as world:
        outcome = await send(world, draft())
    assert ids(outcome) == ["waba_id.is_whatsapp_account", "message.skipped"]
    assert foreign.OTHER_WABA in outcome.findings[0].evidence
