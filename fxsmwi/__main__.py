"""``python -m fxsmwi``."""

from .cli import main

main()
