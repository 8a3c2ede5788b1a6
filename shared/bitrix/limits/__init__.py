"""Keeping to the portal's limits: four guards, and a client that asks them.

| guard | stops | knows from | when the store is down |
|---|---|---|---|
| `RateLimiter` | a request too many in this instance | its own count | fail-closed, needs no store |
| `MethodPauses` | a method whose time budget is used up | refusals, store `pauses` | fail-open: memory alone |
| `BatchSize` | nothing: says how many commands fit a batch | measured times | fail-open, needs no store |
| `CircuitBreaker` | all but a probe now and then | refusals, store `portal_state` | fail-open: last known state |

Nobody sleeps here: what is not let through comes back as an error that pushes the job back.

See spec §5, shared/bitrix/README.md, «Limits».
"""

from shared.bitrix.limits.batch_size import BatchSize
from shared.bitrix.limits.circuit_breaker import CircuitBreaker, PortalStopped
from shared.bitrix.limits.limited_client import LimitedClient
from shared.bitrix.limits.pauses import MethodPauses
from shared.bitrix.limits.rate_limiter import RateLimiter

__all__ = ["BatchSize", "CircuitBreaker", "LimitedClient", "MethodPauses", "PortalStopped", "RateLimiter"]
