"""The whole system from outside: a server started as a user starts it, spoken to over HTTP."""
