"""The labelled statements of the package, and the labels that an office adds."""

from itertools import combinations

import pytest

from evallib.demo.wording import phrases
from evallib.errors import NotFound, SchemaError
from evallib.needs import classify_needs, read_labels, read_statements, read_topics
from evallib.needs.sectors.classifier import topic_probabilities
from evallib.needs.sectors.topics import topic_codes
from evallib.needs.sectors.words import even_out
from tests.saved_forms import FORMS, saved

ALIKE = 0.8  # shared runs of four letters from which two sentences count as near-copies


def runs(text: str) -> frozenset[str]:
    plain = even_out(text).replace(" ", "")
    return frozenset(plain[i : i + 4] for i in range(len(plain) - 3))


def near_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two sentences share four fifths of the runs of both."""
    if not ALIKE * len(one) <= len(other) <= len(one) / ALIKE:
        return False  # not even if the smaller lay whole in the larger
    shared = len(one & other)
    return shared >= ALIKE * max(1, len(one) + len(other) - shared)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("abcdefghij", "abcdefghij", True), ("abcdefghij", "abcdefghijk", True), ("abc", "abc", False),
     ("abcdefghij", "abcdeXghij", False), ("abcdefghij", "abcdefghijklmno", False)],
)  # fmt: skip
def test_a_near_copy_shares_most_runs_of_four_letters(one, other, alike) -> None:
    assert near_copy(runs(one), runs(other)) == alike


def test_there_are_statements_of_every_topic_by_many_hands() -> None:
    statements = read_statements()
    needs = statements[statements["kind"] == "need"]
    assert len(statements) >= 800
    assert set(statements["kind"]) == {"need", "title"}
    assert statements["writer"].nunique() >= 20
    assert set(statements["topic_code"]) == set(topic_codes())
    assert set(statements["second_topic_code"].dropna()) < set(topic_codes())
    assert needs.groupby("topic_code")["writer"].nunique().min() >= 4
    assert not statements["text"].map(even_out).duplicated().any()
    assert statements["second_topic_code"].notna().sum() >= 40


def test_no_sentence_has_a_near_copy_by_another_hand() -> None:
    statements = read_statements()
    rows = list(zip(statements["writer"], map(runs, statements["text"]), strict=True))
    copies = [
        (i, j) for (i, (one, a)), (j, (other, b)) in combinations(enumerate(rows), 2)
        if one != other and near_copy(a, b)
    ]  # fmt: skip
    assert copies == []


def test_no_statement_is_a_phrase_of_the_synthetic_submissions() -> None:
    sectors = phrases()["sectors"].values()
    made = [
        runs(phrase) for sector in sectors for topic in sector["topics"]
        for phrase in [*topic["needs"], *topic["titles"]]
    ]  # fmt: skip
    assert len(made) > 200
    texts = read_statements()["text"]
    copied = [
        text for text, own in zip(texts, map(runs, texts), strict=True)
        if any(near_copy(own, phrase) for phrase in made)
    ]  # fmt: skip
    assert copied == []


def test_topics_lie_inside_the_sectors() -> None:
    topics = read_topics()
    assert (topics["topic_code"].str[:3] == topics["sector_code"]).all()
    assert topics["topic_code"].is_unique
    assert topics["topic_th"].is_unique
    assert topics.notna().all(axis=None)


def labels_of(tmp_path, content: str | bytes):
    path = tmp_path / "labels.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8-sig"))
    return read_labels(path)


def test_rows_that_cannot_be_used_are_told_and_the_others_kept(tmp_path) -> None:
    labels, findings = labels_of(
        tmp_path,
        "note,text,label\nx,ขอรั้วกูโบร์, rel-kub \n,ขอรถ,XYZ\n,,WAT\n,สองใจ,WAT\n,สองใจ,ROD\n"
        ",ขอรั้วกูโบร์,REL-KUB\n",
    )
    assert labels.to_numpy().tolist() == [["ขอรั้วกูโบร์", "REL-KUB"]]
    assert [(f.code, f.where, f.value) for f in findings] == [
        ("needs.label_empty", "labels.csv | 4", ""),
        ("needs.label_unknown", "labels.csv | 3", "XYZ"),
        ("needs.label_conflict", "labels.csv | 5", ""),
        ("needs.label_conflict", "labels.csv | 6", ""),
    ]


def test_a_file_of_thai_excel_is_read(tmp_path) -> None:
    labels, findings = labels_of(tmp_path, "text,label\nขอรั้วกูโบร์,REL\n".encode("cp874"))
    assert labels["text"].tolist() == ["ขอรั้วกูโบร์"]
    assert findings == []


@pytest.mark.parametrize("form", FORMS, ids="-".join)
def test_every_form_of_a_spreadsheet_gives_the_same_labels(form, tmp_path) -> None:
    rows = [["Text", "[label] ด้าน", "ผู้บันทึก"], ["'=ขอรั้วกูโบร์; สองชั้น, สูง", "rel", "ปลัด"]]
    labels, findings = labels_of(tmp_path, saved(rows, form))
    assert labels.to_numpy().tolist() == [[even_out("=ขอรั้วกูโบร์; สองชั้น, สูง"), "REL"]]
    assert findings == []
    again, _ = read_labels(str(tmp_path / "labels.csv"))
    assert again.equals(labels)
    assert again.equals(read_labels(saved(rows, form))[0])


def test_what_may_be_meant_otherwise_is_told_and_no_file_is_no_empty_file(tmp_path) -> None:
    _, findings = labels_of(tmp_path, "text,label\nขอรถ, ขอถนน,ROD\n")
    assert [f.code for f in findings] == ["needs.label_unknown", "decision.no_heading"]
    with pytest.raises(SchemaError) as refused:
        labels_of(tmp_path, "text,label,Label\nขอถนน,ROD,WAT\n")
    assert refused.value.code == "decision.column_twice"
    with pytest.raises(NotFound):
        read_labels(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "needs.labels_unreadable"),
        (b"PK\x03\x04\xff\xfe\xfd", "needs.labels_unreadable"),
        ("ข้อความ,ด้าน\nขอ,WAT\n", "needs.labels_columns"),
    ],
)
def test_a_file_that_is_no_list_of_labels_is_refused(tmp_path, content, code) -> None:
    with pytest.raises(SchemaError) as refused:
        labels_of(tmp_path, content)
    assert refused.value.code == code


WORDS = "ขอสนับสนุนกรงนกเขาชวาเสียงให้ชมรม"
PIPES = "ขอท่อประปาต่อจากถนนใหญ่"


@pytest.fixture
def labels(tmp_path):
    """Give two labels of an office, which the model learns once for both tests."""
    return labels_of(tmp_path, f"text,label\n{WORDS},REL-FES\n{PIPES},WAT\n")[0]


def test_the_model_follows_the_labels_of_an_office(labels) -> None:
    words, like = WORDS, "ชมรมนกเขาชวาเสียงขอกรงนกเพิ่ม"
    before = classify_needs([words, like])
    after = classify_needs([words, like], labels=labels)
    assert after["sector_code"].tolist() == ["REL", "REL"]
    assert after["confidence"].tolist()[0] == 1.0
    assert after["topic_code"].tolist()[0] == "REL-FES"
    assert before["sector_code"].tolist() != ["REL", "REL"]
    festival = topic_codes().index("REL-FES")
    risen = [topic_probabilities([like], labels=own)[0, festival] for own in (None, labels)]
    assert risen[1] > risen[0]


def test_a_label_of_a_sector_alone_teaches_its_nearest_topic(labels) -> None:
    found = classify_needs([PIPES], labels=labels)
    assert found["sector_code"].item() == "WAT"
    assert found["topic_code"].item() == "WAT-PIP"
