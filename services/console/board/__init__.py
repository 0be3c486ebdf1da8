"""The board: open complaints in a browser. It asks and listens; it can change nothing."""
