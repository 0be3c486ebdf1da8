"""The complainant confirms an interest by the link in a notice, once, on the whole stack."""

from urllib.parse import urlsplit

import httpx

from deploy.local.stack import Stack
from tests.listening import outside
from tests.lives import owner_of
from tests.outside import Outside


async def link_in_notice(system: Outside, complaint: str, owner: str) -> str:
    """Link in the notice of the restatement, as a gateway delivers it."""
    facts = await system.facts(complaint)
    notice = next(one["data"] for one in facts if one["data"].get("template") == "restated")
    asked = {"text_ref": notice["text_ref"], "actor": {"id": owner}, "purpose": "deliver"}
    words = str((await system.query("text", **asked))["text"])
    return words[words.index("http") :].split()[0]


async def test_a_link_in_the_notice_confirms_the_problem_and_its_interests_once(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        interests = ["fix", "respect"]
        await system.do("restate", complaint, owner, text="水壶漏水，修了两次仍未修好。", interests=interests)
        link = await link_in_notice(system, complaint, owner)
        assert urlsplit(link).path == "/confirm"
        async with httpx.AsyncClient(headers={"accept-language": "zh"}) as visitor:
            page = await visitor.get(link)
            assert (page.status_code, "尊重" in page.text) == (200, True)
            forged = await visitor.get(link[:-1] + ("a" if link[-1] != "a" else "b"))
            assert (forged.status_code, "此链接无效" in forged.text) == (404, True)
            sent = await visitor.post(link, data={"answer": "yes"})
            assert (sent.status_code, "已保存" in sent.text) == (200, True)
            other = {"answer": "no", "text": "不对"}
            again = await visitor.post(f"{link}&lang=en", data=other)
            assert (again.status_code, "used already" in again.text) == (410, True)
        found = await system.query("negotiation", complaint_id=complaint)
        assert [(one["interest"], one["how"]) for one in found["interests"]] == [
            ("fix", "link"),
            ("respect", "link"),
        ]
        assert found["elements"]["relationship"]["confirmed"] == 1
