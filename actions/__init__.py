"""What Rasa's rules call: one action a file, named as the file.

An action reads slots and the decision, calls a service, says approved words and returns events.
"""
