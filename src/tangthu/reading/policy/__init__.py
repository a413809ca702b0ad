"""The rules of lending and counting: pure, without the database and the clock."""
