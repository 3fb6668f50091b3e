"""A broken URL of somebody who has stored nothing, from the welcome to its cause."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events

from tests.loopback import Answer, Request, Server
from tests.tui.conftest import Start, Wizard
from wizard.tui.screens.quick_setup.screen import QuickSetupScreen
from wizard.tui.screens.url_doctor.screen import UrlDoctorScreen
from wizard.tui.screens.welcome.screen import WelcomeScreen

OPEN = "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"


def endpoint(token: str, quoted: bool) -> Answer:
    """Verifies with this token, and may put the challenge into quotes as a framework does."""

    def answer(request: Request) -> bytes:
        right = request.query.get("hub.verify_token") == token
        challenge = request.query.get("hub.challenge", "")
        body = (f'"{challenge}"' if quoted else challenge) if right else "no"
        status = "200 OK" if right else "403 Forbidden"
        return OPEN.format(status=status, length=len(body), body=body).encode()

    return answer


@asynccontextmanager
async def served(answer: Answer) -> AsyncIterator[str]:
    server = Server((answer,))
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield f"{server.url}/webhook"
    finally:
        listening.close()
        await server.end()


async def type_into(w: Wizard, text: str) -> None:
    """What a paste is: one event, whatever its length."""
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


async def test_from_nothing_stored_to_the_cause_in_eight_keys_and_two_pastes(
    wizard: Start,
) -> None:
    async with (
        served(endpoint("s3cret-token-of-a-server", quoted=True)) as url,
        wizard(welcome=True) as w,
    ):
        keys = ["down", "down", "down", "enter"]
        await w.press(*keys)
        await w.until(lambda: isinstance(w.app.screen, UrlDoctorScreen))
        await type_into(w, url)
        await w.press("enter")
        await type_into(w, "s3cret-token-of-a-server")
        await w.press("enter", "enter")
        keys += ["enter"] * 3
        await w.until(lambda: "quotes" in w.text() or "quoted" in w.text())
        title = w.text().splitlines()[2]
        assert "✗" in title
        assert len(keys) <= 8
        assert not any(w.onboarding.known.present())


async def test_a_url_that_verifies_is_said_to(wizard: Start) -> None:
    async with served(endpoint("s3cret-token-of-a-server", quoted=False)) as url, wizard() as w:
        await w.press("d")
        await w.until(lambda: isinstance(w.app.screen, UrlDoctorScreen))
        await type_into(w, url)
        await w.press("enter")
        await type_into(w, "s3cret-token-of-a-server")
        await w.press("enter", "enter")
        await w.until(lambda: "✓  The URL verifies" in w.text())


async def test_escape_leads_back_to_where_one_came_from(wizard: Start) -> None:
    async with wizard(welcome=True) as w:
        await w.press("down", "down", "down", "enter")
        await w.until(lambda: isinstance(w.app.screen, UrlDoctorScreen))
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, WelcomeScreen))
        await w.press("escape")
        await w.until(lambda: w.app.screen is w.walk)
        await w.press("d")
        await w.until(lambda: isinstance(w.app.screen, UrlDoctorScreen))
        await w.press("escape")
        await w.until(lambda: w.app.screen is w.walk)
        await w.press("h")
        await w.until(lambda: isinstance(w.app.screen, WelcomeScreen))


async def test_the_short_way_is_offered_beside(wizard: Start) -> None:
    async with wizard() as w:
        await w.press("d")
        await w.until(lambda: isinstance(w.app.screen, UrlDoctorScreen))
        assert "whatsapp-wizard import FILE" in w.text()
        await w.press("down", "down", "down", "enter")
        await w.until(lambda: isinstance(w.app.screen, QuickSetupScreen))
