"""The way from Meta to this machine: opened, failed, looked at, ended."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.tui.conftest import Direct, Start
from tests.tui.screens.webhook.playing import (
    AUTHTOKEN,
    Blocked,
    Needy,
    deliver,
    listens,
    message,
    metas_handshake,
    opened,
    paste,
    secret,
)
from wizard.findings import new_finding
from wizard.journeys.onboarding.chip import Chip
from wizard.tui.dialogs.ask import AskModal, AuthtokenModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.values.credentials import Secret, Values, plain
from wizard.world import TunnelOptions


async def test_w_opens_the_way_and_the_verify_token_is_proven_by_a_real_handshake(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert f"listens at {w.webhook.callback_url}" in w.text()
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.PASSED)
        await w.until(lambda: "Verify ✓" in w.text())
        assert w.webhook.verified is None


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
        assert w.app.clipboard == w.webhook.callback_url
        await w.press("v")
        assert w.app.clipboard == token
        assert token not in w.text()


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
        await w.until(lambda: w.webhook.is_open)
        assert w.webhook.tunnel_options == TunnelOptions(authtoken=Secret(AUTHTOKEN))


async def test_an_address_of_ones_own_is_another_way_in(
    wizard: Start, values: Values, own_app: str
) -> None:
    async with wizard(values=values, tunnels=Needy) as w:
        await w.press("w", "a")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("down", "down", "enter")
        await w.until(lambda: isinstance(w.app.screen, AskModal))
        await w.press("ctrl+u", *"ftp:", "enter")
        assert "begins with https://" in w.text()
        await w.press("ctrl+u")
        await paste(w, own_app)
        await w.press("enter")
        await w.until(lambda: "must lead to http://127.0.0.1:PORT" in w.text())
        await w.press("enter")
        chosen = TunnelOptions("url", own_app, port=8000)
        await w.until(lambda: w.webhook.tunnel_options == chosen)


async def test_a_stage_that_failed_stands_there_with_its_cause_and_its_keys(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values, tunnels=Blocked, size=(80, 24)) as w:
        await w.press("w", "w")
        await w.until(lambda: "✗  Tunnel" in w.text())
        await w.until(lambda: "w  try again" in w.text())
        shown = w.text()
        assert "✓  Endpoint" in shown
        assert new_finding("tunnel.blocked").cause[:40] in shown
        assert new_finding("tunnel.blocked").fix[0][:40] in shown
        assert "listen --" not in shown
        assert "–  Verification" in shown


async def test_ending_it_closes_the_port_and_says_first_that_meta_goes_on_calling(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        await metas_handshake(w)
        await w.until(lambda: w.webhook.verified is not None)
        url = w.webhook.callback_url or ""
        await w.press("x")
        await w.until(lambda: "Meta keeps calling it" in w.text())
        await w.press("enter")
        await w.until(lambda: w.webhook.connection is None and w.webhook.job is None)
        await w.until(lambda: f"Meta still calls {url}" in w.text())
        assert not await listens(url)


async def test_the_way_stays_open_while_one_walks_on_and_closes_on_leaving(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        url = w.webhook.callback_url or ""
        await w.press("escape")
        await w.go("9.1")
        assert await metas_handshake(w) == 200
        await w.until(lambda: w.webhook.verified is not None)
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
        assert "w webhook" not in w.last_line()
        commands = {command.title for command in w.app.get_system_commands(w.walk)}
        assert "Open the webhook" in commands
        await w.press("w")
        assert isinstance(w.app.screen, WebhookScreen)
        await w.press("escape")
        await w.go("8.2")
        assert "w webhook" in w.last_line()
        await w.until(lambda: "not running" in w.text())


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40)])
async def test_the_essentials_are_in_sight_at_any_size(
    wizard: Start, values: Values, size: tuple[int, int]
) -> None:
    async with wizard(values=values, size=size) as w:
        await opened(w)
        shown = w.text()
        assert all(part in shown for part in ("Endpoint", "Tunnel", "Verification", "Registration"))
        assert all(part in shown for part in ("Callback URL", "Verify token", "r register"))
        await deliver(w, message("halo"), secret(values))
        await w.until(lambda: "halo" in w.text())


async def test_what_is_remembered_of_the_webhook_survives_the_run(
    wizard: Start, values: Values, tmp_path: Path
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        url = w.webhook.callback_url
        await w.press("ctrl+q", "enter")
        await w.gone()
    saved = json.loads((tmp_path / "state" / "state.json").read_text("utf-8"))
    assert saved["profiles"]["test"]["webhook"]["callback_url"] == url
