"""What we know: reports, identifiers, places, matches, tasking, summaries, editions."""
