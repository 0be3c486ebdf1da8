"""Whether anything could be forgotten: facts, rows and workflows of every complaint beside each other.

`views` is what each of the three says, `comparing` what must not differ (both pure); `gathering` reads
them, `passing` goes once through everything, a page at a time.
"""
