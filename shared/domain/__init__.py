"""The shop's nouns, without Telegram and without Bitrix's field names."""
