"""All profiles: one of them to go on with, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.journeys.onboarding.token_expiry import expiry_at
from wizard.journeys.profiles.listing import ProfileInfo
from wizard.journeys.profiles.profiles import Profiles, left_at_meta, refusal
from wizard.settings import DEFAULT_PROFILE
from wizard.support.texts import printable
from wizard.tui.controllers.profile_switcher import Change, ProfileSwitch, try_change
from wizard.tui.dialogs.ask import AskModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Screen, Static, Vertical
from wizard.tui.widgets.pointer_list import PointerList
from wizard.values.credentials import CREDENTIALS
from wizard.world import World

_NAME_TAKES = "Up to 64 letters, digits, dots, dashes and underscores."
_WORKING = "◌  Waiting for the keyring, or for a rotation of this profile to end."
_WIDE, _NARROW = 40, 20
"""What is shown of a name."""
_DIM = "$foreground 60%"


class ProfileList(PointerList):
    """The profiles, and in the footer the key that takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "switch")]


class ProfilesScreen(Screen[ProfileSwitch | None]):
    """Returns the profile to go on with; `None` where it is the one that is open.

    The list comes from what is remembered alone. `world` knows the time, and how long before its
    end a token is warned about.
    """

    CSS_PATH = "profiles.tcss"
    AUTO_FOCUS = "#profiles"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "create", "new", tooltip="Create a profile"),
        Binding("r", "rename", "rename", tooltip="Rename this profile"),
        Binding("c", "copy", "copy", tooltip="Copy this profile"),
        Binding("x", "delete", "delete", tooltip="Delete this profile"),
        Binding("escape", "dismiss(None)", "back", key_display="esc"),
    ]

    def __init__(self, profiles: Profiles, open_: str, world: World) -> None:
        super().__init__()
        self._profiles = profiles
        self._open = open_
        self._world = world
        self._listed: list[ProfileInfo] = []
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(id="profiles-room"):
            yield Static("Profiles", id="profiles-title")
            yield ProfileList(id="profiles", compact=True, markup=False)
            yield Static(id="profiles-said", markup=False)
        yield KeyLine()

    async def on_mount(self) -> None:
        await self._list(self._open)

    def on_resize(self) -> None:
        if (one := self._chosen) is not None:
            self._draw(one.name)

    async def _list(self, highlighted: str) -> None:
        """Reads the list anew, and puts the cursor on this one, or else on the open one."""
        if trouble := await try_change(self._read):
            self._say(trouble)
        names = [one.name for one in self._listed]
        self._draw(highlighted if highlighted in names else self._open)
        self.refresh_bindings()

    def _draw(self, highlighted: str) -> None:
        rows, names = self.query_one(ProfileList), [one.name for one in self._listed]
        most = _WIDE if self.size.width >= 96 else _NARROW
        shown = {one.name: self._shown(one, most) for one in self._listed}
        wide = max(map(len, shown.values()), default=0)
        rows.clear_options()
        rows.add_options(
            [
                Option(self._row(one, f"{shown[one.name]:<{wide}}"), id=one.name)
                for one in self._listed
            ]
        )
        rows.highlighted = names.index(highlighted) if highlighted in names else None

    async def _read(self) -> None:
        self._listed = await self._profiles.listed()

    @property
    def _chosen(self) -> ProfileInfo | None:
        at = self.query_one(ProfileList).highlighted
        return None if at is None else self._listed[at]

    def _shown(self, one: ProfileInfo, most: int) -> str:
        return printable(one.name, most) + (" (open)" if one.name == self._open else "")

    def _row(self, one: ProfileInfo, shown: str) -> Content:
        here = one.name == self._open
        life = expiry_at(one.progress.token_kind, one.progress.token_expires_at, self._world)
        token, style = "", _DIM
        if life is not None:
            token = f"token {life.words}"
            style = "$error" if life.ended else "$warning" if life.soon else _DIM
        elsewhere = "" if here or not one.current else "current profile"
        return Content.assemble(
            (f"{shown}  ", "bold" if here else ""),
            _tested(one),
            (f"  {token}" if token else "", style),
            (f"\n  {one.unfinished}" if one.unfinished else "", "$warning"),
            (f"\n  {elsewhere}" if elsewhere else "", _DIM),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"switch", "create", "rename", "copy", "delete"}:
            return bool(self._listed) and not self._busy
        return True

    def on_option_list_option_selected(self) -> None:
        self.action_switch()

    def action_switch(self) -> None:
        one = self._chosen
        if one is None or self._busy:
            return
        change = partial(self._profiles.switch, one.name)
        if one.name != self._open:
            self._go(one.name, change)
        elif one.current:
            self.dismiss(None)
        else:
            self._do(change, one.name, f"Switched to profile {one.name}.")

    def action_create(self) -> None:
        def named(name: str | None) -> None:
            if name:
                self._do(partial(self._profiles.create, name), name, f"Created profile {name}.")

        self._ask("A new profile", f"{_NAME_TAKES}\nIt is empty at first.", "", named)

    def action_rename(self) -> None:
        if (one := self._chosen) is None:
            return
        old = one.name

        def named(name: str | None) -> None:
            if name and name != old:
                change = partial(self._profiles.rename, old, name)
                if old == self._open:
                    self._go(name, change)
                else:
                    self._do(change, name, f"{old} is {name} now.")

        text = f"{_NAME_TAKES}\nEverything stored and saved in it moves along."
        self._ask(f"Rename {old}", text, one.moved_to or old, named, old, one.moved_to)

    def action_copy(self) -> None:
        if (one := self._chosen) is None:
            return
        source = one.name

        def named(name: str | None) -> None:
            if name:
                change = partial(self._profiles.copy, source, name)
                self._do(change, name, f"Copied {source} to {name}.")

        begun = next((other.name for other in self._listed if other.taken_from == source), None)
        text = f"{_NAME_TAKES}\nThe webhook is not copied: the new profile has none yet."
        self._ask(f"Copy {source}", text, begun or f"{source}-copy", named, begun)

    def action_delete(self) -> None:
        if (one := self._chosen) is None:
            return

        def answered(answer: str | None) -> None:
            if answer == "delete":
                change = partial(self._profiles.delete, one.name)
                if one.name == self._open:
                    self._go(DEFAULT_PROFILE, change)
                else:
                    self._do(change, self._open, f"Deleted {one.name}.")

        said = [*left_at_meta(one), f"Deletes everything stored and saved in {one.name}."]
        answers = [("keep", "Cancel"), ("delete", "Delete")]
        title = f"Delete {one.name}?"
        self.app.push_screen(ChoiceModal(title, "\n\n".join(said), answers), answered)

    def _ask(
        self,
        title: str,
        text: str,
        value: str,
        named: Callable[[str | None], None],
        *allowed: str | None,
    ) -> None:
        """Asks for a name, until it is one that no profile has, or one of those allowed."""

        def wrong(name: str) -> str:
            return "" if name in allowed else refusal(name, [one.name for one in self._listed])

        self.app.push_screen(AskModal(title, text, value, wrong), named)

    def _go(self, profile: str, change: Change) -> None:
        """Leaves for another profile, or for the open one under another name."""
        self.dismiss(ProfileSwitch(profile, change))

    def _do(self, change: Change, then: str, said: str) -> None:
        self._busy = True
        self._say(_WORKING)
        self.refresh_bindings()
        self.run_worker(self._done(change, then, said), group="change", exclusive=True)

    async def _done(self, change: Change, then: str, said: str) -> None:
        try:
            trouble = await try_change(change)
        finally:
            self._busy = False
        await self._list(then)
        self._say(f"✗  {trouble}" if trouble else f"✓  {said}")

    def _say(self, text: str) -> None:
        self.query_one("#profiles-said", Static).update(text)


def _tested(one: ProfileInfo) -> Content:
    """What the last tests said, as wide for each profile."""
    passed, failed = len(one.having(CheckOutcome.PASSED)), len(one.having(CheckOutcome.FAILED))
    if not passed and not failed:
        return Content.styled(f"{'nothing tested':<23}", _DIM)
    said = f"{passed} of {len(CREDENTIALS)} passed"
    if not failed:
        return Content(f"{said:<23}")
    return Content.assemble(f"{said}, ", (f"{f'{failed} failed':<{21 - len(said)}}", "$error"))
