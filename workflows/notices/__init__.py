"""Notices: what the engine's outbox asks for becomes messages (expansion), their text (letters, mail), and mail (delivery)."""
