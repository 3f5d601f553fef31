"""Filtered lists of reports as files that a spreadsheet opens, without a formula in them."""
