"""The plan cascade, built on the engine: documents, units, plans, notices, and the commands over them."""
