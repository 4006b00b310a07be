"""Taking files in: intake and the worker's steps, what a line means, writing a chunk, templates, report, undo."""
