"""Who a payload is about: found among its contacts, and called by the best name there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wizard.webhook.json_values import objects, word

_USER_ID_BESIDE = {
    "from": "from_user_id",
    "to": "to_user_id",
    "wa_id": "user_id",
    "recipient_id": "recipient_user_id",
    "phone_number": "user_id",
}
"""Where the business-scoped user ID stands, by the key of the number:
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids"""


class Person(NamedTuple):
    """What a payload tells of somebody; each part may be empty."""

    number: str = ""
    user_id: str = ""
    parent_user_id: str = ""
    name: str = ""
    username: str = ""

    @property
    def id(self) -> str:
        """What they can be answered by: the number, or else the user ID."""
        return self.number or self.user_id

    @property
    def shown(self) -> str:
        """Name and ID in one; nothing where neither is known."""
        id_ = f"+{self.number}" if self.number.isdigit() else self.id
        name = self.name or at_username(self.username)
        return f"{name} ({id_})" if name and id_ else name or id_


class Contacts:
    """The contacts of one change, found by their ids however many there are."""

    def __init__(self, value: object) -> None:
        self._all = objects(value)
        self._index: dict[tuple[str, str], Mapping[str, Any]] | None = None

    def person(self, number: str, user_id: str) -> Person:
        """Somebody with these ids; where no contact has them, the only one there is."""
        contact = self._find(number, user_id)
        profile = contact.get("profile")
        profile = profile if isinstance(profile, dict) else {}
        return Person(
            number=number or word(contact.get("wa_id")),
            user_id=user_id or word(contact.get("user_id")),
            parent_user_id=word(contact.get("parent_user_id")),
            name=word(profile.get("name")),
            username=word(profile.get("username")),
        )

    def known(self, number: str, user_id: str) -> Person:
        """The same, but a contact with other ids is somebody else."""
        is_known = self._named("wa_id", number) or self._named("user_id", user_id)
        return self.person(number, user_id) if is_known else Person(number, user_id)

    def _find(self, number: str, user_id: str) -> Mapping[str, Any]:
        if len(self._all) == 1:
            return self._all[0]
        return self._named("wa_id", number) or self._named("user_id", user_id) or {}

    def _named(self, key: str, id_: str) -> Mapping[str, Any] | None:
        """The first contact that has this id under the key."""
        if self._index is None:
            self._index = {}
            for contact in self._all:
                for named in ("wa_id", "user_id"):
                    if own := word(contact.get(named)):
                        self._index.setdefault((named, own), contact)
        return self._index.get((key, id_))


def person_at(thing: Mapping[str, Any], key: str, contacts: Contacts) -> Person:
    """Whose number stands under the key, or whose user ID beside it."""
    known = contacts.known(word(thing.get(key)), word(thing.get(_USER_ID_BESIDE.get(key, ""))))
    return known if known.username else known._replace(username=word(thing.get("username")))


def at_username(username: str) -> str:
    """The username with its one @, as WhatsApp shows it."""
    return f"@{username.lstrip('@')}" if username.strip("@") else ""
