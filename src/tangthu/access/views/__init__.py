"""The pages of this app: `account` for everybody on the staff, the rest for administrators."""
