"""The pages of money at the desk."""
