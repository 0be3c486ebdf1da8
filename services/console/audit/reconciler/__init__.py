"""Check that no complaint could be forgotten: compare facts, rows and workflows of every complaint.

`views` is what each of the three has, `comparing` what must not differ (both pure); `gathering` reads
them, `passing` goes once through all complaints, a page at a time.
"""
