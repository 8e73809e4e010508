"""``python -m ci_sim`` is ``ci-sim``."""

from ci_sim.cli import main

if __name__ == "__main__":
    main(prog_name="ci-sim")
