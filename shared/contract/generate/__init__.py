"""Generator of the contract's documents from the models: `python -m shared.contract.generate docs/contract`.

`schemas` makes the JSON Schemas, `asyncapi` the document around them, `page` the prose with its `tables`.
`examples` and `wording` serve all of these; `writing` writes the files. The OpenAPI document comes from
the routes of the door (`services/door/openapi.py`).
"""
