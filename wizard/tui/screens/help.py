"""Every key and every sign, on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Markdown

_HELP = """\
**Moving**

| key | does |
|---|---|
| enter | next step; in a field: test what is in it, then go on |
| ← or b | the step before |
| / | go to a step by number or word |
| ↑ ↓ pgup pgdn | scroll the step |
| s | leave out a chapter you don't need, where the step offers it |

**The page of a step**

| key | does |
|---|---|
| o or ctrl+o | open it in the browser, or show a QR code where there is none |
| c | copy its address |

**A field**

| key | does |
|---|---|
| paste | fills the field; a curl sample, a piece of the page or `.env` lines fill all they hold |
| ctrl+r | show or hide a secret |
| ctrl+g | make a verify token; in the demo: take the demo value |
| ctrl+s | keep a value that did not pass, marked untested |
| tab | from field to field |
| esc | leave the field, so that single keys work again |

**Signs**

`–` absent  `•` stored, not tested  `◌` asking Meta  `✓` passed
`✗` failed  `!` warning  `?` no answer

Values live in your system's keyring. The same from a shell: `whatsapp-wizard --help`.
"""


class HelpModal(ModalScreen[None]):
    """Closes on escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark,f1", "dismiss(None)", "close")
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="modal help") as modal:
            modal.border_title = "Keys and signs"
            modal.border_subtitle = "esc closes"
            yield Markdown(_HELP, open_links=False)
