"""The platform's directory: who listed themselves, and who stands in public professional sources. Never what members bring in."""
