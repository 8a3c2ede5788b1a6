"""A simulated Bitrix24 portal that speaks one of two dialects (`PortalOptions.dialect`).

`contract` is the spec's §2 table to the letter, `native` what a real portal does.

    portal = create_portal(PortalOptions(webhook_url=...), clock=SystemClock(), http=httpx.AsyncClient())
    uvicorn.run(portal.app)

REST lives under `/rest/<user>/<key>/<method>` and `/rest/<method>` (see `transport`), the token server under `/oauth/`,
pictures under `/upload/<id>.jpg`, payment pages under `/pay/<token>`, the shop's desk at `/`, control end points under
`/_sim` (see `control`).
"""

from infra.local.clock import Clock, SystemClock
from infra.local.portal.app import Portal, create_portal
from infra.local.portal.native.options import NativeOptions, OAuthOptions
from infra.local.portal.options import PortalOptions

__all__ = ["Clock", "NativeOptions", "OAuthOptions", "Portal", "PortalOptions", "SystemClock", "create_portal"]
