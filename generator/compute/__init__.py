"""How work is done: what is known is not done again (`cache`), and the rest by as many processes as pay (`pool`). No other module knows of
either. Nothing but the standard library is imported here until a change is found.
"""

from generator.compute.cache import FOREVER, Cache, recall, without_collecting
from generator.compute.pool import map

__all__ = ["FOREVER", "Cache", "map", "recall", "without_collecting"]
