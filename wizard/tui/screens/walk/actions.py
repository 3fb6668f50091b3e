"""Which of the guide's keys do something at the step that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.token_expiry import expiry_in
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.navigation import DESTINATIONS
from wizard.tui.places import LONGER
from wizard.tui.screens.walk.fields import StepFields
from wizard.tui.screens.walk.layout_choice import is_asked


def is_offered(
    action: str,
    parameters: tuple[object, ...],
    onboarding: Onboarding,
    draft_tester: DraftTester,
    fields: StepFields,
) -> bool:
    """Whether the action of a binding is offered now; one that is not listed here always is."""
    walk, step = onboarding.walk, onboarding.walk.step
    if action == "visit" and len(parameters) == 1:
        return _is_reached(str(parameters[0]), onboarding)
    # Asked one by one, for each key of the footer: to look at all of them each time would be felt.
    conditions: Mapping[str, Callable[[], bool]] = {
        "back": lambda: walk.index > 0,
        "skip": lambda: step.skip is not None and step.id not in walk.skipped,
        "take_up": lambda: step.id in walk.skipped,
        "open": lambda: step.link is not None,
        "copy": lambda: step.link is not None,
        "give": lambda: (
            any(draft_tester.suggest(name) is not None for name in step.fields)
            and any(parameters) is _has_demo_value(onboarding)
        ),
        "keep": lambda: any(draft_tester.may_store_untested(name) for name in step.fields),
        "test": lambda: step.summary or bool(step.fields),
        "edit": lambda: fields.editable is not None,
        "undo": lambda: fields.may_undo,
        "other_layout": lambda: step.has_layouts,
        "choose_layout": lambda: is_asked(onboarding),
        "move_value": lambda: fields.misplaced is not None,
    }
    condition = conditions.get(action)
    return condition is None or condition()


def _has_demo_value(onboarding: Onboarding) -> bool:
    suggestions = onboarding.suggestions
    return any(suggestions.get(name) is not None for name in onboarding.walk.step.fields)


def _is_reached(name: str, onboarding: Onboarding) -> bool:
    """Whether the footer names this destination in the chapter that is open."""
    destination, walk = DESTINATIONS[name], onboarding.walk
    if destination.name == LONGER and (life := expiry_in(onboarding)) and life.endless:
        return False
    chapter = walk.guide.chapter_of(walk.step.id).number
    return not destination.chapters or chapter in destination.chapters
