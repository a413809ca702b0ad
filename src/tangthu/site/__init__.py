"""The composition root: settings, addresses, commands, the supervisor, the demo network."""
