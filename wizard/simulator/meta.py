"""The simulated Meta: what it knows, and the calls that it makes itself."""

from __future__ import annotations

from wizard.simulator.calls_out.client import Caller
from wizard.simulator.calls_out.dispatcher import Courier
from wizard.simulator.world.state import MetaState


class Meta(MetaState):
    """`Meta()` is a healthy one, and the same one for the same seed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.caller = Caller(lambda: self.patience)
        self.courier = Courier(self, self.caller)

    async def close(self) -> None:
        """Ends the calls that Meta itself makes."""
        await self.courier.close()
        await self.caller.close()
