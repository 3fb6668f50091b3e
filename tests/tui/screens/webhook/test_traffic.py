"""What comes in, on screen, and passed on to an app of one's own."""

from base64 import b64encode
from functools import partial

from tests.tui.conftest import Start
from tests.tui.screens.webhook.playing import deliver, message, opened, paste, secret
from wizard.tui.dialogs.ask import AskModal
from wizard.tui.dialogs.details import DetailsModal
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.tui.screens.webhook.traffic_list import TrafficList
from wizard.values.credentials import Secret, Values, plain
from wizard.webhook.event_queue import Rejected


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
        w.webhook.forward_to_url("http://127.0.0.1:9/webhook")
        await deliver(w, message("one"), secret(values))
        await w.until(lambda: "→ not running" in w.text())
        assert "does not respond" not in w.text()
        await deliver(w, message("two"), secret(values))
        await w.until(lambda: "http://127.0.0.1:9/webhook does not respond" in w.text())
        w.webhook.forward_to_url(own_app)
        await w.press("f")
        await w.until(lambda: "→ 200" in w.text())
        assert "does not respond" not in w.text()


async def test_an_address_that_is_none_is_not_taken(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        await w.press("f", "ctrl+u", *"localhost", "enter")
        assert "begins with http:// or https://" in w.text()
        assert isinstance(w.app.screen, AskModal)
        await w.press("ctrl+u", "enter")
        await w.until(lambda: isinstance(w.app.screen, WebhookScreen))
        assert w.webhook.forward_to is None


async def test_a_flood_leaves_the_last_lines_and_a_screen_that_still_answers(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        traffic, now = w.webhook.traffic, w.onboarding.world.clock()
        for _ in range(2000):
            traffic.handle_event(Rejected("unsigned", 401, now), now)
        await deliver(w, {"statuses": [{"id": f"wamid.{n}"} for n in range(600)]}, secret(values))
        await w.until(lambda: "and 580 more in the same body" in w.text())
        assert w.app.screen.query_one(TrafficList).option_count == 499 + 21
        await w.press("up", "enter")
        await w.until(lambda: isinstance(w.app.screen, DetailsModal))


async def test_a_secret_in_what_came_in_is_shown_nowhere(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        token = plain(values.access_token or "")

        def shows(text: str) -> bool:
            return text in w.text()

        forms = (token, token[::-1], token.swapcase(), b64encode(token.encode()).decode())
        for number, form in enumerate(forms):
            await deliver(w, message(f"number {number} {form}"), secret(values))
            await w.until(partial(shows, f"number {number}"))
            await w.press("enter")
            await w.until(lambda: isinstance(w.app.screen, DetailsModal))
            await w.until(lambda: '"object"' in w.text())
            assert form[:12] not in w.text()
            await w.press("escape")
            assert form[:12] not in w.text()
            w.app.notify(f"It said {form}", title=form)
            await w.until(lambda: len(w.app._notifications) == 1)
            (told,) = w.app._notifications
            assert form[:12] not in f"{told.message} {told.title}"
            w.app.clear_notifications()
