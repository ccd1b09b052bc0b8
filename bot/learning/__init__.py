"""From data to a model that may serve: fingerprint, train, evaluate."""
