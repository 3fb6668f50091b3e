"""Flags that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    TextType: TypeAlias = click.ParamType[str]
    PairType: TypeAlias = click.ParamType[tuple[str, str]]
else:
    # Before click 8.3.2 this class takes no parameter at run time.
    TextType = PairType = click.ParamType


def complete_profile(
    _context: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The profiles that are listed. Pressing Tab never complains, and changes nothing."""
    from click.shell_completion import CompletionItem

    from wizard.settings import SettingError, read_settings
    from wizard.state import StateFile

    try:
        names = StateFile(read_settings().state_dir).glance().names
    except SettingError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _profile_option(help_: str, *, expose: bool = True) -> Callable[[Command], Command]:
    return click.option(
        "--profile",
        metavar="NAME",
        expose_value=expose,
        shell_complete=complete_profile,
        help=help_,
    )


profile_option = _profile_option(
    "Profile to use. [default: $WHATSAPP_WIZARD_PROFILE, then the current profile, then default]"
)
unused_profile_option = _profile_option("Accepted, but has no effect here.", expose=False)
profile_by_argument_option = _profile_option(
    "Accepted, but has no effect here: name the profile as an argument.", expose=False
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


def _layouts() -> list[str]:
    # Reading the guide takes a few ms, which a command that asks for no layout does not need.
    from wizard.content import layout_names

    return list(layout_names())


class PortalLayout(TextType):
    """The name of a layout of Meta's portal, read from the guide when it is needed."""

    name = "layout"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "|".join(_layouts())

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in _layouts():
            self.fail(f"The portal's layout is one of {', '.join(_layouts())}.", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in _layouts() if name.startswith(incomplete)]


portal_option = click.option(
    "--portal",
    "layout",
    type=PortalLayout(),
    help="Layout that Meta's portal shows you. The guide remembers it for the profile.",
)


class CredentialName(click.Choice[str]):
    """One of these names. click's own message would repeat what was typed, perhaps the value."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Of the six, where no `names` are given."""
        from wizard.values.credentials import CREDENTIALS

        super().__init__(list(names) or list(CREDENTIALS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            self.fail(f"Use one of these credential names: {', '.join(self.choices)}.", param, ctx)
        return value


def values_options(command: Command) -> Command:
    """`--env` and `--env-file`, for machines without a keyring."""
    from pathlib import Path

    command = click.option(
        "--env-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Read the six credentials from a .env file instead of the keyring.",
    )(command)
    return click.option(
        "--env",
        is_flag=True,
        help="Read the six credentials from WHATSAPP_… variables instead of the keyring.",
    )(command)


def chosen_profile(profile: str | None) -> str | None:
    """The command's own `--profile`, or else the one that stood before the command."""
    above: str | None = click.get_current_context().find_root().obj
    return above if profile is None else profile
