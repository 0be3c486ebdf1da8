"""Words that half of all complaints have, so `text_similarity` does not count them. Data."""

_ENGLISH = """
a about after again all also although am an and any are as at back be because been before but by
call can cannot could customer day days did do does down even ever every everybody few find for
from get give go got had has have he her him his how i if in into is it its just me month months
much my never no nobody not now of off on once one only or order other our out over own please put
said same say says she since so some somebody still take than that the their them then there these
they this three through time to told too took two up us very want was we week weeks well went were
what when which while who why will with without would you your yours refund complaint service staff
company money compensation resolve replace return ago yet today yesterday bought buy
"""

_PAIRS = """
客服 你们 我们 他们 要求 退款 退货 退钱 赔偿 投诉 处理 没有 不是 一直 请你 尽快 麻烦 现在 已经 就是
不能 不了 什么 怎么 这个 那个 可是 但是 因为 所以 说是 说法 给我 我的 解决 问题 根本 昨天 今天 上周
一个 两个 三个 这样 还是 还有 才用 不到 个月 星期 打电 电话 话也 换货 道歉 购买 买了 买的 了一 要个
之前 时候 的时 个说 望你 希望 必须 谁来 到底 回事 么回 承诺 服务 态度 商家 公司 平台 店里 店家
"""

_ASKING = """
没有人 没人 有人 回复 回应 回答 答复 联系 回电 来电 消息 进展 进度 结果 催办 催一下 催促 再催 催
等待 等了 等着 等 怎么样 何时 多久 几天 天了 麻烦 谢谢 你好 您好 请问 请 尽快 依然 仍然 仍 至今 为止
什么 需要 告诉 告知 通知 跟进 看看 看一下 查一下 好了
"""

_ASKING_ENGLISH = """
hello hi dear sir madam thanks thank reply replied answer answered respond response call called contact
contacted contacting heard hear hearing news update updates progress status waiting wait waited anybody
anyone someone nothing yours regards chasing chase follow following matter happened happening know let
soon possible asap long how good morning afternoon evening like make writing write complain complaining
unhappy sincerely faithfully
"""

EVERYDAY = frozenset(_ENGLISH.split())
"""English words, small letters."""

COMMON = frozenset(_PAIRS.split())
"""Pairs of Chinese characters: words, and pairs that occur where two words meet."""

CHARACTERS = frozenset(
    "的了在是我你他她它们不有就都也很到说要会能这那个一和与及跟把被给让请对没还又再才去来上下里得地着过之于"
)
"""Single Chinese characters that hold a sentence together."""

ASKING = sorted({*_ASKING.split(), *_PAIRS.split()}, key=lambda phrase: (-len(phrase), phrase))
"""Chinese phrases with which people ask for the progress of their complaint, the longest first."""

ASKING_WORDS = frozenset(_ASKING_ENGLISH.split())
"""English words with which people ask for the progress of their complaint, small letters."""
