"""Experiments: a question, a prediction written in advance, designs, and an answer computed from their results."""
