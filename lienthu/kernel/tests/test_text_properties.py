"""What holds for every text, drawn at random from troublesome characters."""

from unicodedata import is_normalized

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lienthu.kernel.text import (
    exact_key,
    filing_form,
    folded_key,
    highlight,
    keys,
    normalise,
    snippet,
    sort_key,
    telex_to_vietnamese,
    tokens,
    toneless_key,
    vietnamese_score,
    vni_to_vietnamese,
)
from lienthu.kernel.text.tokenisation import token_spans, token_texts

LETTERS = "aAeioOuUyYdDnqQuUghtcH ơưâêôđĐÐð\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323\u0327"
TROUBLE = LETTERS + "\u200c\u200d\xa0\xad+#-'’.,1ʹʻ漢"
texts = st.one_of(st.text(max_size=40), st.text(alphabet=TROUBLE, max_size=30), st.text(alphabet=LETTERS, max_size=12))
many = settings(max_examples=400, deadline=None)


@many
@given(texts)
@example("l\u0303a \u0302an Nh\u0300a")
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once
    assert is_normalized("NFC", once)
    once.encode("utf-8")


@many
@given(texts)
@example("ŁY ß ŀ ǆ ﬃ")
@example("ΑΣ ΣΑ İİ")
@example("ðinh nh\u0300a \u00d0\u0300I")
@example("Ơʹ\u031b A\u0300\u0309 ÐÊ㐀")
@example("0\u0309ÐUʸ:Đ")
def test_the_key_of_a_key_is_the_key(text):
    for key in (exact_key, toneless_key, folded_key):
        once = key(text)
        assert key(once) == once


@many
@given(texts)
def test_all_tiers_have_the_tokens_of_the_text(text):
    cut = tokens(text)
    found = keys(text)
    assert found == (exact_key(text), toneless_key(text), folded_key(text))
    assert {len(cut)} == {len(key.split()) for key in found}
    for key in found:
        assert key == " ".join(key.split())
    whole = normalise(text)
    assert all(whole[token.start : token.end] == token.text for token in cut)
    assert token_spans(whole, token_texts(whole)) == [(token.start, token.end) for token in cut]


@many
@given(texts)
def test_texts_with_one_exact_key_share_the_looser_ones(text):
    exact, toneless, folded = keys(text)
    assert toneless_key(exact) == toneless
    assert folded_key(exact) == folded
    assert folded_key(toneless) == folded


@many
@given(texts, st.lists(texts, max_size=3), st.integers(1, 40))
def test_segments_joined_give_the_normalised_text(text, terms, width):
    segments = highlight(text, terms)
    assert "".join(segment for segment, _ in segments) == normalise(text)
    assert all(segment for segment, _ in segments)
    shown = snippet(text, terms, width)
    assert "".join(segment for segment, _ in shown if segment != "…") in normalise(text) or "…" in text


@many
@given(texts)
def test_every_word_of_a_text_hits_it(text):
    for token in tokens(text):
        assert any(is_hit and token.text in segment for segment, is_hit in highlight(text, [token.text]))


@many
@given(texts, texts)
def test_sort_keys_agree_with_exact_keys(one, other):
    assert len(sort_key(one)) <= 512
    assert b"\0" not in sort_key(one)
    assert sort_key(one) <= sort_key(one + " " + other)
    assert sort_key(normalise(one)) == sort_key(one)


@many
@given(texts)
def test_nothing_is_refused(text):
    assert 0.0 <= vietnamese_score(text) <= 1.0
    telex_to_vietnamese(text)
    vni_to_vietnamese(text)
    filing_form(text, 3)
