"""The brief, printed: what it holds (`content`), its reading note, its typesetting."""
