"""The claims made for Collective Impact as hypotheses that run: quote, design, effect, rule, and a computed verdict."""
