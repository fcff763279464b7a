"""People of the demo who sign in, and staff whom an administrator invites."""

import re
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from demo.phone import Phone
from demo.recorder import text_to

LAOCAI = str(Path(sys.executable).with_name("laocai"))
SA_PA = (22.345, 103.850)


def signed_in(client: httpx.Client, owner: str, mailbox: str, language: str = "vi") -> Phone:
    """Return the phone of somebody who signed in with a code sent to `mailbox`@example.com."""
    phone = Phone(owner, language, *SA_PA, client)
    sign_in(phone, f"{mailbox}@example.com")
    return phone


def sign_in(phone: Phone, address: str) -> str:
    """Let a phone sign in with the code that is sent to an address; return the text that came."""
    code_id = phone.request_code(address)
    text = str(text_to(phone.client, address)["body"])
    phone.sign_in(code_id, re.findall(r"\d{6}", text)[0])
    return text


def staff(
    client: httpx.Client, owner: str, mailbox: str, roles: Sequence[str], scope: tuple[str, str]
) -> Phone:
    """Return somebody whom a new administrator invited to these roles of a scope (kind, id)."""
    chief = f"chief-of-{mailbox}"
    create = [LAOCAI, "admin", "create", f"{chief}@example.com"]
    subprocess.run(create, check=True, capture_output=True)  # noqa: S603 - ours
    administrator = signed_in(client, "An administrator", chief)
    invited = signed_in(client, owner, mailbox)
    for role in roles:
        asked = {
            "address": f"{mailbox}@example.com",
            "role": role,
            "scopeKind": scope[0],
            "scopeId": scope[1],
            **new_key(),
        }
        offered = administrator.ask("accounts/InviteStaff", {"input": asked})["inviteStaff"]
        accepted = {"id": offered["invitation"]["id"], **new_key()}
        invited.ask("accounts/AcceptInvitation", {"input": accepted})
    return invited


def new_key() -> dict[str, str]:
    """Return an idempotency key for one change."""
    return {"idempotencyKey": uuid.uuid4().hex}


def with_phone(phone: Phone) -> None:
    """Register somebody's phone, and link it to the account, so that they can be told."""
    phone.register()
    linked = {"id": phone.device_id, "secret": phone.secret, **new_key()}
    phone.ask("accounts/LinkDevice", {"input": linked})


def done(phone: Phone, operation: str, values: dict[str, Any]) -> dict[str, Any]:
    """Send a mutation, and return its success; stop when it is refused."""
    (result,) = phone.send(operation, {"input": values}).values()
    if not result["__typename"].endswith("Success"):
        raise SystemExit(f"{operation} was refused: {result}")
    return dict(result)
