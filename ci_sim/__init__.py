"""ci_sim: an executable model of Collective Impact."""
