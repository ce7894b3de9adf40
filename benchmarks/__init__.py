"""Side-by-side measurements; ``make bench`` prints them as JSON. Never run as tests."""
