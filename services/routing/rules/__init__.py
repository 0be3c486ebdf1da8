"""Rules of complaint handling: plain functions of values and `now` that return facts or a refusal."""
