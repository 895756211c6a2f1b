"""The forms in which spreadsheets save a CSV: encodings, separators, line ends, blank rows."""

import csv
import io

ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "cp874": lambda text: text.encode("cp874"),
    "utf-16 with mark": lambda text: text.encode("utf-16"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
FORMS = [
    (encoding, delimiter, line) for encoding in ENCODINGS for delimiter in DELIMITERS
    for line in ("", "sep")
]  # fmt: skip


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of a file as this library writes it."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(rows: list[list[str]], form: tuple[str, str, str] = ("utf-8", "comma", "")) -> bytes:
    """Return rows as a spreadsheet saves them in one of the forms."""
    encoding, delimiter, line = form
    target = io.StringIO(newline="")
    if line:
        target.write(f"sep={DELIMITERS[delimiter]}\r\n")
    csv.writer(target, delimiter=DELIMITERS[delimiter]).writerows(rows)
    return ENCODINGS[encoding](target.getvalue())
