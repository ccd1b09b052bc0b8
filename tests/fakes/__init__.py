"""Stand-ins for providers, and webhooks signed as the providers themselves sign them."""
