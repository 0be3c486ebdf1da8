"""Signals in the words of a complainant. Pure: texts go in, codes and counts come out.

Every service that receives a text calls `signals` of its `Finder` before the text is encrypted, and passes
the result on in its facts and orders. So every text of a complainant is examined, in each service that
receives it. `lexicon` finds the words of the policy; another finder takes its place by implementing
`SignalFinder`.
"""
