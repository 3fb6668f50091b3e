"""Reading an object, or one of its lists, by its id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api import (
    analytics,
    business_profile,
    described,
    fields,
    media,
    number_settings,
    qr_codes,
)
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.edges import Row, check, edges_of, is_edge
from wizard.simulator.graph_api.fields import Field
from wizard.simulator.graph_api.nodes import APPLICATION, NULL, USER, Thing, type_of
from wizard.simulator.graph_api.paging import cut
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import (
    BUSINESS,
    MANAGEMENT,
    App,
    Business,
    Flow,
    Kind,
    Media,
    Node,
    Phone,
    Template,
    Token,
    User,
    Waba,
)

_ALIASES = {"app": APPLICATION.name, "me": USER.name}
_THINGS = (App, User, Business, Waba, Phone)
_READERS: Mapping[tuple[type[Node], str], Callable[[Call, Any], Row]] = {
    (Phone, "whatsapp_business_profile"): business_profile.profile,
    (Phone, "settings"): number_settings.settings,
    (Phone, "whatsapp_commerce_settings"): number_settings.commerce,
    (Phone, "whatsapp_business_encryption"): number_settings.encryption,
}
"""What hangs off an object and is no list of objects."""


def node(call: Call) -> Row:
    """`GET /{id}`, `/me` and `/app`."""
    if phone := profiled(call):
        return business_profile.details(call, phone)
    if found := described.of_stranger(call):
        return found
    thing = find_object(call)
    if isinstance(thing, Media):
        return media.described(call, thing)
    if isinstance(thing, Phone) and thing.in_review:
        raise errors.in_review()
    return _render(call, thing, fields.parse(call.params.get("fields", "")))


def edge(call: Call) -> Row:
    """`GET /{id}/{list}`."""
    if found := described.of_stranger(call):
        return found
    thing, name = find_object(call), call.parts[1]
    check_open(thing, name)
    if len(call.parts) > 2:
        if len(call.parts) == 3 and name == "message_qrdls" and isinstance(thing, Phone):
            return qr_codes.read(call, thing, call.parts[2])
        if len(call.parts) == 3 and name == "message_templates" and isinstance(thing, Waba):
            return _template(call, thing)
        raise described.unknown(call)
    if reader := _READERS.get((type(thing), name)):
        return reader(call, thing)
    if name in edges_of(thing):
        inner = fields.parse(call.params.get("fields", ""))
        return _list(call, thing, Field(name, inner, call.params))
    if found := described.of_thing(call, thing):
        return found
    if is_edge(name) or _is_reader(name) or type_of(thing).has(name):
        raise errors.no_field(name, type_of(thing).name)
    raise described.unknown(call)


def _template(call: Call, waba: Waba) -> Row:
    """One of an account's templates by its ID, which some clients ask for below the list."""
    found = next((one for one in waba.templates if one.id == call.parts[2]), None)
    if found is None:
        raise errors.unsupported(call.method, call.parts[2])
    return _render(call, found, fields.parse(call.params.get("fields", "")))


def profiled(call: Call) -> Phone | None:
    """The number whose business profile the path begins with, if the caller may see it."""
    if call.meta.find_node(call.parts[0]) is not None:
        return None
    phones = (phone for waba in call.meta.wabas for phone in waba.phones)
    for phone in phones:
        if business_profile.profile_id(call.meta.seed, phone) == call.parts[0]:
            _check_sight(call, call.token(), phone, MANAGEMENT)
            return phone
    return None


def _is_reader(name: str) -> bool:
    return any(name == known for _, known in _READERS)


def find_object(call: Call, scope: str = MANAGEMENT) -> Node:
    """The object that the path begins with, if the caller may see it; else `GraphError`.

    A WABA and its numbers ask for the permission `scope`.
    """
    name = call.parts[0]
    if name == "me":
        return _current_user(call)
    token = call.token()
    if name == "app":
        return token.app
    if re.fullmatch(r"[A-Za-z][\w.]*", name):
        raise errors.unknown_alias(name)
    found = call.meta.find_node(name)
    if found is None:
        raise errors.unsupported(call.method, name)
    _check_sight(call, token, found, scope)
    return found


def check_open(thing: Node, edge: str, scope: str = MANAGEMENT) -> None:
    """Raises what Meta answers for an edge of it for which the token's owner has no role."""
    if isinstance(thing, Waba | Phone) and edge in thing.closed:
        raise errors.needs_permission(scope)


def kind_of(meta: Meta, parts: tuple[str, ...]) -> str | None:
    """What Graph calls the kind of object that a path begins with, whoever may see it."""
    if not parts:
        return None
    if fixed := _ALIASES.get(parts[0]):
        return fixed
    if parts[0].startswith("upload:"):
        return "UploadSession"
    if found := meta.find_node(parts[0]):
        return type_of(found).name
    if stranger := described.kind_of(meta.named, parts[0]):
        return stranger
    phones = (phone for waba in meta.wabas for phone in waba.phones)
    profiles = {business_profile.profile_id(meta.seed, phone) for phone in phones}
    return business_profile.NODE if parts[0] in profiles else None


def _current_user(call: Call) -> User:
    token = call.token_or_none()
    if token is None or token.user is None:
        raise errors.no_current_user()
    return token.user


def _check_sight(call: Call, token: Token, thing: Node, scope: str) -> None:
    if not _is_within_sight(call, token, thing):
        if isinstance(thing, Waba | Phone) and not call.meta.hides_unseen:
            raise errors.not_granted()
        raise errors.unsupported(call.method, thing.id)
    if isinstance(thing, Waba | Phone | Template | Flow) and scope not in token.scopes:
        raise errors.needs_permission(scope)


def _is_within_sight(call: Call, token: Token, thing: Node) -> bool:
    if isinstance(thing, App):
        return token.app is thing
    if token.kind is Kind.APP:
        return False
    if isinstance(thing, User):
        return token.user is thing
    if isinstance(thing, Business):
        return BUSINESS in token.scopes or any(waba.business is thing for waba in token.wabas)
    if isinstance(thing, Media):
        return any(phone.id == thing.owner for waba in token.wabas for phone in waba.phones)
    if isinstance(thing, Template | Flow):
        return any(thing in (*waba.templates, *waba.flows) for waba in token.wabas)
    return (call.meta.waba_of(thing) if isinstance(thing, Phone) else thing) in token.wabas


def _render(call: Call, thing: Thing, wanted: tuple[Field, ...]) -> Row:
    wanted = wanted or tuple(Field(name) for name in type_of(thing).default)
    row = {one.name: _value(call, thing, one) for one in wanted}
    told = {
        name: None if value is NULL else value for name, value in row.items() if value is not None
    }
    return {**told, "id": thing.id}


def _value(call: Call, thing: Thing, wanted: Field) -> object:
    name, kind = wanted.name, type_of(thing)
    if name in edges_of(thing):
        return _list(call, thing, wanted)
    if isinstance(thing, Waba) and name in analytics.FIELDS:
        return analytics.field(call, thing, name, wanted.modifiers)
    if not kind.has(name):
        raise errors.no_field(name, kind.name)
    value = kind.read(call, thing, name)
    return _render(call, value, wanted.inner) if isinstance(value, _THINGS) else value


def _list(call: Call, thing: Thing, wanted: Field) -> Row:
    found, params = edges_of(thing)[wanted.name], wanted.modifiers
    check(found, params)
    items = found.items(call, thing, params)
    if not found.paged:
        return {"data": [_item(call, item, wanted.inner) for item in items]}
    page = cut(items, params)
    answer: Row = {"data": [_item(call, item, wanted.inner) for item in page.items]}
    if found.summary and params.get("summary"):
        answer["summary"] = found.summary(thing)
    if page.items:
        answer["paging"] = page.links(f"{call.root}/{thing.id}/{wanted.name}", params)
    return answer


def _item(call: Call, item: Thing | Row, inner: tuple[Field, ...]) -> Row:
    return item if isinstance(item, dict) else _render(call, item, inner)
