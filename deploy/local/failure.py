"""What goes wrong with the embedded stack, in one sentence for people."""


class StackFailure(Exception):
    """The stack cannot start or go on; the message is one clear sentence."""
