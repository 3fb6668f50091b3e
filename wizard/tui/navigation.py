"""The screens that one visits from the walk, and comes back from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.screen import Screen

from wizard.tui.places import DOCTOR, LONGER, ROTATE, SEND, TOKEN, WEBHOOK

if TYPE_CHECKING:
    from wizard.tui.controllers.draft_tester import DraftTester
    from wizard.tui.controllers.webhook import WebhookController


@dataclass(frozen=True)
class Destination:
    """A screen with a key of its own; it returns the id of a step or the name of a room to go on
    to. The footer shows its `label` in these chapters, or in all of them where there are none; the
    palette shows its `title`. One may be there `at_once`, before the stored values are."""

    name: str
    key: str
    label: str
    title: str
    opens: Callable[[WebhookController, DraftTester], Screen[str | None]]
    chapters: frozenset[int] = frozenset()
    at_once: bool = False

    def bindings(self) -> Iterator[Binding]:
        """The key as the footer shows it, and the same key where it does not."""
        visit = f"visit('{self.name}'"
        yield Binding(self.key, f"{visit})", self.label, tooltip=self.title)
        yield Binding(self.key, f"{visit}, True)", self.label, show=False, tooltip=self.title)


# Each screen is loaded when it is opened: all of them would cost the first one its time.


def _open_token(webhook: WebhookController, draft_tester: DraftTester) -> Screen[str | None]:
    from wizard.tui.screens.quick_setup.screen import QuickSetupScreen

    return QuickSetupScreen(webhook, draft_tester)


def _open_rotation(webhook: WebhookController, draft_tester: DraftTester) -> Screen[str | None]:
    from wizard.tui.screens.rotation.screen import RotationScreen

    return RotationScreen(webhook, draft_tester)


def _open_longer(webhook: WebhookController, draft_tester: DraftTester) -> Screen[str | None]:
    from wizard.tui.screens.rotation.screen import RotationScreen

    return RotationScreen(webhook, draft_tester, long_lived=True)


def _open_webhook(webhook: WebhookController, draft_tester: DraftTester) -> Screen[str | None]:
    from wizard.tui.screens.webhook.screen import WebhookScreen

    return WebhookScreen(webhook, draft_tester)


def _open_doctor(webhook: WebhookController, draft_tester: DraftTester) -> Screen[str | None]:
    """Where nothing is stored, a URL is asked for: all the rest would be found missing."""
    from wizard.tui.screens.doctor.screen import DoctorScreen
    from wizard.tui.screens.doctor.url_screen import UrlDoctorScreen

    if any(webhook.onboarding.values.present()):
        return DoctorScreen(webhook, draft_tester)
    return UrlDoctorScreen(webhook)


def _open_send(webhook: WebhookController, draft_tester: DraftTester) -> Screen[str | None]:
    from wizard.tui.screens.send.screen import SendScreen

    return SendScreen(webhook, draft_tester)


DESTINATIONS = {
    room.name: room
    for room in (
        Destination(TOKEN, "i", "have a token", "Start from a token", _open_token, frozenset({1})),
        Destination(
            ROTATE,
            "r",
            "replace token",
            "Replace the access token",
            _open_rotation,
            frozenset({7, 10, 12}),
            at_once=True,
        ),
        Destination(
            LONGER,
            "R",
            "long-lived",
            "Get a long-lived token",
            _open_longer,
            frozenset({12}),
            at_once=True,
        ),
        Destination(WEBHOOK, "w", "webhook", "Open the webhook", _open_webhook, frozenset({8, 11})),
        Destination(DOCTOR, "d", "doctor", "Run the doctor", _open_doctor),
        Destination(SEND, "m", "send", "Send a message", _open_send, frozenset({8, 11})),
    )
}
