"""What a way in takes: a verify token, a choice where ngrok has no authtoken, and Meta's word."""

from __future__ import annotations

import shutil
from typing import Any
from urllib.parse import urlsplit

from textual.app import App

from wizard.tui.controllers.draft_tester import Bench
from wizard.tui.controllers.webhook import Live
from wizard.tui.dialogs.ask import AskModal, AuthtokenModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.foreign_callback import foreign_modal
from wizard.tunnel.tunnel import OwnUrl
from wizard.world import Way

_TEXT = "Meta calls public addresses only, so something has to lead from one to this machine."
_NGROK = ("ngrok", "ngrok, as it is set up on this machine")
_AUTHTOKEN = ("authtoken", "ngrok, with an authtoken that I enter now (a free account has one)")
_CLOUDFLARED = ("cloudflared", "cloudflared, found on this machine (needs no account)")
_OWN = ("url", "A public address of my own: a reverse proxy, or another tunnel")


async def choose_way(app: App[Any]) -> Way | None:
    """The way that was chosen; `None` where none was."""
    answers = [_AUTHTOKEN, *([_CLOUDFLARED] if shutil.which("cloudflared") else []), _OWN, _NGROK]
    answer = await app.push_screen_wait(ChoiceModal("Which way in?", _TEXT, answers))
    if answer == "authtoken":
        token = await app.push_screen_wait(AuthtokenModal())
        return Way(authtoken=token) if token else None
    if answer == "url":
        url = await app.push_screen_wait(_ask_for_own())
        return Way("url", url) if url else None
    return {"cloudflared": Way("cloudflared"), "ngrok": Way()}.get(answer or "")


def has_token(app: App[Any], live: Live, bench: Bench) -> bool:
    """Whether there is a verify token; where there was none, one is made and told of."""
    if live.onboarding.values.verify_token is None:
        if (token := bench.offer("verify_token")) is None:
            return False
        bench.take_all({"verify_token": token})
        app.notify("Step 8.3 has it.", title="A verify token was made")
    return True


async def register(app: App[Any], live: Live, bench: Bench) -> bool:
    """Has Meta register this machine, after opening the way to it where none is open; whether
    that was tried. What came of it stands in `live`."""
    if live.is_open or await _opened(app, live, bench):
        live.register()
        await live.done()
    if (foreign := live.foreign) is not None:
        live.foreign = None
        if await app.push_screen_wait(foreign_modal(foreign)) != "replace":
            return False
        live.register(replace_foreign=True)
        await live.done()
    return True


async def _opened(app: App[Any], live: Live, bench: Bench) -> bool:
    if has_token(app, live, bench):
        live.open()
        await live.done()
    if live.needs_authtoken and (way := await choose_way(app)) is not None:
        live.open(way)
        await live.done()
    return live.is_open


def _ask_for_own() -> AskModal:
    text = "It has to lead to the port on this machine that the next screen names."
    return AskModal("Your public address", text, "https://", _wrong_public)


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
    return "" if good else "An address begins with http:// or https:// and names a host."
