"""What visitors see and fetch while they read."""
