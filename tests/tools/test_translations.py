"""Reading the texts of an app and judging their translations."""

from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools import translations


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(translations, "PACKAGE", tmp_path / "lienthu")
    folder = tmp_path / "lienthu" / "loans"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "forms.py").write_text(
        'label = gettext_lazy("Ngày trả")\ntext = ngettext("{n} bản", "{n} bản", n).format(n=n)\n', encoding="utf-8"
    )
    (folder / "templates" / "a.html").write_text(
        '<p>\n    {% translate "Mượn" %}\n  {% button _("Trả") %}\n'
        "{% blocktranslate %}Hạn {{ day }}{% endblocktranslate %}</p>",
        encoding="utf-8",
    )
    return folder


def test_texts_come_from_python_and_templates_with_their_place(app: Path) -> None:
    assert translations.texts_of(app) == {
        ("Ngày trả", None): "lienthu/loans/forms.py:1",
        (("{n} bản", "{n} bản"), None): "lienthu/loans/forms.py:2",
        ("Mượn", None): "lienthu/loans/templates/a.html:2",
        ("Trả", None): "lienthu/loans/templates/a.html:3",
        ("Hạn %(day)s", None): "lienthu/loans/templates/a.html:4",
    }


def test_update_adds_new_texts_keeps_translations_and_drops_unused_ones(app: Path) -> None:
    path = translations.catalogue_path(app)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Mượn"\nmsgstr "Borrow"\n\nmsgid "Cũ"\nmsgstr "Old"\n', encoding="utf-8")
    assert translations.update([app]) == 0
    catalogue = translations.read_catalogue(path, "en")
    assert catalogue.get("Mượn").string == "Borrow"
    assert catalogue.get("Trả").string == ""
    assert catalogue.get("Cũ") is None
    before = path.read_bytes()
    translations.update([app])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("message", "problems"),
    [
        (None, ["not in the catalogue (run tools/translations.py update)"]),
        (Message("Hạn %(day)s", ""), ["without English translation"]),
        (Message("Hạn %(day)s", "Due %(day)s", flags=["fuzzy"]), ["the translation is marked fuzzy"]),
        (
            Message("Hạn %(day)s", "Due %(date)s"),
            ["the translation has the placeholders ['%(date)s'] instead of ['%(day)s']"],
        ),
        (Message("Hạn %(day)s", "Due %(day)s"), []),
    ],
)
def test_a_translation_must_be_there_finished_and_with_the_same_placeholders(
    message: Message | None, problems: list[str]
) -> None:
    assert list(translations.message_problems(("Hạn %(day)s", None), message)) == problems
