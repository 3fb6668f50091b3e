"""What is about to be stored, said back, and what enter does now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from wizard.guide import Step
from wizard.journeys.discovery.quick_setup import QuickSetup, QuickSetupStage
from wizard.portal import fill_places
from wizard.support.texts import printable
from wizard.tui.widgets.once import Static
from wizard.values.credentials import CREDENTIALS

_DIM = "$foreground 60%"
_LONG = 60


@dataclass(frozen=True)
class NextSteps:
    """Where the values go, what is then left of the walk, whether Meta calls us already, and the
    layout of the portal where it is known."""

    where: str
    left: Step
    is_registered: bool
    layout: str | None = None


class ConfirmationView(Static):
    """A few lines, set apart where a person's word is asked for."""

    def __init__(self) -> None:
        super().__init__(id="word", markup=False)

    def show(self, way: QuickSetup, after: NextSteps) -> None:
        stage = way.stage
        lines = list(_lines(way, stage, after))
        self.set_class(
            stage in {QuickSetupStage.SECRET, QuickSetupStage.WORD, QuickSetupStage.DONE}, "-asked"
        )
        self.update(Content("\n").join(lines))
        self.display = bool(lines)


def _lines(way: QuickSetup, stage: QuickSetupStage, after: NextSteps) -> Iterator[Content]:
    match stage:
        case QuickSetupStage.TOKEN:
            yield from _before(way, after)
        case QuickSetupStage.LOOKING:
            yield Content.styled("Finding its app, its WABAs and their numbers.", _DIM)
        case QuickSetupStage.NOTHING:
            yield from _nothing(way)
        case QuickSetupStage.SECRET | QuickSetupStage.WORD:
            if stage is QuickSetupStage.WORD or way.known.app_secret or any(way.unsaved.present()):
                yield _named(way)
                yield from _asked(way, stage, after.where)
            else:
                yield from _lacking(way, after)
        case QuickSetupStage.STORING:
            yield Content.styled("◌  testing all of them, then storing them", "$accent")
        case QuickSetupStage.DONE:
            yield from _done(way, after)


def _before(way: QuickSetup, after: NextSteps) -> Iterator[Content]:
    primary = way.discovered.report.primary if way.discovered else None
    if primary is None:
        yield Content.styled("Paste it here. You also need the App Secret.", _DIM)
        yield Content.styled("Both in one paste, or a whole .env file, works too.", _DIM)
        yield Content.styled("Nothing is stored before you confirm it.", _DIM)
        return
    if primary.id == "access_token.other_app" and not way.ignore_stored:
        yield _key("esc a", "use the token's app instead of the stored one")
    yield _key("enter", "test it again")
    page = fill_places("{token_page}", after.layout)
    yield _key("^o", f"open {page} to generate a new one")


def _nothing(way: QuickSetup) -> Iterator[Content]:
    if way.asks_for_waba:
        yield _key("esc esc", "go back to the guide")
    else:
        yield Content("You chose its WhatsApp accounts when you generated it (step 7.3).")
        yield _key("t", "test again")
        yield _key("esc", "go back to the guide")


def _named(way: QuickSetup) -> Content:
    """The business, by its name and its number."""
    account, number = way.chosen or (None, None)
    name = printable(account.name, _LONG) if account else ""
    about = f", {printable(number.about, _LONG)}" if number else ""
    return Content.assemble((name or "This WABA", "bold"), about)


def _asked(way: QuickSetup, stage: QuickSetupStage, where: str) -> Iterator[Content]:
    names = [CREDENTIALS[name].label for name, _ in way.unsaved.present()]
    these = f"these {_NUMBERS[len(names)]} values" if len(names) > 1 else "".join(names)
    if stage is QuickSetupStage.WORD:
        yield _key("enter", f"store {these} in {where}")
    elif way.may_go_without and names:
        yield _key("^o", "open App settings > Basic, which has the App Secret")
        yield _key("enter", f"store {these} without it; the webhook needs it later")
    elif way.known.app_secret is None:
        yield _key("^o", "open App settings > Basic, which has the App Secret")


def _lacking(way: QuickSetup, after: NextSteps) -> Iterator[Content]:
    """All but the App Secret is stored."""
    yield Content.assemble(("✓  ", "$success"), _named(way), f" is stored in {after.where}.")
    yield Content("Only the App Secret is missing; the webhook needs it.")
    yield _key("^o", "open App settings > Basic, which has the App Secret")
    yield _left(after)


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six")


def _done(way: QuickSetup, after: NextSteps) -> Iterator[Content]:
    yield Content.assemble(("✓  ", "$success"), _named(way), f" is stored in {after.where}.")
    if after.is_registered:
        yield _key("enter", "open the webhook, which Meta has verified")
    else:
        yield _key("enter", "start a tunnel to this machine and register it with Meta")
    yield _left(after)


def _left(after: NextSteps) -> Content:
    number = f"{after.left.id}, " if after.left.counted else ""
    return _key("esc", f"continue in the guide: {number}{after.left.title}")


def _key(key: str, does: str) -> Content:
    return Content.assemble((f"{key:<7}", "bold $accent"), f"  {does}")
