"""The simulated Meta: what it knows, and the calls that it makes itself."""

from __future__ import annotations

from wizard.simulator.calls_out.client import CallbackClient
from wizard.simulator.calls_out.dispatcher import EventDispatcher
from wizard.simulator.world.state import MetaState


class Meta(MetaState):
    """`Meta()` is a healthy one, and the same one for the same seed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.client = CallbackClient(lambda: self.patience)
        self.dispatcher = EventDispatcher(self, self.client)

    async def close(self) -> None:
        """Ends the calls that Meta itself makes."""
        await self.dispatcher.close()
        await self.client.close()
