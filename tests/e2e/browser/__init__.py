"""Page objects for the tests that drive a real browser."""
