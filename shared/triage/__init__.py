"""What the words of a complainant point to. Pure: texts go in, codes and counts come out.

Every service that receives a text calls `signals` of its `Finder` before the text is encrypted, and passes on
what was found in its facts and orders. So whatever is told is weighed, wherever it comes in. `lexicon` finds
the words of the policy; another finder takes its place by implementing `SignalFinder`.
"""
