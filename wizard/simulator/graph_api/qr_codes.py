"""QR codes and short links that open a chat with a message in it.

https://developers.facebook.com/documentation/business-messaging/whatsapp/qr-codes
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.fields import Field, parse
from wizard.simulator.world.number_state import QrCode
from wizard.simulator.world.objects import Phone

Row = dict[str, object]
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LONGEST = 140
_FORMATS = ("PNG", "SVG")
_DEFAULT = ("code", "prefilled_message", "deep_link_url")


def listed(_call: Call, phone: Phone, params: Mapping[str, str]) -> list[Row]:
    wanted = parse(params.get("fields", ""))
    codes = phone.state.qr_codes.values()
    return [_row(one, wanted) for one in codes if params.get("code") in (None, one.code)]


def read(call: Call, phone: Phone, code: str) -> Row:
    """`GET …/message_qrdls/{code}`, which comes as a list of one."""
    return {"data": [_row(_find(phone, code), parse(call.params.get("fields", "")))]}


async def write(call: Call, phone: Phone, code: str | None = None) -> Row:
    """Makes a code, or gives the one that is named another message."""
    asked = arguments.arguments(call)
    message = str(arguments.needed(asked, "prefilled_message"))
    if len(message) > _LONGEST:
        sentence = f"Param prefilled_message must be at most {_LONGEST} characters long."
        raise errors.bad_parameter(sentence)
    if code := code or arguments.text(asked, "code"):
        found = _find(phone, code)
        found.prefilled_message = message
        return _row(found, ())
    image = arguments.word(asked, "generate_qr_image", _FORMATS)
    made = QrCode(_new(call, phone), message, image, call.meta.now())
    phone.state.qr_codes[made.code] = made
    names = (*_DEFAULT, "qr_image_url") if image else _DEFAULT
    return _row(made, tuple(Field(name) for name in names))


async def delete(_call: Call, phone: Phone, code: str) -> Row:
    del phone.state.qr_codes[_find(phone, code).code]
    return {"success": True}


def _find(phone: Phone, code: str) -> QrCode:
    if (found := phone.state.qr_codes.get(code)) is None:
        raise GraphError(400, "(#100) Invalid parameter: the QR code does not exist", 100)
    return found


def _row(one: QrCode, wanted: tuple[Field, ...]) -> Row:
    known: Row = {
        "code": one.code,
        "prefilled_message": one.prefilled_message,
        "deep_link_url": f"https://wa.me/message/{one.code}",
        "creation_time": int(one.created_at),
    }
    row: Row = {}
    for field in wanted or tuple(Field(name) for name in _DEFAULT):
        if field.name == "qr_image_url":
            image = field.modifiers.get("format", one.image or "PNG").upper()
            row["qr_image_url"] = f"https://scontent.xx.fbcdn.net/qr/{one.code}.{image.lower()}"
        elif field.name in known:
            row[field.name] = known[field.name]
        else:
            raise errors.no_field(field.name, "WhatsAppMessageQRDL")
    return row


def _new(call: Call, phone: Phone) -> str:
    label = f"{call.meta.seed}/qr/{phone.id}/{len(phone.state.qr_codes)}/{call.meta.calls}"
    digest = hashlib.sha256(label.encode()).digest()
    return "".join(_ALPHABET[byte % 32] for byte in digest[:14])
