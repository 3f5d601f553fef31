"""Reading and cleaning the official lists of places. Pure modules: no model, no query."""
