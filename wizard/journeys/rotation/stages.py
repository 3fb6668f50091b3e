"""Where a rotation is, and what it is about: light, for who draws one before it runs."""

from __future__ import annotations

from enum import StrEnum

NAME = "access_token"
"""The credential that is replaced."""

DEPENDENT = (NAME, "waba_id", "phone_number_id")
"""What is asked with the token, and tested once more when it was swapped."""


class RotationStage(StrEnum):
    """Where a rotation is."""

    WAITING = "waiting"
    TESTING = "testing"
    EXCHANGING = "exchanging"
    SWAPPING = "swapping"
    RETESTING = "retesting"
