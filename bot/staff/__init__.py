"""Who may sign in to the console, and what each may do there.

It knows neither pages nor cookies: ``bot.console`` shows it to browsers and ``bot user`` to the
shell. What it refuses, it refuses in the same words whatever was wrong.
"""
