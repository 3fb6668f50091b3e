"""Every key and every sign, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from wizard.tui.widgets.once import ModalScreen, Static, VerticalScroll

_KEYS = {
    "Moving around": (
        ("enter", "next step; in a field: test the value, then continue"),
        ("← or b", "previous step"),
        ("/", "go to a step by number or words"),
        ("↑ ↓", "scroll the step; also page up and page down"),
        ("s", "skip a chapter, if offered; u undoes it"),
        ("→", "next step, also where enter skips what yields nothing"),
        ("n", "leave what the token offers"),
        ("1 to 9", "open a link of the step; on the summary, copy a snippet"),
        ("h", "the start page"),
    ),
    "The page of a step": (
        ("o, ctrl+o", "open it in the browser; without a browser, show a QR code"),
        ("c", "copy its URL"),
        ("l, ctrl+l", "switch to the other layout of Meta's portal"),
    ),
    "A field": (
        ("paste", "a value, or everything in a curl sample, a page or a .env file"),
        ("ctrl+r", "show or hide a secret"),
        ("ctrl+g", "generate a verify token; in the demo, use the demo value"),
        ("e", "edit the value that is there; it is stored on enter"),
        ("ctrl+z", "undo the last change at this step"),
        ("m", "move a value to the field it belongs to, if Meta says so"),
        ("ctrl+s", "store a value that did not pass, marked untested"),
        ("tab", "next field, and the values Meta offers"),
        ("esc", "leave the field, so that single keys work again"),
    ),
    "The webhook": (
        ("w", "open it from any step; there, start it"),
        ("a", "choose another tunnel: ngrok, cloudflared, your own URL"),
        ("r", "register it with Meta"),
        ("p", "restore the previous callback URL"),
        ("u, v", "copy the callback URL; the verify token"),
        ("enter", "show all of an event: headers and JSON"),
        ("f, F", "forward an event to your own app; change the forwarding URL"),
        ("q", "show a QR code that writes to your number"),
        ("x", "stop the tunnel and the endpoint"),
    ),
    "The doctor": (
        ("d, F2", "find out why it doesn't verify, or no message arrives"),
        ("enter", "run one check again; ↑ ↓ show what each found"),
        ("r, s", "register the URL with Meta; subscribe the app to the WABA"),
        ("g, o", "go to the step with the fix; open its page"),
        ("y", "copy the full report, without secrets"),
    ),
    "I have a token": (
        ("i", "open it from any step"),
        ("paste", "token, App Secret, both or a whole .env, anywhere"),
        ("↑ ↓ enter", "choose a number; typing narrows a long list"),
        ("n, a", "choose another number; use the token's app"),
        ("enter", "store the values; again: continue to the webhook"),
        ("o, ctrl+o", "open the page with the next value"),
    ),
    "Replace the access token": (
        ("r", "open it; esc r while typing in a field"),
        ("paste", "test it, and replace the stored one if it passes"),
        ("l, ctrl+l", "exchange it for a long-lived token first; R starts with that"),
        ("o, c", "open its page, or copy the URL"),
        ("p, g", "get a permanent token; go to the step with the fix"),
    ),
    "A message": (
        ("m", "write one: recipient, and a text or a template"),
        ("ctrl+g", "reply to the last sender; in the demo, to the simulated phone"),
        ("ctrl+t", "choose an approved template"),
        ("enter", "review it; again: send it"),
        ("r", "register the sending number with its PIN"),
        ("f, t, a", "after a failure: other format, template instead, resend"),
        ("n", "write a new message"),
    ),
    "Profiles": (
        ("p", "open it from any step, or click the name at the top"),
        ("enter", "switch to another one"),
        ("n, r, c, x", "create one; rename, copy, delete the selected one"),
    ),
    "Everywhere": (
        ("t", "test all values on this step again"),
        ("ctrl+p", "all commands and themes"),
        ("ctrl+q", "quit; you continue at the same step"),
    ),
    "Symbols": (
        ("– •", "missing; stored and not tested yet"),
        ("◌ ✓ ✗", "testing; passed; failed"),
        ("! ?", "a warning; no answer"),
        ("▸", "where you are; in a list, the line enter selects"),
    ),
}


class HelpModal(ModalScreen[None]):
    """Closes on escape. Begins with the keys of the screen that it is opened from: `here` names
    each key, and what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark,f1", "dismiss(None)", "close")
    ]

    def __init__(self, here: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._here = tuple(here)

    def compose(self) -> ComposeResult:
        sections = {"On this screen": self._here, **_KEYS} if self._here else _KEYS
        with VerticalScroll(classes="modal help") as modal:
            modal.border_title = "Keys and symbols"
            modal.border_subtitle = "esc close"
            for title, keys in sections.items():
                yield Static(title, classes="help-title")
                for key, does in keys:
                    yield Static(Content.assemble((f"{key:<11}", "$accent"), does))
