"""The daemon that keeps message-waiting lamps true: protocols, state, command line."""
