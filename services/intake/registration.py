"""Rows and facts with which a complaint begins. Pure: bytes, an instant and the policy go in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from services.intake.duplicates.judging import Comparable
from services.intake.notices import AddedSentence, Template
from services.intake.robots.recognising import is_automatic
from services.intake.texts.covering import cover
from services.intake.texts.language import language_spoken
from services.intake.texts.travelling import code, for_them, known, texts_of
from shared.clocks.budget import due
from shared.contract import ids
from shared.contract.concerned import concerned_in
from shared.contract.contents import content_of
from shared.contract.events import Fact, FactHeader, Notice, Promise, PromiseMade, Received
from shared.contract.outgoing import Outgoing, outgoing
from shared.contract.recorded import channel_for, notice_ref
from shared.contract.subjects import Channel, Service
from shared.contract.submission import GRUMBLED, TAKEN, Submission, Submitted
from shared.contract.submission.identifiers import refuse_numbers
from shared.contract.submission.reading import read_submission
from shared.contract.values import SYSTEM, Actor, Contact, PolicyId, Stage
from shared.masking.masker import Masker
from shared.policy import formats
from shared.policy.loader import Policy
from shared.policy.models import Pack, house_codes, register_of, remedy_codes
from shared.policy.obligation import Language
from shared.policy.people import Names
from shared.policy.record import measured
from shared.policy.wording import dates, language_of, notice, part
from shared.triage.finding import SignalFinder, finder_of

FIRST_ANSWER = "first_answer"
PROMISE_ID = "promise-1"
TITLE_LENGTH = 60


@dataclass(frozen=True)
class IntakeContext:
    """Policy in force at the front door, with its lexicon and its masks prepared."""

    policy: Policy
    finder: SignalFinder
    mask: Masker
    remedies: frozenset[str]
    """Codes of remedies that may be asked for; other words are the complainant's, and are encrypted and
    stored.
    """
    house: frozenset[str]
    """Ids of the house's teams and staff, which may travel in any script."""
    names: Names
    """Names by which people mean staff or teams in words."""

    @classmethod
    def under(cls, policy: Policy) -> "IntakeContext":
        pack = policy.pack
        return cls(
            policy,
            finder_of(pack),
            Masker(pack.masking),
            remedy_codes(pack),
            house_codes(pack),
            Names(pack),
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """Complaint or grumble as it is stored: its customer and instants, its texts in the clear, its facts.

    `received` is the fact that a complaint begins with. For a grumble (`answer_by` is its deadline for an
    answer), it is stored until the grumble is promoted.
    """

    complaint_id: str
    source: str
    external_id: str
    channel: Channel
    language: str
    customer_ref: str
    customer: str
    """Key of the customer: the reference in its register."""
    received_at: datetime
    recorded_at: datetime
    policy: PolicyId
    texts: dict[str, str]
    facts: list[Outgoing]
    received: Received
    comparable: Comparable
    answer_by: datetime | None = None
    automatic: bool = False
    """Whether a machine wrote it."""
    content: bytes = b""
    """Digest that distinguishes a repeat from another message under the same id
    (`shared/contract/contents.py`).
    """


@dataclass(frozen=True, slots=True)
class FactsWithTexts:
    """Facts, and the texts that their notices refer to, in the clear, by their keys."""

    facts: list[Outgoing]
    texts: dict[str, str]


def register(
    subject: str, body: bytes, now: datetime, context: IntakeContext, arrived: datetime | None = None
) -> Registration:
    """Registration at `now` of a submission that `arrived` on `subject`. Raises `Misfit`.

    A grumble has no facts yet: `admitting` adds them.
    """
    channel, submitted = read_submission(subject, body, now, TAKEN, arrived=arrived)
    content = content_of(submitted)
    submitted.data.language = language_spoken(submitted.data, context.policy.pack)
    refuse_numbers(submitted, context.policy.pack.masking)
    cover(submitted.data, context.mask)
    concerned = context.names.concerned((submitted.data.about_staff, submitted.data.unit))
    skills = context.names.skills(submitted.data.product)
    submitted.data.about_staff = context.names.known(submitted.data.about_staff)
    submitted.data.unit = context.names.known(submitted.data.unit)
    complaint, policy = ids.complaint_id(submitted.source, submitted.id), context.policy
    grumbled = submitted.type == GRUMBLED
    texts = texts_of(submitted.data, context.remedies, context.house)
    received = _received(submitted, channel, now, complaint, texts, context)
    received.concerned = concerned.beyond(concerned_in(received)) or None
    received.product_skills = skills or None
    said = FactsWithTexts([], {}) if grumbled else opening(received, complaint, texts, policy)
    return Registration(
        complaint_id=complaint,
        source=submitted.source,
        external_id=submitted.id,
        channel=channel,
        language=received.language,
        customer_ref=received.customer_ref,
        customer=received.customer,
        received_at=received.received_at,
        recorded_at=now,
        policy=policy.identity,
        texts=texts | said.texts,
        facts=said.facts,
        received=received,
        comparable=_comparable(complaint, received, submitted.data),
        answer_by=due(now, policy.pack.grumbles.answer_within, policy.calendar) if grumbled else None,
        automatic=is_automatic(submitted),
        content=content,
    )


def _comparable(complaint: str, received: Received, data: Submission) -> Comparable:
    words = "\n".join(text for text in (data.title, data.narrative) if text)
    return Comparable.of(complaint, received, words, data.product, data.order_ref, data.about_staff)


def opening(
    received: Received, complaint: str, texts: Mapping[str, str], policy: Policy, *, first: int = 1
) -> FactsWithTexts:
    """Facts with which a complaint begins: it is received, an answer is promised by an instant, and a notice
    informs the complainant of both.

    The facts are numbered from `first`; `texts` are those of the submission, in the clear.
    """
    (promise,) = received.promises
    seq = first + 2
    told = notice_of(Template.ACKNOWLEDGEMENT, received, complaint, seq, policy)
    words = _acknowledgement(received, complaint, texts, policy)
    facts = (received, PromiseMade(**promise.model_dump()), told)
    return FactsWithTexts(
        [
            fact_of(complaint, number, SYSTEM, policy.identity, fact, received.recorded_at)
            for number, fact in enumerate(facts, start=first)
        ],
        {f"notice-{seq}": words},
    )


def promised(now: datetime, policy: Policy) -> list[Promise]:
    """Waiting time that the acknowledgement promises (`sources.md` 51)."""
    by_when = due(now, policy.pack.limits.first_answer, policy.calendar)
    return [Promise(promise_id=PROMISE_ID, what=FIRST_ANSWER, by_when=by_when)]


def fact_of(
    complaint: str,
    seq: int,
    actor: Actor,
    policy: PolicyId,
    fact: Fact,
    at: datetime,
    *,
    cycle: int = 1,
    stage: Stage = Stage.RECORDED,
) -> Outgoing:
    """Fact of intake, numbered and in its envelope."""
    header = FactHeader(complaint_id=complaint, seq=seq, cycle=cycle, stage=stage, actor=actor, policy=policy)
    return outgoing(Service.INTAKE, header, fact, at)


def _received(
    submitted: Submitted,
    channel: Channel,
    now: datetime,
    complaint: str,
    texts: Mapping[str, str],
    context: IntakeContext,
) -> Received:
    data, customer = submitted.data, submitted.data.customer
    return Received(
        channel=channel,
        received_at=data.received_at or now,
        recorded_at=now,
        language=data.language or context.policy.pack.language,
        customer_ref=customer.ref,
        external_ref=submitted.id,
        external_source=submitted.source,
        customer_register=register_of(context.policy.pack, submitted.source),
        safety=data.safety,
        loss=data.loss,
        attachments=len(data.attachments) or None,
        completeness=measured(known(data), context.policy.pack.record),
        representative=for_them(data),
        group_ref=data.group_ref,
        remedy_sought=data.remedy_sought if data.remedy_sought in context.remedies else None,
        unit=code(data.unit, context.house),
        about_staff=code(data.about_staff, context.house),
        vip=customer.vip,
        contact=Contact(
            timezone=customer.timezone,
            contact_hours=customer.contact_hours,
            preferred_channel=customer.preferred_channel,
        ),
        hints=data.hints,
        not_understood=data.not_understood or None,
        signals=context.finder.signals((data.title, data.narrative)),
        promises=promised(now, context.policy),
        text_refs={key: ids.text_ref(Service.INTAKE, complaint, key) for key in texts},
    )


def notice_of(template: Template, received: Received, complaint: str, seq: int, policy: Policy) -> Notice:
    """Notice with this number to the complainant, in their language and on their channel."""
    return Notice(
        template=template.value,
        language=language_of(policy.pack, received.language),
        channel=channel_for(received.contact.preferred_channel, received.channel),
        customer_ref=received.customer_ref,
        text_ref=notice_ref(Service.INTAKE, complaint, seq),
    )


def _acknowledgement(received: Received, complaint: str, texts: Mapping[str, str], policy: Policy) -> str:
    """Text of the acknowledgement: we have received the complaint, and the promised instant of an answer
    (`sources.md` 51).
    """
    zone = received.contact.timezone or policy.calendar.zone
    language = language_of(policy.pack, received.language)
    words = dates(policy, Template.ACKNOWLEDGEMENT, received.received_at, zone, language) | {
        "title": headline(texts, complaint),
        "complaint_id": complaint,
        "by_when": formats.ours(received.promises[0].by_when, zone, language),
    }
    text = notice(policy.pack, Template.ACKNOWLEDGEMENT, received.language, words)
    return text + _recap(received, texts, policy.pack, zone)


def _recap(received: Received, texts: Mapping[str, str], pack: Pack, zone: str) -> str:
    """Sentence with the instant of the submission and the remedies asked for; or that we will ask for
    them.
    """
    language = language_of(pack, received.language)
    remedy = formats.listed(_sought(received, texts, pack, language), language)
    words = {"received_at": formats.past(received.received_at, zone, language), "remedy": remedy}
    return part(pack, AddedSentence.SOUGHT if remedy else AddedSentence.NOT_SOUGHT, language, words)


def _sought(received: Received, texts: Mapping[str, str], pack: Pack, language: Language) -> list[str]:
    """Remedies asked for: those of the policy by their titles, else the complainant's own words."""
    told = received.remedy_sought or orjson.loads(texts.get("details", "{}")).get("remedy_sought")
    if told:
        return [_title(told, pack, language) or told]
    return [title for motive in received.hints.motives if (title := _title(motive, pack, language))]


def _title(remedy: str, pack: Pack, language: Language) -> str | None:
    found = next((one for one in pack.remedies if one.id == remedy), None)
    return found.title.get(language) if found else None


def headline(texts: Mapping[str, str], complaint: str) -> str:
    """Title, or the beginning of the narrative; the id where both were erased."""
    return texts.get("title") or texts.get("narrative", "")[:TITLE_LENGTH] or complaint
