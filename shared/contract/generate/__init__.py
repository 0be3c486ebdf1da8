"""What outsiders rely on, made from the models: `python -m shared.contract.generate docs/contract`.

`schemas` makes the JSON Schemas, `asyncapi` and `openapi` the documents around them, `page` the prose with
its `tables`; `examples` and `wording` serve all of these, `writing` puts the files in their place.
"""
