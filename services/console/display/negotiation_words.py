"""Sentences of the story of a negotiation, in English and Chinese."""

from typing import NamedTuple

from services.console.display.languages import Language


class Phrase(NamedTuple):
    """Sentence in both languages, with places for values in braces."""

    en: str
    zh: str

    def filled(self, language: Language, **values: object) -> str:
        return (self.zh if language == "zh" else self.en).format(**values)


TITLE = Phrase(
    "Negotiation of complaint {complaint}, cycle {cycle}", "投诉 {complaint} 的协商经过，第 {cycle} 轮处理"
)
STAGE = Phrase(
    "Stage: {stage}. Owner: {owner}. Position: version {position}.",
    "阶段：{stage}。责任人：{owner}。立场：第 {position} 版。",
)
RESPONDED = Phrase("A substantive response was given.", "已作出实质答复。")
NOT_RESPONDED = Phrase(
    "No substantive response yet: nothing can be offered.", "尚未作出实质答复，不能提出方案。"
)
INTERESTS = Phrase("Interests", "利益")
INTEREST = Phrase("{party} needs: {interest} ({confirmed}).", "{party}需要：{interest}（{confirmed}）。")
NEEDS = {
    "money": Phrase("money", "金钱补偿"),
    "apology": Phrase("an apology", "道歉"),
    "time": Phrase("their time", "节省时间"),
    "respect": Phrase("respect", "尊重"),
    "understanding": Phrase("an explanation", "理解与解释"),
    "safety": Phrase("safety", "安全"),
    "fix": Phrase("a solution of the problem", "解决问题"),
    "fairness": Phrase("fairness", "公平"),
    "other": Phrase("something else", "其他方面"),
}
NO_INTEREST = Phrase("No interest is recorded.", "尚未记录任何利益。")
ROUNDS = Phrase("Rounds", "轮次")
NO_ROUND = Phrase("No offer was made yet.", "尚未提出方案。")
ROUND = Phrase(
    "Round {round}, {at}: {who} offered {terms}, on {standards}; open until {expires}.",
    "第 {round} 轮，{at}：{who} 提出{terms}，依据 {standards}，有效期至 {expires}。",
)
MORE = Phrase(" This is {amount} more than the offer before.", "比上一方案多 {amount}。")
SAME = Phrase(" The amount is that of the offer before.", "金额与上一方案相同。")
LESS = Phrase(" This is {amount} less than the offer before.", "比上一方案少 {amount}。")
COUNTER = Phrase(" The complainant asked for {terms} instead.", "投诉人提出改为{terms}。")
NEXT = Phrase(" The next alternative, {option}, was proposed at once.", "系统随即建议下一备选方案 {option}。")
ENDS = {
    "open": Phrase(" It waits for an answer.", "等待答复。"),
    "accepted": Phrase(" {at}: accepted.", "{at}：已接受。"),
    "rejected": Phrase(" {at}: rejected.", "{at}：已拒绝。"),
    "countered": Phrase(" {at}: countered.", "{at}：已还价。"),
    "withdrawn": Phrase(" {at}: withdrawn.", "{at}：已撤回。"),
    "expired": Phrase(" {at}: expired.", "{at}：已过期。"),
    "moved": Phrase(" {at}: it goes on in another complaint.", "{at}：已转入另一件投诉。"),
}
CONCESSIONS = Phrase("Concessions", "让步")
SLOPE = Phrase(
    "{side}: {first} to {last} in {rounds} rounds, {slope} {currency} a round.",
    "{side}：{rounds} 轮从 {first} 到 {last}，每轮 {slope} {currency}。",
)
ONE_AMOUNT = Phrase("{side}: {first} in one round; no slope yet.", "{side}：仅一轮，{first}，尚无斜率。")
SIDES = {"ours": Phrase("We", "我方"), "theirs": Phrase("The complainant", "投诉人")}
PARTIES = {"customer": Phrase("The complainant", "投诉人"), "company": Phrase("The organisation", "我方")}
CONFIRMED = Phrase("confirmed", "已确认")
UNCONFIRMED = Phrase("not confirmed", "未确认")
STANDARDS = Phrase("Standards", "标准")
STANDARD = Phrase("{id} {version}: {title} ({source})", "{id} {version}：{title}（{source}）")
AGREEMENT = Phrase("Agreement", "协议")
AGREED = Phrase("Agreed: {terms}, on {standards}.", "已达成一致：{terms}，依据 {standards}。")
ACTION = Phrase("{action} ({what}), due {due}: {done}.", "{action}（{what}），期限 {due}：{done}。")
DONE = Phrase("done with evidence", "已完成并附证据")
LET_GO = Phrase("released by the complainant", "已由投诉人免除")
UNDONE = Phrase("not done yet", "尚未完成")
APPROVAL = Phrase("Approval {id} by {to}: {status}.", "审批 {id}，审批人 {to}：{status}。")
APPROVALS = Phrase("Approvals", "审批")
STATUSES = {
    "open": Phrase("open", "待决定"),
    "granted": Phrase("granted", "已批准"),
    "denied": Phrase("denied", "已驳回"),
    "lapsed": Phrase("lapsed", "已失效"),
}
CHANGE = Phrase("Change of the {what}, {at}.", "更换{what}，{at}。")
CHANGES = Phrase("Three changes", "三换")
WHAT = {"person": Phrase("person", "人"), "place": Phrase("place", "地点"), "time": Phrase("time", "时间")}
RESERVE = Phrase("In reserve (not for the complainant)", "留白（不对投诉人公开）")
HIDDEN = Phrase(
    "What is in reserve is shown to the owner and the people above: `--actor ID`.",
    "留白仅向责任人及其上级显示：`--actor ID`。",
)
LEFT = Phrase("Prepared, not offered: {terms} ({option}).", "已准备未提出：{terms}（{option}）。")
NOTHING_LEFT = Phrase("Every prepared alternative was offered.", "已准备的备选方案均已提出。")
LIMITS = Phrase("The owner may grant alone: {limits}.", "责任人可自行决定的额度：{limits}。")
NO_LIMITS = Phrase("The owner may grant no money alone.", "责任人无权自行决定金额。")
ENDING = Phrase("End: {ending}.", "结束：{ending}。")
WAITS = Phrase("What is suggested now: {steps}.", "目前建议：{steps}。")
