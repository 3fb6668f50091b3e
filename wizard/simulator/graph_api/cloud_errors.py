"""The errors of the Cloud API and of WhatsApp's management, which explain themselves.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

from dataclasses import dataclass

from wizard.simulator.errors import GraphError


@dataclass(eq=False)
class CloudError(GraphError):
    """An error of the Cloud API, which explains itself in `error_data`."""

    details: str = ""

    def body(self, trace: str) -> dict[str, object]:
        body = super().body(trace)
        if self.details and isinstance(error := body["error"], dict):
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return body


@dataclass(eq=False)
class ManagementError(GraphError):
    """An error in the set-up of an account, which is explained to its user."""

    user_title: str = ""
    user_msg: str = ""

    def body(self, trace: str) -> dict[str, object]:
        body = super().body(trace)
        if isinstance(error := body["error"], dict):
            error |= {
                "is_transient": False,
                "error_user_title": self.user_title,
                "error_user_msg": self.user_msg,
            }
        return body


def cloud(code: int, title: str, details: str = "", *, status: int = 400) -> CloudError:
    return CloudError(status, f"(#{code}) {title}", code, details=details)


def managed(subcode: int, title: str, message: str, *, code: int = 100) -> ManagementError:
    return ManagementError(
        400, "Invalid parameter", code, subcode=subcode, user_title=title, user_msg=message
    )


def invalid(details: str) -> CloudError:
    """A value that its parameter can't have."""
    return cloud(131009, "Parameter value is not valid", details)


def missing(details: str) -> CloudError:
    """A value that is needed beside another."""
    return cloud(131008, "Required parameter is missing", details)


def bad_media(path: str) -> GraphError:
    """https://github.com/n8n-io/n8n/blob/master/packages/nodes-base/nodes/WhatsApp"""
    return GraphError(
        400,
        f"(#100) Param {path} is not a valid whatsapp business account media attachment ID",
        100,
    )
