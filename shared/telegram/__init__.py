"""All that knows the Bot API; knows nothing of Bitrix, of the pipeline or of what the assistant can do."""
