"""Package of the whole record of a complaint, for a third party: made with a stack, verified without one.

`archive` writes and reads the file, `blocks` finds changed bytes, `gathering` asks the services,
`verifying` judges a file from its bytes alone.
"""
