"""What the default pack's classifier finds in texts not trained on (`docs/classification.md`).

`held_out_first` was written before any feature was chosen; `held_out` is every fifth of the later texts, and
those of an earlier corpus; `held_out_last` was written before the last features of danger were chosen, and
half of its harmless texts have words of danger; `held_out_stranger` was written before the texts after them,
as a stranger would test: most of its dangers are told in passing. The margins below the measured figures
leave room for a model that is trained anew.
"""

from collections import Counter
from datetime import date

import pytest

from shared.contract.events import Signals
from shared.contract.values import Style
from shared.policy.loader import load_policy
from shared.triage.classifying import TrainedFinder
from shared.triage.concepts import Concepts
from shared.triage.corpus import CATEGORIES, Labelled, corpus
from shared.triage.finding import finder_of, found_in, model_of
from shared.triage.lexicon import Finder
from shared.triage.train import CONCEPTS, MODEL, fingerprint, ingredients, trained

PACK = load_policy("default", date(2026, 12, 1)).pack
SETS = ("held_out_first", "held_out", "held_out_last", "held_out_stranger")
Read = list[tuple[Labelled, Signals]]


@pytest.fixture(scope="module")
def read() -> dict[str, Read]:
    finder = finder_of(PACK)
    return {
        name: [(one, finder.signals([one.text])) for one in corpus() if one.part == name] for name in SETS
    }


def macro_f1(read: Read) -> tuple[float, str]:
    """The mean F1 of the categories, and the table of what was taken for what."""
    taken = Counter((one.category, str(found.category and found.category.category)) for one, found in read)
    shares = []
    for name in CATEGORIES.values():
        right = taken[name, name]
        both = sum(often for pair, often in taken.items() for end in pair if end == name)
        shares.append(2 * right / both)
    rows = (
        f"{name}: {[taken[name, other] for other in CATEGORIES.values()]}" for name in CATEGORIES.values()
    )
    return sum(shares) / len(shares), "\n".join(rows)


def micro_f1(read: Read) -> float:
    """Of all motives that were found or were there, twice the share that was both."""
    pairs = [({str(guess.motive) for guess in found.motives}, one.motives or set()) for one, found in read]
    return (
        2 * sum(len(own & there) for own, there in pairs) / sum(len(own) + len(there) for own, there in pairs)
    )


@pytest.mark.parametrize(
    ("name", "least"),
    [("held_out_first", 0.85), ("held_out", 0.8), ("held_out_last", 0.74), ("held_out_stranger", 0.8)],
)
def test_the_category_is_found_in_texts_not_trained_on(
    read: dict[str, Read], name: str, least: float
) -> None:
    score, table = macro_f1(read[name])
    assert score >= least, table


@pytest.mark.parametrize(
    ("name", "least"),
    [("held_out_first", 0.8), ("held_out", 0.79), ("held_out_last", 0.44), ("held_out_stranger", 0.74)],
)
def test_motives_are_found_in_texts_not_trained_on(read: dict[str, Read], name: str, least: float) -> None:
    assert micro_f1(read[name]) >= least


@pytest.mark.parametrize("name", SETS)
def test_agitation_is_found_in_texts_not_trained_on(read: dict[str, Read], name: str) -> None:
    right = [(Style.ANGRY in found.styles) == one.agitated for one, found in read[name]]
    assert sum(right) / len(right) >= 0.93


@pytest.mark.parametrize(
    ("name", "least"),
    [("held_out_first", 0.95), ("held_out", 0.95), ("held_out_last", 0.91), ("held_out_stranger", 0.91)],
)
def test_dangers_are_noticed_in_texts_not_trained_on(read: dict[str, Read], name: str, least: float) -> None:
    noticed = [found.safety for one, found in read[name] if one.danger]
    assert sum(noticed) / len(noticed) >= least


@pytest.mark.parametrize("name", SETS)
def test_a_person_looks_at_most_dangers_that_are_not_noticed(read: dict[str, Read], name: str) -> None:
    seen = [
        found.safety or bool(found.category and found.category.unsure)
        for one, found in read[name]
        if one.danger
    ]
    assert sum(seen) / len(seen) >= 0.95


@pytest.mark.parametrize(
    "text", ["the flat is on fire", "My flat is on fire", "the fridge caught fire", "家里着火了"]
)
def test_plain_words_of_danger_count_alone(text: str) -> None:
    assert finder_of(PACK).signals([text]).safety


@pytest.mark.parametrize(
    ("name", "most"),
    [("held_out_first", 0.06), ("held_out", 0.11), ("held_out_last", 0.13), ("held_out_stranger", 0.13)],
)
def test_few_harmless_texts_are_taken_for_dangers(read: dict[str, Read], name: str, most: float) -> None:
    """A fifth to a half of these have words of danger that mean none; in everyday texts there are fewer."""
    false = [found.safety for one, found in read[name] if not one.danger]
    assert sum(false) / len(false) <= most


@pytest.mark.parametrize("name", SETS)
def test_a_sure_category_is_right_more_often_than_an_unsure_one(read: dict[str, Read], name: str) -> None:
    right: dict[bool, list[bool]] = {True: [], False: []}
    assert PACK.classifier
    for one, found in read[name]:
        assert found.category
        right[found.category.confidence < PACK.classifier.unsure_below].append(
            found.category.category == one.category
        )
    sure, unsure = (sum(right[one]) / len(right[one]) for one in (False, True))
    assert sure >= 0.8
    assert unsure <= sure - 0.1


def test_a_good_part_of_the_corpus_is_held_out() -> None:
    texts = corpus()
    assert len(texts) >= 1_500
    assert len({one.text for one in texts}) >= 0.98 * len(texts)
    held = {one.text for one in texts if one.part != "train"}
    assert len(held) >= 1_500
    assert not held & {one.text for one in texts if one.part == "train"}


def test_the_model_is_made_of_the_corpus_as_it_is() -> None:
    """`make train` was run after the last change of texts, labels and groups of words."""
    assert (
        fingerprint(*ingredients(MODEL.parents[2] / "triage" / "corpus", CONCEPTS))
        in MODEL.read_text(encoding="utf-8").split("\n", 1)[0]
    )


@pytest.mark.nightly
def test_training_anew_gives_the_same_file() -> None:
    texts, groups = ingredients(MODEL.parents[2] / "triage" / "corpus", CONCEPTS)
    assert trained(texts, groups) == MODEL.read_text(encoding="utf-8").splitlines()


def test_the_model_shows_which_words_made_it_think_so() -> None:
    model = model_of(PACK)
    assert model
    shown = " ".join(words for words, _ in model.decisive("refund", "The kettle broke, I want a refund"))
    assert "refund" in shown
    assert "冒烟" in " ".join(words for words, _ in model.decisive("danger", "插座冒烟了"))


def test_the_verdict_of_danger_shows_its_words_where_it_is_told_in_passing() -> None:
    finder = finder_of(PACK)
    assert isinstance(finder, TrainedFinder)
    text = "Thank you for the quick delivery. The colour is lovely. My son burned his hand on the plug. "
    assert "burn" in " ".join(finder.why_danger(text + "When will the second parcel arrive? No hurry."))
    assert "冒烟" in finder.why_danger("插座冒烟了，麻烦看看")


def test_a_danger_that_is_only_possible_makes_it_unsure() -> None:
    model = model_of(PACK)
    assert model
    assert PACK.classifier
    always = TrainedFinder(
        Finder(PACK.lexicon),
        model,
        PACK.classifier.model_copy(update={"danger_from": 1.0, "danger_unsure_from": 0.0}),
    )
    found = always.signals(["The kettle is broken, please refund it"])
    assert found.category
    assert (found.safety, found.category.unsure) == (False, True)


def test_digits_within_a_token_are_no_age() -> None:
    groups = Concepts({"elder": ["87"]})
    assert list(groups.found("she is 87, alone")) == [("elder", "87")]
    assert not list(groups.found("order 4f87c2 and 1877"))


def test_an_entry_with_a_gap_ends_with_its_sentence() -> None:
    groups = Concepts({"hurt": ["broke…arm", "夹…手"]})
    assert list(groups.found("it broke my left arm")) == [("hurt", "broke…arm")]
    assert list(groups.found("门夹到孩子的手")) == [("hurt", "夹…手")]
    assert not list(groups.found("it broke. the arm of the chair"))
    assert not list(groups.found("it broke the alarm"))


def test_what_travels_holds_codes_and_no_words() -> None:
    text = "Zebrawort kettle smokes terribly"
    assert "zebrawort" not in finder_of(PACK).signals([text]).model_dump_json().lower()


def test_what_is_told_later_changes_no_category() -> None:
    found = found_in(finder_of(PACK), ["the kettle exploded and burnt my hand"])
    assert found
    assert (found.safety, found.category, found.gravity) == (True, None, None)


def test_english_words_are_found_in_every_inflection_and_what_is_only_broken_is_no_danger() -> None:
    finder = finder_of(PACK)
    for text in ("the kettle broke twice", "my kettle keeps breaking", "the kettle is broken"):
        found = finder.signals([text])
        assert found.category
        assert (found.category.category, found.safety) == ("product", False), text


def test_nothing_is_made_of_nothing() -> None:
    assert finder_of(PACK).signals([None, " "]) == Signals()


@pytest.mark.parametrize(
    "text",
    [
        "孩子",
        "我妈",
        "楼下",
        "玻璃",
        "对",
        "药",
        "child",
        "charger",
        "kettle",
        "gas stove",
        "dark red",
        "红色的水壶",
    ],
)
def test_one_word_tells_of_no_danger(text: str) -> None:
    assert not finder_of(PACK).signals([text]).safety


@pytest.mark.parametrize(
    "text",
    ["着火了", "救命", "gas leak", "smoke everywhere", "cannot breathe", "我想死", "漏电", "wrong pills"],
)
def test_two_words_of_danger_are_noticed(text: str) -> None:
    assert finder_of(PACK).signals([text]).safety


@pytest.mark.parametrize(
    "text",
    ["不想再谈了", "我不想再说了", "客户来电说不用了", "不想再投诉了，撤回吧", "客户打电话说不用了"],
)
def test_who_wants_no_more_talk_is_in_no_danger(text: str) -> None:
    assert not finder_of(PACK).signals([text]).safety


DESPAIR = (
    "I want to kill myself",
    "honestly I just want to die",
    "I don't want to be here any more",
    "my son tried to hang himself after the meeting",
    "She self-harms and the school knows",
    "I have been feeling suicidal since your letter",
    "there is nothing left to live for",
    "我不想活了",
    "再不解决我就从楼上跳下去",
    "我有自杀的念头",
    "活着没意思",
    "遗书都写好了",
    "唔想活啦",
    "女儿吞药了",
)


@pytest.mark.parametrize("text", DESPAIR)
def test_a_wish_to_die_is_a_danger_whatever_the_model_says(text: str) -> None:
    """`lexicon.certain` counts in the middle of a polite page, too, and with a model that notices nothing."""
    assert PACK.classifier
    model = model_of(PACK)
    assert model
    deaf = PACK.classifier.model_copy(update={"danger_from": 1.0, "danger_with_words_from": 1.0})
    around = "Thank you for the quick delivery. {}. Please send the invoice to my new address."
    for said in (text, around.format(text)):
        assert TrainedFinder(Finder(PACK.lexicon), model, deaf).signals([said]).safety, said
        assert Finder(PACK.lexicon).signals([said]).safety, said


@pytest.mark.parametrize(
    "text",
    [
        "等得我想死，四十分钟没人接",
        "想死海旅游，团取消了",
        "没想开发票，系统自动开",
        "I could die of shame for ever buying here",
        "my phone committed suicide after the update",
        "寿险里的自杀条款怎么写的",
        "跳楼价买的，第二天又降了",
    ],
)
def test_a_figure_of_speech_about_death_is_not_certain(text: str) -> None:
    assert not Finder(PACK.lexicon).certain(text)


@pytest.mark.parametrize("text", ["不想再活了", "我不想再醒过来", "不想再撑下去了"])
def test_who_wants_no_more_life_is_in_danger(text: str) -> None:
    assert finder_of(PACK).signals([text]).safety
