"""What templates may see: one module a kind of page, and `scopes`, which says which members and which view each scope of a rule has."""
