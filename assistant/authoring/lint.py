"""What falls short in the articles: for an editor, with place and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from assistant.authoring.citations import UNKNOWN_TITLE
from assistant.authoring.findings import Finding
from assistant.corpus.model import ASPECTS, Article, Corpus, Reference, Section, Sentence

MAX_GRADE = 8.0
MIN_QUESTIONS = 4
MIN_SENTENCES = 2
# Health information is to be looked through again after this long.
STALE_AFTER = timedelta(days=3 * 365)

# Words that hurt, and what to write (NIDA, "Words Matter: Terms to Use and Avoid
# When Talking About Addiction", 2021, https://nida.nih.gov/nidamed-medical-health-
# professionals/health-professions-education/words-matter-terms-to-use-avoid-when-
# talking-about-addiction).
_TERMS = {
    r"addicts?|junkies?|users?": "person with a substance use disorder",
    r"alcoholics?|drunks?": "person with alcohol use disorder",
    r"(substance|drug|alcohol) abuse(rs?)?|abusers?": "substance use disorder, or drug use",
    r"(get|stay|staying|stayed|getting|be|being) clean": "in recovery, or not using drugs",
    r"(clean|dirty) (urine|test|drug test|screen)s?": "negative or positive test",
    r"drug habit": "substance use disorder",
}
_NAMES_WITH_TERMS = re.compile(r"Alcoholics Anonymous|Narcotics Anonymous")
_BOILERPLATE = re.compile(
    r"cookies?\b|click here|learn more now|all rights reserved|subscribe|sign up (now|today)"
    r"|submission has been received|something went wrong|related articles|get started today",
    re.IGNORECASE,
)
# A quoted sentence stands alone: it may not lean on the one before.
_LEANING = re.compile(r"(This|These|Those|It|They|He|She|Such|Also|However|Therefore|But|And)\b")
# Advice such as "Ask the program whether ..." states nothing to be proved.
_ADVICE = re.compile(r"(Ask|Call|Bring|Check|Look|Tell|Try|Write|Keep|Find out)\b")


_ADDRESS = re.compile(r"https://[^\s/@]+\.[^\s/@.]{2,}(/\S*)?")

Rule = Callable[[Corpus, Article], Iterator[Finding]]


def lint(corpus: Corpus, today: date) -> list[Finding]:
    """All findings, in the order of files and lines.

    Args:
        corpus: articles that parse.
        today: the day that dates are compared with.
    """
    findings = [
        finding
        for article in corpus.articles
        for rule in _RULES
        for finding in rule(corpus, article)
    ]
    findings += [f for article in corpus.articles for f in _dates(article, today)]
    findings += _repeated(corpus)
    findings += _differing_references(corpus)
    return sorted(set(findings), key=lambda f: (f.file, f.line, f.what))


def _references(_: Corpus, article: Article) -> Iterator[Finding]:
    cited = {id_ for section in article.sections for s in section.sentences for id_ in s.references}
    for section in article.sections:
        for sentence in section.sentences:
            for id_ in sentence.references:
                if id_ not in article.reference_by_id:
                    what = f"The reference [^{id_}] is defined nowhere."
                    yield Finding(article.file, sentence.line, what, "Add it at the end.")
    for reference in article.references:
        if reference.id not in cited:
            what = f"The reference [^{reference.id}] is never cited."
            yield Finding(article.file, reference.line, what, "Cite it or take it out.")
        if not _ADDRESS.fullmatch(reference.url):
            what = f"{reference.url} is not an https address."
            yield Finding(article.file, reference.line, what, "Give the page's own address.")
        if reference.title == UNKNOWN_TITLE:
            what = f"The reference [^{reference.id}] has no title yet."
            yield Finding(article.file, reference.line, what, "Write what its page states.")


def _claims(_: Corpus, article: Article) -> Iterator[Finding]:
    for sentence in _sentences(article):
        if not sentence.references and not _ADVICE.match(sentence.text):
            what = "This sentence has no reference."
            yield Finding(article.file, sentence.line, what, "Cite what it rests on: [^id].")


def _sections(corpus: Corpus, article: Article) -> Iterator[Finding]:
    for section in article.sections:
        for topic in section.topics:
            if topic not in corpus.topic_by_id:
                what = f"`{topic}` is not in the glossary."
                yield _at(article, section, what, "Add it there, or use a topic that is.")
        for aspect in section.aspects:
            if aspect not in ASPECTS:
                what = f"`{aspect}` is no aspect."
                yield _at(article, section, what, f"Use one of {', '.join(ASPECTS)}.")
        if not section.topics:
            yield _at(article, section, "The section has no topics.", 'Write topics="...".')
        if len(section.questions) < MIN_QUESTIONS:
            what = f"The section has {len(section.questions)} questions."
            yield _at(article, section, what, f"Write {MIN_QUESTIONS} or more that it answers.")
        if len(section.sentences) < MIN_SENTENCES:
            what = f"The section has {len(section.sentences)} sentences."
            yield _at(article, section, what, f"An answer needs {MIN_SENTENCES} or more.")


def _reading(_: Corpus, article: Article) -> Iterator[Finding]:
    # Imported here: only this rule needs it, and it takes half a second.
    import textstat

    for section in article.sections:
        grade = textstat.flesch_kincaid_grade(" ".join(s.text for s in section.sentences))
        if section.sentences and grade > MAX_GRADE:
            what = f"The section reads at grade {grade:.1f}."
            yield _at(article, section, what, "Use shorter words and sentences.")


def _wording(_: Corpus, article: Article) -> Iterator[Finding]:
    for sentence in _sentences(article):
        text = _NAMES_WITH_TERMS.sub("", sentence.text)
        for pattern, better in _TERMS.items():
            found = re.search(rf"\b({pattern})\b", text, re.IGNORECASE)
            if found:
                what = f"`{found[0]}` can hurt."
                yield Finding(article.file, sentence.line, what, f"Write: {better}.")
        boilerplate = _BOILERPLATE.search(text)
        if boilerplate:
            what = f"`{boilerplate[0]}` looks like a part of the web page."
            yield Finding(article.file, sentence.line, what, "Take it out.")
        leaning = _LEANING.match(text)
        if leaning:
            what = f"A sentence that begins with `{leaning[0]}` cannot be quoted alone."
            yield Finding(article.file, sentence.line, what, "Name the thing again.")


def _markup(_: Corpus, article: Article) -> Iterator[Finding]:
    for sentence in _sentences(article):
        if article.body[sentence.start : sentence.end] != sentence.text:
            what = "The sentence has markup, a line break or a reference inside."
            mend = "Write it plain, on one line, with references after its full stop."
            yield Finding(article.file, sentence.line, what, mend)


def _page(_: Corpus, article: Article) -> Iterator[Finding]:
    if article.url is not None and not _ADDRESS.fullmatch(article.url):
        what = f"`url` ({article.url}) is not an https address."
        yield Finding(article.file, 1, what, "Give the page's own address, or null.")


def _draft(_: Corpus, article: Article) -> Iterator[Finding]:
    if article.draft:
        what = "The questions are the importer's."
        mend = "Write what people ask, then take `draft: true` out."
        yield Finding(article.file, 1, what, mend)


def _related(corpus: Corpus, article: Article) -> Iterator[Finding]:
    for other in article.related:
        if other not in corpus.article_by_id:
            what = f"The related article `{other}` is not there."
            yield Finding(article.file, 1, what, "Take it out of `related`, or add the article.")


_RULES: tuple[Rule, ...] = (
    _references,
    _claims,
    _sections,
    _reading,
    _wording,
    _markup,
    _related,
    _page,
    _draft,
)


def _dates(article: Article, today: date) -> Iterator[Finding]:
    if article.updated < article.published or article.updated > today:
        what = f"`updated` ({article.updated}) is before `published` or in the future."
        yield Finding(article.file, 1, what, "Mend the date.")
    elif today - article.updated > STALE_AFTER:
        what = f"The article was last updated on {article.updated}."
        yield Finding(article.file, 1, what, "Read it again and set `updated`.")


def _repeated(corpus: Corpus) -> Iterator[Finding]:
    """Ids of sections and references, questions and sentences that stand twice."""
    seen: dict[tuple[str, str], str] = {}
    for article in corpus.articles:
        for kind, value, line in _named(article):
            place = f"{article.file}:{line}"
            if (kind, value) in seen:
                what = f"A {kind} stands at {seen[kind, value]} already."
                yield Finding(article.file, line, what, "Keep one of the two.")
            seen.setdefault((kind, value), place)


def _differing_references(corpus: Corpus) -> Iterator[Finding]:
    """One address that two footnotes describe in different words."""
    seen: dict[str, tuple[Reference, str]] = {}
    for article in corpus.articles:
        for reference in article.references:
            place = f"{article.file}:{reference.line}"
            first, where = seen.setdefault(_address(reference), (reference, place))
            if _described(first) != _described(reference):
                what = f"[^{reference.id}] describes the page of {where} in other words."
                yield Finding(article.file, reference.line, what, "Let both say what it states.")


def _address(reference: Reference) -> str:
    return reference.url.split("#")[0].rstrip("/").lower()


def _described(reference: Reference) -> tuple[str, str, str]:
    return reference.publisher, reference.title, reference.year


def _named(article: Article) -> Iterator[tuple[str, str, int]]:
    """What must stand once: its kind, what tells it apart, its line."""
    for reference in article.references:
        yield "reference id", f"{article.id}^{reference.id}", reference.line
    for section in article.sections:
        yield "section id", f"{article.id}#{section.id}", section.line
        for question in section.questions:
            yield "question", _folded(question), section.line
        for sentence in section.sentences:
            yield "sentence", sentence.sha256, sentence.line


def _sentences(article: Article) -> Iterator[Sentence]:
    for section in article.sections:
        yield from section.sentences


def _at(article: Article, section: Section, what: str, mend: str) -> Finding:
    return Finding(article.file, section.line, what, mend)


def _folded(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.lower()))
