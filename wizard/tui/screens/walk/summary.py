"""All six credentials with their state, on the summary page."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from wizard.findings import Finding
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.token_expiry import Expiry
from wizard.tui.theme import CHIP_SIGNS
from wizard.tui.widgets.expiry import lifetime
from wizard.tui.widgets.once import Static
from wizard.values.credentials import CREDENTIALS, Values, shown

_STYLES = {Chip.PASSED: "$success", Chip.FAILED: "$error"}


class Summary(Static):
    """A line a credential: its state in sign and word, its value where that is no secret, and
    below it what is more than that it passed."""

    def show(
        self,
        values: Values,
        chips: Mapping[str, Chip],
        findings: Mapping[str, tuple[Finding, ...]],
        life: Expiry | None = None,
    ) -> None:
        """`life` is that of the stored access token."""
        lines = []
        for name, credential in CREDENTIALS.items():
            chip, value = chips[name], values.get(name)
            lines.append(
                Content.assemble(
                    (f"{CHIP_SIGNS[chip]}  {chip:<8}", _STYLES.get(chip, "$foreground 60%")),
                    (f"  {credential.label:<16}", "bold"),
                    f"  {shown(value):<18}",
                )
            )
            lines += [
                Content.styled(f"             {finding.title}", "$foreground 60%")
                for finding in findings.get(name, ())
                if chip is not Chip.ABSENT and not finding.id.endswith(".valid")
            ]
            if life is not None and name == "access_token":
                lines.append(Content.assemble("             ", lifetime(life)))
        self.update(Content("\n").join(lines))
