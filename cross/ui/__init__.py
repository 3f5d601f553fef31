"""The furniture: components, words, forms, maps and charts. Knows nothing of the trade's tables."""
