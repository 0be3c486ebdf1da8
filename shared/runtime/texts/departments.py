"""Permission of departments to read texts: bound to their open tasks, as the stream shows them."""

from shared.contract import subjects
from shared.contract.department_reads import NAMES, readable
from shared.contract.events import TYPE_PREFIX
from shared.policy.models import Pack
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import pages

TYPES = frozenset(f"{TYPE_PREFIX}{name}.v1" for name in NAMES)


class DepartmentReaders:
    """Members of departments, and the texts that their open tasks give them to read."""

    def __init__(self, publisher: Publisher, pack: Pack) -> None:
        self._publisher = publisher
        self._units = {one.id: one.team for one in pack.staff if one.role == "department"}

    async def __call__(self, complaint_id: str, actor: str, text_ref: str) -> bool:
        """Whether this actor may read this text now."""
        unit = self._units.get(actor)
        if unit is None or not complaint_id.isalnum():
            return False
        found = []
        async for page in pages(self._publisher.client, subjects.timeline(complaint_id)):
            found += [one for one in page if one["type"] in TYPES]
        return text_ref in readable(found, [unit])
