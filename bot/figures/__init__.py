"""Figures of the clinic's traffic: sums by day, and groups of what was not answered.

Both are made beside the turns and kept, so that a page of them costs a few rows, however many
messages there are.
"""
