"""OAuth tokens: one pair for all instances, renewed once, never lost.

A refresh token buys the next pair **once**. So the renewal is done by one instance at a time, the new pair is kept in
the vault before it is used, and which version is the present one is written in the store (`tokens/<secret>`), because
the vault's own `latest` lags. The pair itself is never in the store.

```mermaid
sequenceDiagram
    participant C as a call
    participant K as token manager A
    participant O as token manager B
    participant S as store
    participant V as vault
    participant B as OAuth server
    C->>K: current(), or expired(token)
    K->>S: which version is the present one?
    S-->>K: version 7, ends in 40 s
    K->>S: take leases/bitrix_token (conditional write)
    O->>S: take the lease
    S-->>O: somebody else's: poll the version record, 12 s at most
    K->>S: read the version record again: still 7
    K->>V: read versions 7 and 8 to 10 (kept, but never published?)
    K->>S: prolong the lease
    K->>B: refresh_token of 7
    B-->>K: new pair
    K->>V: add: version 8
    K->>S: version record to 8 if it is still of 7's generation, 7 is retired
    K->>S: give the lease back if it is still ours
    K-->>C: new access token
    O->>S: the version record says 8
    O->>V: read version 8
    Note over S,V: an hour later refresh_ahead destroys version 7
```

What a crash leaves behind, and what the next caller does (each row is tested, at every step of the renewal):

| the process dies | left behind | next caller |
|---|---|---|
| before the server got the request | a lease | waits until it ends (45 s at most), renews |
| between the server's answer and the vault | the old refresh token, used up | `TokenDead`, log event `token_dead` |
| between the vault and the version record | a version beyond the one it names | finds it by its number, publishes it |
| after the version record changed | perhaps a lease | takes the token |

The second row is the one that cannot be mended: only the dead process knew the pair. The same holds for an answer of
the server that got lost on the way. Should Bitrix take the old refresh token once more, which its documentation leaves
open, the next caller renews instead. Where the process lives but the vault does not, the pair stays in its memory and
is used, keeping it is tried again every 10 s (log event `token_unsaved`), and the lease holds the others off for 2 min.

Log events: `token_renewed`, `token_installed` (INFO), `token_renewal_failed`, `token_sweep_failed` (WARNING),
`token_unsaved`, `token_refused`, `token_dead` (ERROR; the last two once per trouble, not once per call).

See shared/bitrix/README.md, «Tokens», «Where the pair is kept».
"""

from shared.bitrix.tokens.errors import TokenDead, TokenMissing, TokenUnavailable
from shared.bitrix.tokens.manager import RefreshOutcome, RefreshPolicy, RefreshReport, TokenManager
from shared.bitrix.tokens.pair import BadPair, TokenPair, decode, from_answer
from shared.bitrix.tokens.server import OAuthServer

__all__ = [
    "BadPair",
    "OAuthServer",
    "RefreshOutcome",
    "RefreshPolicy",
    "RefreshReport",
    "TokenDead",
    "TokenManager",
    "TokenMissing",
    "TokenPair",
    "TokenUnavailable",
    "decode",
    "from_answer",
]
