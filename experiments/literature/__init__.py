"""Published results reproduced on the kernel's landscape; ``python -m experiments.literature`` writes the page."""
