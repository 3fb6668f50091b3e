"""A field among others: a token or an App Secret that was pasted into it goes to its own."""

from __future__ import annotations

from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.field import Field
from wizard.values.shapes import Shape, check_shape, clean

_TOLD_BY_SHAPE = ("app_secret", "access_token")


class AutoRoutingCapture(Capture):
    """Reports what belongs elsewhere as if it had come with its name."""

    def on_field_pasted(self, event: Field.Pasted) -> None:
        for name in _TOLD_BY_SHAPE:
            value = clean(name, event.text)
            if name != self.credential.name and check_shape(name, value).shape is Shape.GOOD:
                event.prevent_default()
                event.stop()
                self.post_message(self.Bundle({name: value}))
                return
