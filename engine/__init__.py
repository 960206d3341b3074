"""A workflow engine on a database: definitions, instances, hash-chained history, roll-up. It knows nothing of plans."""
