"""Fairness of complaints: `scores` of one, `disparity` between groups of many, `work` answers the query."""
