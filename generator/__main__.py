"""`python -m generator` is the command `broadsheet`."""

from generator.cli import command

command()
