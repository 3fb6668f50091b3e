"""The signs and styles that say every state a second time."""

from __future__ import annotations

from wizard.findings import Status
from wizard.journeys.onboarding.chip import Chip
from wizard.tui.controllers.stage_state import StageState
from wizard.walk import StepState

CHIP_SIGNS = {
    Chip.ABSENT: "–",
    Chip.STORED: "•",
    Chip.TESTING: "◌",
    Chip.PASSED: "✓",
    Chip.FAILED: "✗",
}
MARK_SIGNS = {
    StepState.TODO: " ",
    StepState.CURRENT: "▸",
    StepState.DONE: "✓",
    StepState.SKIPPED: "–",
}
STAGE_SIGNS = {
    StageState.WAITING: "–",
    StageState.BUSY: "◌",
    StageState.GOOD: "✓",
    StageState.WARN: "!",
    StageState.BAD: "✗",
    StageState.UNANSWERED: "?",
}
STAGE_STYLES = {
    StageState.WAITING: "$foreground 60%",
    StageState.BUSY: "$accent",
    StageState.GOOD: "$success",
    StageState.WARN: "$warning",
    StageState.BAD: "$error",
    StageState.UNANSWERED: "$warning",
}
FINDING_STYLES = {
    Status.PASS: "$success",
    Status.WARN: "$warning",
    Status.FAIL: "$error",
    Status.SKIP: "$foreground 60%",
    Status.UNKNOWN: "$warning",
}
