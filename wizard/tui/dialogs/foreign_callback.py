"""A callback of somebody else's stands where ours is to stand: shown before it is replaced."""

from __future__ import annotations

from wizard.journeys.webhook.registration import ForeignCallback
from wizard.support.texts import visible
from wizard.tui.dialogs.choose import ChoiceModal


def foreign_modal(foreign: ForeignCallback) -> ChoiceModal:
    """Returns `replace` or `leave`."""
    replace, leave = "Replace it", ("leave", "Cancel")
    if foreign.restorable:
        fate = "Its server accepts your verify token, so it can be restored when you are done."
        answers = [("replace", f"{replace}, and restore it later"), leave]
    else:
        fate = (
            f"With your verify token: {foreign.answer.title.lower()}.\n"
            "So this program can't restore it. You need its own verify token, in the portal."
        )
        answers = [leave, ("replace", f"{replace} for good")]
    text = f"Meta now calls\n{visible(foreign.callback_url)}\n\nAn app has one callback URL. {fate}"
    return ChoiceModal("Another callback URL is registered", text, answers)
