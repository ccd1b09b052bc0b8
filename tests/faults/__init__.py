"""Whole turns over a real model: what thousands of made-up messages may put out."""
