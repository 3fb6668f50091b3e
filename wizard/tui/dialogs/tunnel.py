"""What a way in takes: a verify token, a choice where ngrok has no authtoken, and Meta's word."""

from __future__ import annotations

import shutil
from typing import Any
from urllib.parse import urlsplit

from textual.app import App

from wizard.tui.clipboard import copy
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.ask import AskModal, AuthtokenModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.foreign_callback import foreign_modal
from wizard.tunnel.tunnel import OwnUrl
from wizard.world import TunnelOptions

_TEXT = (
    "Meta calls public URLs only, so you need a tunnel or a public URL that leads to this machine."
)
_NGROK = ("ngrok", "ngrok, as set up on this machine")
_AUTHTOKEN = ("authtoken", "ngrok, with an authtoken that you enter now (free accounts have one)")
_CLOUDFLARED = ("cloudflared", "cloudflared, found on this machine (needs no account)")
_NO_CLOUDFLARED = ("install", "cloudflared (needs no account): copy the line that installs it")
_INSTALL = {
    "brew": "brew install cloudflared",
    "winget": "winget install --id Cloudflare.cloudflared",
    "pacman": "sudo pacman -S cloudflared",
}
_DOWNLOAD = "https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/"
_PORT, _PORTS = 8000, 65536
_OWN = ("url", "Your own public URL: a reverse proxy or another tunnel")


async def choose_tunnel(app: App[Any]) -> TunnelOptions | None:
    """The way that was chosen; `None` where none was."""
    cloudflared = _CLOUDFLARED if shutil.which("cloudflared") else _NO_CLOUDFLARED
    answers = [_AUTHTOKEN, cloudflared, _OWN, _NGROK]
    answer = await app.push_screen_wait(ChoiceModal("Which tunnel?", _TEXT, answers))
    if answer == "authtoken":
        token = await app.push_screen_wait(AuthtokenModal())
        return TunnelOptions(authtoken=token) if token else None
    if answer == "url":
        return await _own_tunnel(app)
    if answer == "install":
        copy(app, _install_line(), f"To install it: {_install_line()}")
        return None
    return {"cloudflared": TunnelOptions("cloudflared"), "ngrok": TunnelOptions()}.get(answer or "")


def ensure_verify_token(
    app: App[Any], webhook: WebhookController, draft_tester: DraftTester
) -> bool:
    """Whether there is a verify token; where there was none, one is made and told of."""
    if webhook.onboarding.values.verify_token is None:
        if (token := draft_tester.suggest("verify_token")) is None:
            return False
        draft_tester.take_all({"verify_token": token})
        app.notify("You find it in step 8.3.", title="Verify token generated")
    return True


async def register(app: App[Any], webhook: WebhookController, draft_tester: DraftTester) -> bool:
    """Has Meta register this machine, after opening the way to it where none is open; whether
    that was tried. What came of it stands in `webhook`."""
    if webhook.is_open or await _opened(app, webhook, draft_tester):
        webhook.register()
        await webhook.wait_idle()
    if (foreign := webhook.foreign) is not None:
        webhook.foreign = None
        if await app.push_screen_wait(foreign_modal(foreign)) != "replace":
            return False
        webhook.register(replace_foreign=True)
        await webhook.wait_idle()
    return True


async def _opened(app: App[Any], webhook: WebhookController, draft_tester: DraftTester) -> bool:
    if ensure_verify_token(app, webhook, draft_tester):
        webhook.open()
        await webhook.wait_idle()
    if webhook.needs_authtoken and (way := await choose_tunnel(app)) is not None:
        webhook.open(way)
        await webhook.wait_idle()
    return webhook.is_open


async def _own_tunnel(app: App[Any]) -> TunnelOptions | None:
    text = "It must lead to a port on this machine, which you choose next."
    url = await app.push_screen_wait(AskModal("Your public URL", text, "https://", _wrong_public))
    if not url:
        return None
    text = f"{url} must lead to http://127.0.0.1:PORT on this machine."
    port = await app.push_screen_wait(AskModal("The port", text, f"{_PORT}", _wrong_port))
    return TunnelOptions("url", url, int(port)) if port else None


def _wrong_port(text: str) -> str:
    good = text.isascii() and text.isdigit() and 0 < int(text) < _PORTS
    return "" if good else "A port is a number from 1 to 65535."


def _install_line() -> str:
    """How cloudflared comes onto this machine, by what there is to install it with:
    https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/
    """
    return next((line for tool, line in _INSTALL.items() if shutil.which(tool)), _DOWNLOAD)


def _wrong_public(url: str) -> str:
    try:
        OwnUrl(url)
    except ValueError as error:
        return f"{error}"[:1].upper() + f"{error}."[1:]
    return ""


def wrong_app(url: str) -> str:
    """What is the matter with the address of somebody's own app; an empty one is none."""
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0)
    except ValueError:
        good = False
    return "" if good else "A URL begins with http:// or https:// and names a host."
