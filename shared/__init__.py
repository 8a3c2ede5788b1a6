"""What every function imports. Arrows: assistant → {pipeline, bitrix, telegram} → store → settings."""
