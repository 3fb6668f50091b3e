"""The settings of the profile that a command is about, read from its flags, the environment and the
state. Light: the app paints before more is loaded."""

from __future__ import annotations

from dataclasses import replace

from wizard.cli.output.lines import say_once
from wizard.cli.output.replaced import say_not_restored
from wizard.journeys.profiles.current import resolve_profile
from wizard.settings import Settings, named_profile, read_settings
from wizard.state import NewerStateError, StateError, StateFile


def state_file(settings: Settings) -> StateFile:
    return StateFile(settings.state_dir)


def settings_for(
    profile: str | None, *, quiet: bool = False, needs_state: bool = False
) -> Settings:
    """The settings of the profile that is named, or else of the one that was switched to.

    Every command that uses the state comes by here, and says what is the matter with it; one
    that `needs_state` ends with that itself. Where an earlier run did not put back what it
    replaced, that is said unless `quiet`. Raises `NewerStateError`.
    """
    from wizard.cli.input.options import chosen_profile

    named = named_profile(chosen_profile(profile))
    settings = read_settings(named)
    state = state_file(settings)
    try:
        settings = replace(settings, profile=resolve_profile(state.read_index(), named))
        if not quiet:
            say_not_restored(state, settings.profile)
        return settings
    except NewerStateError:
        raise
    except StateError as error:
        if not needs_state:
            say_once(f"The state file can't be read: {error}")
        return settings
    finally:
        if state.notice:
            say_once(state.notice)
