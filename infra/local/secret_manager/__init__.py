"""Secret Manager on one machine: gRPC for the unchanged Google clients, in memory.

What it does as the service does (shared/bitrix/README.md, «Where the pair is kept»): versions by number, `latest` and
aliases; their states and the errors on reading what is disabled or destroyed; checksums given, checked and returned;
and, if wanted, a `latest` that lags behind. What it does not: IAM, regional secrets, expiry, rotation, delayed
destruction, filters; and names keep the project's id as it was asked for, where the service puts the project's number
into them.
"""

from infra.local.secret_manager.emulator import SecretManagerEmulator

__all__ = ["SecretManagerEmulator"]
