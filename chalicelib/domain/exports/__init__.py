"""Exports: everything of one member as a zip, made once, given for a day, then deleted."""
