"""The front of the house and its foundations."""
