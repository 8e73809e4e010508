"""The network of a run as Kumu reads it: elements and connections, as two CSV files and as one JSON blueprint.

``network`` takes it from a run, ``files`` writes it. Kumu (https://docs.kumu.io/guides/import) takes columns it does
not know as fields.
"""

from ci_sim.kumu.files import write_network
from ci_sim.kumu.network import THRESHOLD, Network, network

__all__ = ["THRESHOLD", "Network", "network", "write_network"]
