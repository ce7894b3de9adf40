"""Lines: what a telephone hangs on, each kind behind the same protocol (`hw.base.Line`)."""
