"""A pasted list of articles and quantities becomes a quote, and the quote goes into the cart."""
