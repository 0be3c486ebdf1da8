"""The wording gate finds faults in texts for complainants, and leaves careful texts alone.

`wording/seen.tsv` was looked at while the rules were written. `wording/held_out` was not looked at: a file by
other writers, and one that was written before the model was trained. `docs/wording.md` has the figures.
"""

from pathlib import Path

import pytest

from shared.contract.commands import Ask
from shared.contract.wording import WordingFinding, WordingKind, WordingLevel
from shared.policy.loader import load_policy
from shared.policy.problems import PolicyError
from shared.runtime.texts.wording import findings_in
from shared.wording.corpus import BadLabel, corpus, read
from shared.wording.gate import WordingGate, blocking
from shared.wording.train import MODEL, fingerprint, ingredients, trained

HERE = Path(__file__).parent / "wording"
HELD_OUT = ("held_out/others.tsv", "held_out/ours.txt")
LEARNED = "Had you read the label, the coat would have kept its shape."
GATE = WordingGate(load_policy("default").pack)


def labelled(name: str) -> list[tuple[str, str]]:
    """Sentences of a file with their labels."""
    path = HERE / name
    if path.suffix == ".txt":
        return [(label, text) for label, text in read(path)]
    lines = (line.partition("\t") for line in path.read_text("utf-8").splitlines())
    return [(label, text) for label, _, text in lines]


def kinds(text: str) -> list[str]:
    return [one.kind for one in GATE.findings(text)]


@pytest.mark.parametrize("name", ["seen.tsv", "held_out/others.tsv", "held_out/ours.txt"])
def test_few_careful_sentences_are_faulted_and_most_faults_are_found(name: str) -> None:
    clean = [text for label, text in labelled(name) if label == "clean"]
    faulty = [(label, kinds(text)) for label, text in labelled(name) if label != "clean"]
    found = [(label, kinds) for label, kinds in faulty if kinds]
    assert sum(bool(kinds(text)) for text in clean) <= 0.02 * len(clean)
    assert len(found) >= 0.7 * len(faulty)
    assert sum(label in kinds for label, kinds in found) >= 0.8 * len(found)


def test_no_held_out_sentence_was_trained_on() -> None:
    trained_on = {text for _, text in corpus()}
    assert trained_on.isdisjoint(text for name in HELD_OUT for _, text in labelled(name))


def test_the_model_is_made_of_the_corpus_as_it_is() -> None:
    """`make train-wording` was run after the last change of sentences, labels and groups of words."""
    assert fingerprint(*ingredients()) in MODEL.read_text(encoding="utf-8").split("\n", 1)[0]


@pytest.mark.nightly
def test_training_anew_gives_the_same_file() -> None:
    assert trained(*ingredients()) == MODEL.read_text(encoding="utf-8").splitlines()


def test_a_heading_of_the_corpus_that_is_no_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("= clean\nHello.\n= rude\nGo away.\n", "utf-8")
    with pytest.raises(BadLabel, match=r"own.txt, line 3: 'rude'"):
        corpus(tmp_path)


def test_a_finding_of_the_model_tells_which_words_made_it_think_so() -> None:
    (found,) = GATE.findings(LEARNED)
    assert (found.kind, found.words) == (WordingKind.BLAMES_CUSTOMER, LEARNED)
    assert found.because
    assert all(words in LEARNED.lower() for words in found.because)


def test_a_fault_in_a_long_reply_is_found_where_it_is() -> None:
    text = f"Your letter arrived on Monday. The pump was changed. {LEARNED} The bill is enclosed."
    assert [one.words for one in GATE.findings(text)] == [LEARNED]


def test_a_reason_in_the_next_sentence_makes_a_refusal_a_careful_one() -> None:
    assert kinds("I'm afraid we cannot refund the ticket.")
    assert not kinds("I'm afraid we cannot refund the ticket. The reason is that it was used on 2 May.")


def test_a_pack_without_the_model_is_checked_by_its_rules_alone(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    own = "id: own\nextends: default\nversion: '1'\nwording_model: null\n"
    (tmp_path / "own" / "pack.yaml").write_text(own, "utf-8")
    gate = WordingGate(load_policy(str(tmp_path / "own")).pack)
    assert gate.findings("It is your fault.")
    assert not gate.findings(LEARNED)


def test_a_policy_whose_model_is_missing_says_so(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    own = "id: own\nextends: default\nversion: '1'\nwording_model: {model: mine}\n"
    (tmp_path / "own" / "pack.yaml").write_text(own, "utf-8")
    with pytest.raises(PolicyError, match="there is no model 'mine'"):
        load_policy(str(tmp_path / "own"))


def test_every_kind_has_a_rule_and_every_rule_a_reason_and_a_better_wording_in_both_languages() -> None:
    rules = load_policy("default").pack.wording.values()
    assert {rule.kind for rule in rules} == {*WordingKind}
    for rule in rules:
        assert all(rule.reason[language] and rule.better[language] for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("faulty", "careful"),
    [
        ("我们会尽快答复您。", "我们会在12月5日18:00前答复您。"),
        ("We will call you back soon.", "We will call you back by 6 pm on Friday."),
        ("这个不能退。我们不能退款。", "由于商品已经拆封，我们不能退款。"),
        ("We cannot refund you.", "We cannot refund you because the ticket was used."),
        ("亲，已经寄出。", "我会亲自寄出，今天17:00前发货。"),
        ("我们保证解决。", "保证金已经退还。"),
        ("这次一定能到。", "这在一定程度上说明了延误的原因。"),
        ("We guarantee a full refund.", "The guarantee ends in May."),
        ("It is your fault.", "It is not your fault."),
    ],
)
def test_a_fault_and_what_only_looks_like_it(faulty: str, careful: str) -> None:
    assert kinds(faulty)
    assert not kinds(careful)


def test_a_finding_names_its_words_and_their_place() -> None:
    text = "您好。这次肯定给您办成。"
    (found,) = GATE.findings(text, field="data.text")
    assert text[found.start : found.end] == found.words
    assert (found.kind, found.level, found.field) == (
        WordingKind.ABSOLUTE_PROMISE,
        WordingLevel.BLOCK,
        "data.text",
    )


def test_a_promise_that_goes_with_a_date_of_its_own_is_no_fault() -> None:
    text = "We will get back to you soon."
    assert blocking(GATE.findings(text))
    assert not GATE.findings(text, dated=True)


def test_a_pack_adds_a_rule_and_replaces_one(tmp_path: Path) -> None:
    own = (
        "wording:\n  house_name:\n    kind: forbidden_phrase\n    level: warn\n    find: [Acme]\n"
        "    reason: {zh: 旧名称, en: An old name}\n    better: {zh: 新名称, en: The new name}\n"
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "pack.yaml").write_text(f"id: own\nextends: default\nversion: '1'\n{own}", "utf-8")
    gate = WordingGate(load_policy(str(tmp_path / "own")).pack)
    found: list[WordingFinding] = gate.findings("Acme will get back to you soon.")
    assert {one.rule for one in found} == {"house_name", "undated"}


def test_time_grows_with_the_text_and_not_faster() -> None:
    assert len(GATE.findings("我们会尽快答复您。" * 20_000)) <= 50


@pytest.mark.parametrize(("send", "count"), [(True, 1), (False, 0)])
def test_a_question_is_checked_where_it_is_sent_and_not_where_it_is_recorded(send: bool, count: int) -> None:
    question = Ask(text="您怎么不早说？", send=send)
    assert len(list(findings_in(GATE, question))) == count
