"""Understanding: Rasa graph components, one per file, from text to a decision."""
