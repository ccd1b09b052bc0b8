"""How patients reach the assistant: one file a channel, no policy in any of them."""
