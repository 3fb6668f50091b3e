"""What is asked of the outside, in which order, and what the answers mean."""

from __future__ import annotations

from wizard.checks.runner import Event, Examination, Found, Settled, Started, examine, report_of

__all__ = ["Event", "Examination", "Found", "Settled", "Started", "examine", "report_of"]
