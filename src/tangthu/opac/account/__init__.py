"""The reader's own pages: logging in, loans, and what else is theirs."""
