"""The journal: who did or read what, when, why. Under everything; imports no room."""
