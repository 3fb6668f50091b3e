"""The webhook on screen: opened, verified, watched, passed on, and ended."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual import events

from tests.loopback import Request, Serve
from tests.tui.conftest import Direct, Start, Wizard
from wizard.credentials import Secret, Values, plain
from wizard.findings import found
from wizard.graph import Graph
from wizard.journeys.onboarding import Chip
from wizard.settings import GRAPH_VERSION
from wizard.simulator import Meta, demo_values
from wizard.simulator.objects import Subscription
from wizard.tui.screens.ask import AskModal, AuthtokenModal
from wizard.tui.screens.choice import ChoiceModal
from wizard.tui.screens.details import DetailsModal
from wizard.tui.screens.webhook import WebhookScreen
from wizard.tui.widgets.traffic import TrafficList
from wizard.tunnel.tunnel import Reason, TunnelError
from wizard.webhook.events import sign
from wizard.webhook.inbox import Rejected
from wizard.webhook.probe import USER_AGENT
from wizard.world import Way

AUTHTOKEN = "a-made-up-authtoken-for-tests"


class Needy(Direct):
    """ngrok without an authtoken of its own."""

    async def open(self, port: int) -> str:
        if self.way.kind == "ngrok" and self.way.authtoken is None:
            raise TunnelError(Reason.AUTHTOKEN_MISSING)
        return await super().open(port)


class Blocked(Direct):
    """A tunnel that its network does not let through."""

    async def open(self, port: int) -> str:
        raise TunnelError(Reason.BLOCKED, "no route to its servers")


class Pretended:
    """The portal's button and a customer's phone."""

    def __init__(self, base_url: str, meta: Meta) -> None:
        self._base_url = base_url
        self._meta = meta
        self._callback_url = ""

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        graph = Graph(self._base_url, GRAPH_VERSION)
        app = self._meta.app
        try:
            await graph.callbacks.set_app(app.id, app.secret, callback_url, verify_token)
        finally:
            await graph.close()
        self._callback_url = callback_url

    async def write_to_us(self, text: str) -> None:
        await post(self._callback_url, message(text), self._meta.app.secret)


class Mistyping(Pretended):
    """Somebody who does not paste the token."""

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        await super().verify_and_save(callback_url, Secret("another-token-altogether"))


def _challenge(request: Request) -> bytes:
    """What a callback answers that takes any token."""
    said = request.query["hub.challenge"]
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\n\r\n{said}".encode()


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
def values(meta: Meta) -> Values:
    return demo_values(meta)


async def opened(w: Wizard) -> None:
    """Goes to the webhook and opens it."""
    await w.press("escape", "w")
    await w.until(lambda: isinstance(w.app.screen, WebhookScreen))
    await w.press("w")
    await w.until(lambda: w.live.is_open and w.live.job is None)
    await w.until(lambda: "ours passed" in w.text())


async def metas_handshake(w: Wizard, token: str | None = None) -> int:
    """Meta's call, as the button Verify and save makes it; the status that it met."""
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": token or plain(w.onboarding.values.verify_token or ""),
        "hub.challenge": "1158201444",
    }
    await w.until(lambda: not w.onboarding.testing)
    async with httpx.AsyncClient(trust_env=False) as client:
        url = w.live.callback_url or ""
        answer = await client.get(url, params=query, headers={"User-Agent": USER_AGENT})
        return answer.status_code


def message(text: str, name: str = "Ayu") -> dict[str, Any]:
    contact = {"profile": {"name": name}, "wa_id": "6281234567890"}
    said = {"from": "6281234567890", "id": f"wamid.{text}", "type": "text", "text": {"body": text}}
    return {"contacts": [contact], "messages": [said]}


async def deliver(w: Wizard, value: dict[str, Any], key: Secret | None = None) -> int:
    """A post as Meta makes it, signed with this key or not at all; the status that it met."""
    return await post(w.live.callback_url or "", value, key)


async def post(url: str, value: dict[str, Any], key: Secret | None) -> int:
    change = {"field": "messages", "value": value}
    body = json.dumps({"object": "x", "entry": [{"id": "1", "changes": [change]}]}).encode()
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["X-Hub-Signature-256"] = sign(key, body)
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(url, content=body, headers=headers)).status_code


async def paste(w: Wizard, text: str) -> None:
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


async def listens(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            await client.get(url)
        except httpx.ConnectError:
            return False
    return True


def secret(values: Values) -> Secret:
    assert values.app_secret is not None
    return values.app_secret


async def test_w_opens_the_way_and_the_verify_token_is_proven_by_a_real_handshake(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert f"listens at {w.live.callback_url}" in w.text()
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.PASSED)
        await w.until(lambda: "Verify ✓" in w.text())
        assert w.live.verified is None


async def test_without_a_verify_token_one_is_made_kept_and_shown_at_its_step(
    wizard: Start,
) -> None:
    async with wizard(offering=False) as w:
        await opened(w)
        made = w.onboarding.values.verify_token
        assert made is not None
        await w.until(lambda: w.onboarding.world.values.verify_token == made)
        await w.press("escape")
        await w.go("8.3")
        assert f"{len(made)} characters" in w.text()
        assert plain(made) not in w.text()


async def test_by_hand_both_values_can_be_copied_and_the_token_is_not_shown(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        token = plain(values.verify_token or "")
        assert "Callback URL" in w.text()
        await w.press("u")
        assert w.app.clipboard == w.live.callback_url
        await w.press("v")
        assert w.app.clipboard == token
        assert token not in w.text()


async def test_metas_handshake_is_seen_and_the_walk_says_so(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert await metas_handshake(w) == 200
        await w.until(lambda: "Meta verified the callback" in w.text())
        assert "Meta verified it at" in w.text()
        await w.press("escape")
        await w.go("8.4")
        await w.until(lambda: "✓ Meta verified it at" in w.text())


async def test_a_token_that_differs_by_capitals_is_named_with_its_cure(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert await metas_handshake(w, plain(values.verify_token or "").swapcase()) == 403
        await w.until(lambda: "The verify tokens differ by capital letters" in w.text())
        cure = found("webhook.token_case").fix[0]
        await w.until(lambda: cure[:60] in w.text())


async def test_a_key_registers_the_address_and_meta_calls_it(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: w.live.verified is not None and w.live.job is None)
        await w.until(lambda: "Meta verified it at" in w.text())
        await w.until(lambda: "Meta verified the callback" in w.text())


async def test_somebody_elses_callback_is_asked_about_replaced_and_put_back(
    wizard: Start, meta: Meta, values: Values, serve: Serve
) -> None:
    other = (await serve(_challenge)).url + "/theirs"
    meta.app.subscriptions.append(Subscription(other, ("messages", "account_alerts")))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.until(lambda: other in w.text() and "It takes your verify token" in w.text())
        assert meta.app.subscriptions[0].callback_url == other
        await w.press("enter")
        await w.until(lambda: w.live.verified is not None and w.live.job is None)
        assert meta.app.subscriptions[0].callback_url == w.live.callback_url
        await w.until(lambda: "p put back" in w.text())
        await w.press("p")
        await w.until(lambda: not w.live.replaced and w.live.job is None)
        assert meta.app.subscriptions[0].callback_url == other
        assert set(meta.app.subscriptions[0].fields) == {"messages", "account_alerts"}
        await w.until(lambda: "The callback from before is back" in w.text())


async def test_a_callback_that_cant_be_put_back_is_left_unless_one_insists(
    wizard: Start, meta: Meta, values: Values, serve: Serve
) -> None:
    other = (await serve(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")).url
    meta.app.subscriptions.append(Subscription(other, ("messages",)))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.until(lambda: "can't put it back" in w.text())
        await w.press("enter")
        await w.until(lambda: "Another callback stands on this app" in w.text())
        assert meta.app.subscriptions[0].callback_url == other


async def test_leaving_offers_to_put_back_what_was_replaced(
    wizard: Start, meta: Meta, values: Values, serve: Serve
) -> None:
    other = (await serve(_challenge)).url
    meta.app.subscriptions.append(Subscription(other, ("messages",)))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await w.until(lambda: w.live.verified is not None and w.live.job is None)
        await w.press("ctrl+q")
        await w.until(lambda: f"Put back {other}, then leave" in w.text())
        await w.press("enter")
        await w.gone()
        assert w.app.left_behind is None
    assert meta.app.subscriptions[0].callback_url == other


async def test_registering_without_an_app_secret_says_what_is_missing(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values.with_("app_secret", None)) as w:
        await opened(w)
        assert "once the App Secret is there (step 9.5)" in w.text()
        await w.press("r")
        await w.until(lambda: f"✗  Meta's record  {found('app_secret.missing').title}" in w.text())


async def test_in_the_demo_the_portal_and_a_customer_are_a_key_each(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, portal=Pretended) as w:
        await opened(w)
        assert "a pretended one" in w.text()
        await w.press("b")
        await w.until(lambda: "Meta verified the callback" in w.text())
        await w.press("m")
        await w.until(lambda: '"halo"' in w.text())


async def test_what_meta_met_after_verify_and_save_stands_at_its_record(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, portal=Mistyping) as w:
        await opened(w)
        await w.press("b")
        await w.until(lambda: "✗  Meta's record" in w.text())
        await w.until(lambda: w.live.job is None)
        assert "✓  Handshake" in w.text()
        assert w.live.verified is None


async def test_a_message_and_its_statuses_show_a_line_each(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert await deliver(w, message("halo"), secret(values)) == 200
        status = {"id": "wamid.ABCDEFGH1", "status": "delivered", "recipient_id": "6281234567890"}
        await deliver(w, {"statuses": [status]}, secret(values))
        await w.until(lambda: '+6281234567890  "halo"' in w.text())
        await w.until(lambda: "delivered  wamid…BCDEFGH1" in w.text())
        assert w.text().count("✓ signed") == 2


async def test_what_nobody_signed_is_shown_as_rejected(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert await deliver(w, message("sekali")) == 401
        assert await deliver(w, message("sekali"), Secret("of another app")) == 403
        await w.until(lambda: "no signature" in w.text())
        await w.until(lambda: "signed with another App Secret" in w.text())
        assert "sekali" not in w.text()


async def test_what_strangers_write_does_nothing_to_the_terminal(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        nasty = "\x1b]0;mine\x07 [bold red]x[/] \u202eesrever\n\u2066 [@click=app.quit]y[/]"
        await deliver(w, message(nasty, name="\x1b[2J[/]Ayu"), secret(values))
        await w.until(lambda: "[bold red]x[/]" in w.text())
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, DetailsModal))
        await w.until(lambda: "[@click=app.quit]y[/]" in w.text())
        shown = w.text().replace("\n", "")
        assert all(char.isprintable() for char in shown)


async def test_enter_shows_all_of_a_line(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        await deliver(w, message("halo"), secret(values))
        await w.until(lambda: "halo" in w.text())
        await w.press("enter")
        await w.until(lambda: '"body": "halo"' in w.text())
        assert "x-hub-signature-256" in w.text()
        await w.press("escape")
        assert isinstance(w.app.screen, WebhookScreen)


@pytest.fixture
async def own_app(serve: Serve) -> str:
    return (await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).url


async def test_a_delivery_is_replayed_to_ones_own_app_which_is_asked_for_once(
    wizard: Start, values: Values, own_app: str
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        await deliver(w, message("halo"), secret(values))
        await w.until(lambda: "halo" in w.text())
        await w.press("f")
        assert isinstance(w.app.screen, AskModal)
        await w.press("ctrl+u")
        await paste(w, own_app)
        await w.press("enter")
        await w.until(lambda: "→ 200" in w.text())
        assert f"→  {own_app}" in w.text()
        await deliver(w, message("lagi"), secret(values))
        await w.until(lambda: w.text().count("→ 200") == 2)


async def test_an_app_that_stops_answering_is_told_of_until_it_answers_again(
    wizard: Start, values: Values, own_app: str
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        w.live.pass_on_to("http://127.0.0.1:9/webhook")
        await deliver(w, message("one"), secret(values))
        await w.until(lambda: "→ not running" in w.text())
        assert "does not answer" not in w.text()
        await deliver(w, message("two"), secret(values))
        await w.until(lambda: "http://127.0.0.1:9/webhook does not answer" in w.text())
        w.live.pass_on_to(own_app)
        await w.press("f")
        await w.until(lambda: "→ 200" in w.text())
        assert "does not answer" not in w.text()


async def test_an_address_that_is_none_is_not_taken(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        await w.press("f", "ctrl+u", *"localhost", "enter")
        assert "begins with http:// or https://" in w.text()
        assert isinstance(w.app.screen, AskModal)
        await w.press("ctrl+u", "enter")
        await w.until(lambda: isinstance(w.app.screen, WebhookScreen))
        assert w.live.forward_to is None


async def test_without_an_authtoken_one_is_asked_for_and_never_shown(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values, tunnels=Needy) as w:
        await w.press("w")
        await w.press("w")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, AuthtokenModal))
        await paste(w, f"\nngrok config add-authtoken {AUTHTOKEN}\n")
        assert AUTHTOKEN not in w.text()
        await w.press("enter")
        await w.until(lambda: w.live.is_open)
        assert w.live.way == Way(authtoken=Secret(AUTHTOKEN))


async def test_an_address_of_ones_own_is_another_way_in(
    wizard: Start, values: Values, own_app: str
) -> None:
    async with wizard(values=values, tunnels=Needy) as w:
        await w.press("w", "a")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("down", "enter")
        await w.until(lambda: isinstance(w.app.screen, AskModal))
        await w.press("ctrl+u", *"ftp:", "enter")
        assert "begins with https://" in w.text()
        await w.press("ctrl+u")
        await paste(w, own_app)
        await w.press("enter")
        await w.until(lambda: w.live.way == Way("url", own_app))


async def test_a_stage_that_failed_stands_there_with_its_cause_and_its_keys(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values, tunnels=Blocked, size=(80, 24)) as w:
        await w.press("w", "w")
        await w.until(lambda: "✗  Tunnel" in w.text())
        await w.until(lambda: "w  tries again" in w.text())
        shown = w.text()
        assert "✓  Endpoint" in shown
        assert found("tunnel.blocked").cause[:40] in shown
        assert found("tunnel.blocked").fix[0][:40] in shown
        assert "listen --" not in shown
        assert "–  Handshake" in shown


async def test_ending_it_closes_the_port_and_says_first_that_meta_goes_on_calling(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        await metas_handshake(w)
        await w.until(lambda: w.live.verified is not None)
        url = w.live.callback_url or ""
        await w.press("x")
        await w.until(lambda: "Meta goes on calling it" in w.text())
        await w.press("enter")
        await w.until(lambda: w.live.connection is None and w.live.job is None)
        await w.until(lambda: f"Meta still calls {url}" in w.text())
        assert not await listens(url)


async def test_the_way_stays_open_while_one_walks_on_and_closes_on_leaving(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        url = w.live.callback_url or ""
        await w.press("escape")
        await w.go("9.1")
        assert await metas_handshake(w) == 200
        await w.until(lambda: w.live.verified is not None)
        await w.press("ctrl+q")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        assert "whatsapp-wizard listen" in w.text()
        await w.press("enter")
        await w.gone()
        assert w.app.left_behind == url
    assert not await listens(url)


async def test_leaving_while_the_tunnel_is_still_being_opened_leaves_nothing_behind(
    wizard: Start, values: Values
) -> None:
    begun = asyncio.Event()
    ports = []

    class Slow(Direct):
        async def open(self, port: int) -> str:
            ports.append(port)
            begun.set()
            await asyncio.sleep(3600)
            return ""

    async with wizard(values=values, tunnels=Slow) as w:
        await w.press("w", "w")
        await begun.wait()
        await w.until(lambda: "◌  Tunnel" in w.text())
        await w.press("ctrl+q")
        await w.gone()
    assert not await listens(f"http://127.0.0.1:{ports[0]}/webhook")


async def test_nothing_is_asked_on_leaving_where_nothing_was_opened(wizard: Start) -> None:
    async with wizard() as w:
        await w.press("w", "ctrl+q")
        await w.gone()
        assert w.app.left_behind is None


async def test_w_is_offered_in_the_chapters_it_is_about_and_works_in_all(wizard: Start) -> None:
    async with wizard() as w:
        assert "w webhook" not in w.text().splitlines()[-1]
        commands = {command.title for command in w.app.get_system_commands(w.walk)}
        assert "Webhook" in commands
        await w.press("w")
        assert isinstance(w.app.screen, WebhookScreen)
        await w.press("escape")
        await w.go("8.2")
        assert "w webhook" in w.text().splitlines()[-1]
        await w.until(lambda: "not open" in w.text())


async def test_a_flood_leaves_the_last_lines_and_a_screen_that_still_answers(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        traffic, now = w.live.traffic, w.onboarding.world.clock()
        for _ in range(2000):
            traffic.take(Rejected("unsigned", 401, now), now)
        await deliver(w, {"statuses": [{"id": f"wamid.{n}"} for n in range(600)]}, secret(values))
        await w.until(lambda: "and 580 more in the same body" in w.text())
        assert w.app.screen.query_one(TrafficList).option_count == 499 + 21
        await w.press("up", "enter")
        await w.until(lambda: isinstance(w.app.screen, DetailsModal))


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40)])
async def test_the_essentials_are_in_sight_at_any_size(
    wizard: Start, values: Values, size: tuple[int, int]
) -> None:
    async with wizard(values=values, size=size) as w:
        await opened(w)
        shown = w.text()
        assert all(part in shown for part in ("Endpoint", "Tunnel", "Handshake", "Meta's record"))
        assert all(part in shown for part in ("Callback URL", "Verify token", "r register"))
        await deliver(w, message("halo"), secret(values))
        await w.until(lambda: "halo" in w.text())


async def test_what_is_remembered_of_the_webhook_survives_the_run(
    wizard: Start, values: Values, tmp_path: Path
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        url = w.live.callback_url
        await w.press("ctrl+q", "enter")
        await w.gone()
    saved = json.loads((tmp_path / "state" / "state.json").read_text("utf-8"))
    assert saved["profiles"]["test"]["webhook"]["callback_url"] == url
