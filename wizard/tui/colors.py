"""Two themes with one accent."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="wizard-dark",
    primary="#35c48d",
    secondary="#7fb8a4",
    accent="#35c48d",
    foreground="#dfe6e2",
    background="#0f1614",
    surface="#16201d",
    panel="#1f2b27",
    success="#35c48d",
    warning="#e5b454",
    error="#f2777a",
    dark=True,
    variables={"footer-key-foreground": "#35c48d", "border": "#2c3a35"},
)
LIGHT = Theme(
    name="wizard-light",
    primary="#0a7a52",
    secondary="#3f6d5d",
    accent="#0a7a52",
    foreground="#1c2622",
    background="#fbfcfa",
    surface="#f0f4f1",
    panel="#e2eae5",
    success="#0a7a52",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables={"footer-key-foreground": "#0a7a52", "border": "#c3cfc8"},
)
