"""Identity tokens of the shape Google sends, so that handlers and tests can look into them.

Signed with HS256 and a key that lives as long as the process: well-formed, worthless elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

LIFETIME = timedelta(hours=1)
_KEY = secrets.token_bytes(32)


def identity_token(email: str, audience: str, now: datetime) -> str:
    """Return a JWT with the claims of a Google-signed OIDC token for a service account."""
    account = str(int.from_bytes(hashlib.sha256(email.encode()).digest()[:8], "big")).zfill(21)
    issued = int(now.timestamp())
    claims = {
        "iss": "https://accounts.google.com",
        "aud": audience,
        "azp": account,
        "sub": account,
        "email": email,
        "email_verified": True,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
    }
    head = _part({"alg": "HS256", "kid": "local", "typ": "JWT"})
    signed = f"{head}.{_part(claims)}"
    return f"{signed}.{_base64url(hmac.digest(_KEY, signed.encode(), 'sha256'))}"


def _part(value: dict[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(data: bytes) -> str:
    """Encode without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
