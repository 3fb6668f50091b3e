"""Which methods a message is for hangs on its class and the widget's alone, and most messages are
for none: it is found out once. Textual goes through all their classes for each message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias

from textual.message import Message
from textual.message_pump import MessagePump

FIND = MessagePump._get_dispatch_methods


class Handler(NamedTuple):
    """A method, and the class that has it."""

    of: type
    function: FunctionType


_Found: TypeAlias = Iterable[tuple[type, Any]]


def find_once() -> Callable[[MessagePump, str, Message], _Found]:
    """In place of `MessagePump._get_dispatch_methods`."""
    known = dict[object, tuple[Handler, ...] | None]()

    def remembered(pump: MessagePump, name: str, message: Message) -> _Found:
        key = type(pump), type(message), name
        if key not in known:
            known[key] = _handlers(pump, name, message)
        handlers = known[key]
        return FIND(pump, name, message) if handlers is None else _bound(handlers, pump, message)

    return remembered


def _bound(handlers: tuple[Handler, ...], pump: MessagePump, message: Message) -> _Found:
    """Each class asks whether the one before it has prevented what is the default."""
    last: type | None = None
    for of, function in handlers:
        if of is not last and message._no_default_action:
            return
        last = of
        yield of, function.__get__(pump, of)


def _handlers(pump: MessagePump, name: str, message: Message) -> tuple[Handler, ...] | None:
    """`None` where it hangs on more, such as who sent the message."""
    if message._no_default_action or _is_selective(type(pump), type(message)):
        return None
    found: _Found = FIND(pump, name, message)
    return tuple(Handler(of, method.__func__) for of, method in found)


def _is_selective(pump: type[MessagePump], message: type[Message]) -> bool:
    decorated = (vars(of).get("_decorated_handlers", {}) for of in pump.__mro__)
    return any(
        selectors
        for handlers in decorated
        for one in message.__mro__
        for _, selectors in handlers.get(one, ())
    )
