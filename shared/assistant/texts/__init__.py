"""Every Russian sentence the bot says, as typed functions, one module per capability.

The texts are HTML; what comes from outside is escaped here. No-break spaces: the formatting functions put them into
money and numbers; `NBSP` where a line must not break. Callers write `texts.search.found(...)`.

See shared/assistant/README.md, «How the bot speaks».
"""

from shared.assistant.texts import (
    addresses,
    cancellation,
    cart,
    cash,
    charges,
    checkout,
    common,
    contact_comment,
    deliveries,
    inline,
    labels,
    lists,
    onboarding,
    operators,
    orders,
    preferences,
    profile,
    returns,
    saved,
    scanning,
    search,
    support,
    trouble,
    watching,
)
