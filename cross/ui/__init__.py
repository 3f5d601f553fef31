"""The furniture: components, words, forms, maps, charts. Knows nothing of the trade."""
