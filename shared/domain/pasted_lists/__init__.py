"""Lists of goods that a master pastes: read, matched with products, quoted."""
