"""The parts that keep the portal's OAuth token."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from shared.entry.setting_views import AuthSettings, OAuthServerSettings, TokenSettings, VaultSettings
from shared.entry.wiring.base import BaseContainer
from shared.settings import BitrixAuth

if TYPE_CHECKING:
    from shared.bitrix.secrets import SecretVault
    from shared.bitrix.tokens import OAuthServer, TokenManager


class TokenContainer(BaseContainer):
    """Functions that need the portal's credential."""

    @cached_property
    def vault(self) -> SecretVault:
        """Where the OAuth token pair is kept."""
        from shared.bitrix.secrets import SecretManagerVault  # noqa: PLC0415 - a webhook's key needs nothing of it

        config = self.settings.require(VaultSettings)
        secret = f"projects/{config.google_cloud_project}/secrets/{config.bitrix_token_secret}"
        return SecretManagerVault(secret, config.secret_manager_emulator_host)

    @cached_property
    def oauth_server(self) -> OAuthServer:
        """What trades refresh tokens for pairs."""
        from shared.bitrix.tokens import OAuthServer  # noqa: PLC0415 - the same

        config = self.settings.require(OAuthServerSettings)
        secret = config.bitrix_client_secret.get_secret_value()
        return OAuthServer(self.http, config.bitrix_oauth_url, config.bitrix_client_id, secret, now=self.now)

    @cached_property
    def token_manager(self) -> TokenManager | None:
        """What keeps the token fresh; None with a webhook's key, which never expires and needs no vault."""
        if self.settings.require(AuthSettings).bitrix_auth is BitrixAuth.WEBHOOK:
            return None
        from shared.bitrix.tokens import RefreshPolicy, TokenManager  # noqa: PLC0415 - the same

        config = self.settings.require(TokenSettings)
        policy = RefreshPolicy(config.bitrix_token_refresh)
        name = config.bitrix_token_secret
        return TokenManager(self.store, self.vault, self.oauth_server, name, now=self.now, policy=policy)
