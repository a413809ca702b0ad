"""The pages on which readers help to read doubtful words."""
