"""What a run learns of a callback and of the account that a number belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass
class CallbackProof:
    """Whether a callback took our verify token, and a delivery signed with our App Secret but none
    signed otherwise: only this app's endpoint does either."""

    token: bool = False
    signature: bool = False


class Override(NamedTuple):
    """A callback that goes before the app's, and whose it is, in words."""

    level: str
    url: str


class MessagingAccount(NamedTuple):
    """The account that a number belongs to, and what of the number names it."""

    id: str
    named_by: str
