"""The replay: one world under two arms, month by month, as one HTML file that needs neither server nor network."""
