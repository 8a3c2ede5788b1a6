"""Who may use the bot: invites, the first screens."""
