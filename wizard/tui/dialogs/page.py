"""A page on the web, opened or copied, with a word on which it was."""

from __future__ import annotations

from typing import Any

from textual.app import App

from wizard.tui.browser import open_page
from wizard.tui.clipboard import copy


async def show_page(app: App[Any], url: str) -> None:
    """In the person's browser; where there is none, as a QR code."""
    if why := await open_page(url):
        from wizard.tui.dialogs.qr_code import QrCodeModal

        app.push_screen(QrCodeModal(url, why))
    else:
        app.notify(url, title="Opened in your browser", markup=False)


def copy_page(app: App[Any], url: str) -> None:
    copy(app, url, url)
