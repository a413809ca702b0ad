"""The pages of this app: the register, a reader's file, the categories."""
