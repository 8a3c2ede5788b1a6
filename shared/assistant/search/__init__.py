"""Finding goods: lists, cards.

A text becomes names (skipped when the hints are at hand), then price and stock of the five products of the page
(`finding`). The catalogue's sections lead to such lists too (`sections`). A card is one request, and one more for its
picture the first time it is shown (`cards`).
"""
