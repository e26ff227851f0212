"""`python -m generator` is the command `broadsheet`."""

import sys

from generator.cli import main

sys.exit(main())
