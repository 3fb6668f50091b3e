"""Every key and every sign, on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

_KEYS = {
    "Moving": (
        ("enter", "next step; in a field: test what is in it, then go on"),
        ("← or b", "the step before"),
        ("/", "go to a step by number or words"),
        ("↑ ↓", "scroll the step; also page up and page down"),
        ("s", "leave out a chapter, where offered; u takes it up"),
    ),
    "The page of a step": (
        ("o, ctrl+o", "open it in the browser; a QR code where there is none"),
        ("c", "copy its address"),
    ),
    "A field": (
        ("paste", "a value, or all that a curl sample, a page, a .env holds"),
        ("ctrl+r", "show or hide a secret"),
        ("ctrl+g", "make a verify token; in the demo, take its value"),
        ("ctrl+s", "keep a value that did not pass, marked untested"),
        ("tab", "from field to field, and to what Meta offers"),
        ("esc", "leave the field, so that single keys work again"),
    ),
    "The webhook": (
        ("w", "go there from any step; there, open the way to here"),
        ("a", "another way in: ngrok, cloudflared, an address of yours"),
        ("r", "have Meta register it"),
        ("p", "put back the address that stood there before"),
        ("u, v", "copy the Callback URL; the Verify token"),
        ("enter", "see all of a line: headers and JSON"),
        ("f, F", "pass it on to your own app; name another app"),
        ("q", "a code by which a phone writes to your number"),
        ("x", "end tunnel and endpoint"),
    ),
    "The doctor": (
        ("d, F2", "ask why the webhook does not verify, or no message comes"),
        ("enter", "ask one rung again; ↑ ↓ show what was found on each"),
        ("r, s", "have Meta register the address; subscribe the WABA"),
        ("g, o", "go to the step of the cause; open its page"),
        ("y", "copy all evidence, without secrets"),
    ),
    "I have a token": (
        ("i", "go there from any step"),
        ("paste", "token, App Secret, both or a whole .env, wherever you are"),
        ("↑ ↓ enter", "choose a number; typing narrows a long list"),
        ("n, a", "another number; the token's app in place of the stored one"),
        ("enter", "store what was named; once more: on to the webhook"),
        ("o, ctrl+o", "open the page of what is to be pasted next"),
    ),
    "Another access token": (
        ("r", "replace the stored one; esc r while a field is open"),
        ("paste", "tests it at once, and swaps it in if it passes"),
        ("l, ctrl+l", "exchange it first for one of 60 days; R begins so"),
        ("o, c", "open its page, or copy the address"),
        ("p, g", "go to the permanent token; to the step of what is wrong"),
    ),
    "A message": (
        ("m", "write one: to whom, and a text or a template"),
        ("ctrl+g", "fill in who wrote last; in the demo, its pretended phone"),
        ("ctrl+t", "choose among the approved templates"),
        ("enter", "look it over; once more sends it"),
        ("r", "register the number that sends, with its PIN"),
        ("f, t, a", "after a failure: other form, template instead, again"),
        ("n", "write another one"),
    ),
    "Profiles": (
        ("p", "go there from any step; a click on the name at the top does too"),
        ("enter", "go on with another one"),
        ("n, r, c, x", "a new one; rename, copy, delete the chosen one"),
    ),
    "Everywhere": (
        ("t", "test all values again, where a step shows some"),
        ("ctrl+p", "all commands, themes among them"),
        ("ctrl+q", "leave; you come back to the same step"),
    ),
    "Signs": (
        ("– •", "absent; stored and not tested yet"),
        ("◌ ✓ ✗", "asking Meta; passed; failed"),
        ("! ?", "a warning; no answer"),
        ("▸", "where you are; in a list, the line that enter takes"),
    ),
}


class HelpModal(ModalScreen[None]):
    """Closes on escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark,f1", "dismiss(None)", "close")
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="modal help") as modal:
            modal.border_title = "Keys and signs"
            modal.border_subtitle = "esc closes"
            for title, keys in _KEYS.items():
                yield Static(title, classes="help-title")
                for key, does in keys:
                    yield Static(Content.assemble((f"{key:<11}", "$accent"), does))
