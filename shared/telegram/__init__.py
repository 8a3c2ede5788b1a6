"""The Bot API. This room knows nothing of Bitrix, of the pipeline or of what the assistant can do."""
