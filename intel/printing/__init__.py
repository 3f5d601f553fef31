"""The printed brief: what it holds (`content`), its words and pictures, and its typesetting."""
