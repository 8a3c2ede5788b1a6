"""Cloud Tasks target: one permit, one HTTP request to Bitrix. Private."""
