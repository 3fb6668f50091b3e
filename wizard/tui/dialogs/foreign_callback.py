"""A callback of somebody else's stands where ours is to stand: shown before it is replaced."""

from __future__ import annotations

from wizard.journeys.webhook.registration import ForeignCallback
from wizard.support.texts import visible
from wizard.tui.dialogs.choose import ChoiceModal


def foreign_modal(foreign: ForeignCallback) -> ChoiceModal:
    """Returns `replace` or `leave`."""
    replace, leave = "Replace it", ("leave", "Leave it as it is")
    if foreign.restorable:
        fate = "It takes your verify token, so it can be put back when you are done."
        answers = [("replace", f"{replace}, and put it back later"), leave]
    else:
        fate = (
            f"Asked with your verify token: {foreign.answer.title.lower()}.\n"
            "So this program can't put it back. Only its own verify token could, in the portal."
        )
        answers = [leave, ("replace", f"{replace} for good")]
    text = f"Meta now calls\n{visible(foreign.callback_url)}\n\nAn app has one callback URL. {fate}"
    return ChoiceModal("Somebody else's callback stands there", text, answers)
