"""What people do. Each writes its line in the journal, in the same transaction."""
