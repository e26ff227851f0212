"""Promises under attack and failure: each test tries to break one, and shows with a control that its own check can find a break.

`make torture` runs them at full length and prints what was tried; `make test` runs a sample of each.
"""

import os

FULL = os.environ.get("BROADSHEET_TORTURE") == "1"
