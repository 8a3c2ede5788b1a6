"""Finding goods: lists, cards."""
