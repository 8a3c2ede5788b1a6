"""`assistant tokens install`: the OAuth application's first pair, or the next one after a pair was lost.

It comes from the portal's local application: as the code of a person's consent (it lives 30 s) or as a refresh token,
which the portal posts to the application's installation address. It is read from stdin, so that it is in no shell's
history, and kept as every later pair is: in Secret Manager, its version number in the store.
"""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum

from google.auth.exceptions import GoogleAuthError

from shared.bitrix.errors import BitrixError
from shared.bitrix.tokens import TokenPair
from shared.entry.container import Container
from shared.settings import SettingsError
from shared.store.port import StoreError

LONGEST = 1000
"""Characters; Bitrix's are about seventy."""


class Given(StrEnum):
    """What is on stdin."""

    CODE = "code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - what it is called


def read_secret(given: Given) -> str:
    """Return what was typed, unseen, or piped in. ValueError when it cannot be such a thing."""
    name = given.replace("_", " ")
    typed = getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline(LONGEST + 1)
    secret = typed.strip()
    if not secret or len(secret) > LONGEST or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError(f"stdin must be one line with the {name}")
    return secret


async def install(here: Container, given: Given, secret: str) -> TokenPair:
    """Trade what was given for a pair and keep it in place of whatever there was; return it.

    RuntimeError says why not, SettingsError names what is not set. What was given is used up either way.
    """
    token_manager = here.token_manager
    if token_manager is None:
        raise SettingsError("BITRIX_AUTH: must be oauth; a webhook's key has no token pair")
    server = here.oauth_server
    try:
        if given is Given.CODE:
            pair = await server.exchange(secret)
        else:
            pair = await server.refresh(TokenPair(access="none", refresh=secret, expires_at=here.now()))
        await token_manager.install(pair)
    except (BitrixError, StoreError, GoogleAuthError) as error:
        # Not the Google library's text: it may quote the request.
        why = str(error) if isinstance(error, BitrixError | StoreError) else type(error).__name__
        raise RuntimeError(f"the pair was not installed: {why}") from None
    return pair
