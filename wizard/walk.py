"""Where one stands in the guide: pure moves over steps, ticks and skips."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from wizard.guide import Guide, Step


class StepState(StrEnum):
    """The state of a step in the rail."""

    TODO = "todo"
    CURRENT = "here"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Walk:
    """A cursor over the guide. `stored` names the credentials that passed or were kept anyway:
    a step that yields some is done when it holds them all, and cannot be ticked by hand.

    `verified` names what was seen to be right, the callback among it. Any other step is done when
    it was ticked, or when what its chapter leads to is proven; that ticks nothing by hand.
    """

    guide: Guide
    at: str
    ticked: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()

    @classmethod
    def begin(
        cls,
        guide: Guide,
        at: str | None = None,
        ticked: Collection[str] = (),
        skipped: Collection[str] = (),
    ) -> Walk:
        """A walk resumed where it stopped; steps the guide no longer has are dropped."""
        known = guide.by_id
        return cls(
            guide,
            at if at is not None and at in known else guide.steps[0].id,
            frozenset(ticked) & known.keys(),
            frozenset(skipped) & known.keys(),
        )

    @property
    def step(self) -> Step:
        return self.guide.by_id[self.at]

    @property
    def index(self) -> int:
        return self.guide.steps.index(self.step)

    @property
    def at_end(self) -> bool:
        return self.index == len(self.guide.steps) - 1

    def jump(self, id_: str) -> Walk:
        return replace(self, at=id_) if id_ in self.guide.by_id else self

    def next(self) -> Walk:
        """Ticks this step and goes on, past steps that were skipped."""
        ticked = self.ticked | {self.at}
        ahead = self.guide.steps[self.index + 1 :]
        target = next((step.id for step in ahead if step.id not in self.skipped), self.at)
        return replace(self, at=target, ticked=ticked)

    @property
    def has_gaps(self) -> bool:
        """Whether one did not come here step by step."""
        behind = self.guide.steps[: self.index]
        return any(step.id not in self.ticked | self.skipped for step in behind)

    def next_open(self) -> Walk:
        """Ticks this step and goes on to the next that still yields a value, from the first where
        none is ahead; to the page that sums up where there is none at all."""
        onward = replace(self, ticked=self.ticked | {self.at})
        open_ = [step for step in self.guide.steps if step.yields and not self.done(step)]
        ahead = [step for step in open_ if self.guide.steps.index(step) > self.index]
        target = next((step for step in (ahead or open_) if step.id != self.at), None)
        if target is not None:
            return onward.jump(target.id)
        if self.step.summary or self.index > self._summary:
            return self.next()
        return onward.jump(self.guide.steps[self._summary].id)

    @property
    def _summary(self) -> int:
        return next(at for at, step in enumerate(self.guide.steps) if step.summary)

    def back(self) -> Walk:
        behind = reversed(self.guide.steps[: self.index])
        target = next((step.id for step in behind if step.id not in self.skipped), self.at)
        return replace(self, at=target)

    def skip(self) -> Walk:
        """Leaves out the chapter that this step offers to leave out, and goes on behind it."""
        offer = self.step.skip
        if offer is None:
            return self
        chapter = next(c for c in self.guide.chapters if c.number == offer.chapter)
        inside = {step.id for step in chapter.steps}
        left_out = inside - self.ticked
        onward = replace(self, skipped=self.skipped | inside).next()
        return replace(onward, ticked=onward.ticked - left_out, skipped=self.skipped | left_out)

    def take_up(self) -> Walk:
        """Puts the chapter of this step back into the walk."""
        chapter = self.guide.chapter_of(self.at)
        return replace(self, skipped=self.skipped - {step.id for step in chapter.steps})

    def with_stored(self, names: Collection[str]) -> Walk:
        return replace(self, stored=frozenset(names))

    def with_verified(self, names: Collection[str]) -> Walk:
        return replace(self, verified=frozenset(names))

    def done(self, step: Step) -> bool:
        if step.yields:
            return self.stored.issuperset(step.yields)
        proof = self.guide.proofs[step.id]
        return step.id in self.ticked or (bool(proof) and self.verified >= proof)

    @property
    def left(self) -> Step:
        """The first step that is still to be done, else the page that sums up."""
        for step in self.guide.counted:
            if not self.done(step) and step.id not in self.skipped:
                return step
        return next((step for step in self.guide.steps if step.summary), self.step)

    def state_of(self, step: Step) -> StepState:
        if step.id == self.at:
            return StepState.CURRENT
        if self.done(step):
            return StepState.DONE
        return StepState.SKIPPED if step.id in self.skipped else StepState.TODO

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the counted steps are behind one, and how many there are."""
        counted = self.guide.counted
        behind = sum(self.done(step) or step.id in self.skipped for step in counted)
        return behind, len(counted)
