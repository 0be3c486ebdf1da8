"""Failures of the embedded stack, each in one sentence for people."""


class StackFailure(Exception):
    """Raised when the stack cannot start or go on; the message is one clear sentence."""


def refused_by_the_system(error: OSError) -> StackFailure:
    """Error of the system as a sentence: the file, and its problem."""
    if error.strerror is None:
        return StackFailure(str(error) or type(error).__name__)  # not the system's own words
    where = error.filename or "Something that the stack needs"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return StackFailure(
            f"{where} cannot be a directory, since a file is in its way: name another directory."
        )
    return StackFailure(f"{where} cannot be used: {error.strerror.lower()}.")
