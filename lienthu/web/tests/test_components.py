import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from lienthu.web import components as c
from lienthu.web.components.charts import nice_ceiling
from lienthu.web.components.maps import spread
from lienthu.web.covers import plate_class
from lienthu.web.tags.tables import page_numbers


def render(text: str, path: str = "/", **context: object) -> str:
    with translation.override("vi"):
        return Template(text).render(Context({"request": RequestFactory().get(path), **context}))


@pytest.mark.parametrize(
    ("number", "plate"),
    [
        ("895.9221", "cover-violet-0"),
        ("V21", "cover-gold-1"),
        ("005.1", "cover-slate-0"),
        ("", "cover-none"),
        ("(V)", "cover-none"),
    ],
)
def test_a_shelf_keeps_its_colour(number, plate):
    assert plate_class(number) == plate


def test_a_badge_says_its_state_in_words_and_an_unknown_state_is_not_lost():
    assert render('{% badge "AVAILABLE" %}').strip() == '<span class="badge badge-leaf">Có sẵn</span>'
    assert render('{% badge "on_loan" "Hẹn 28/11" %}').strip() == '<span class="badge badge-gold">Hẹn 28/11</span>'
    assert render('{% badge "LẠ" %}').strip() == '<span class="badge badge-grey">LẠ</span>'
    assert render("{% badge cell %}", cell=("done", "Tốt")).strip().endswith(">Tốt</span>")


def test_titles_are_escaped_on_covers():
    assert "<script>" not in render("{% cover title '895' %}", title="<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 5, [1, 2, None, 5]),
        (3, 5, [1, 2, 3, 4, 5]),
        (30, 62, [1, None, 29, 30, 31, None, 62]),
        (62, 62, [1, None, 61, 62]),
    ],
)
def test_the_pager_shows_first_last_and_neighbours(number, pages, shown):
    assert page_numbers(number, pages) == shown


def test_the_pager_keeps_the_search_and_the_first_page_has_no_number():
    html = render("{% pager number=2 pages=3 total=50 size=20 %}", "/tim-kiem?q=then&type=BOOK&page=2")
    assert 'href="?q=then&amp;type=BOOK" rel="prev"' in html
    assert 'href="?q=then&amp;type=BOOK&amp;page=3" rel="next"' in html
    assert "Từ 21 đến 40 trong 50" in html


FACETS = [
    c.FacetGroup(
        "Loại", "type", [c.FacetOption("Sách", "BOOK", 2100, True), c.FacetOption("Bản đồ", "MAP", 3)], shown=1
    )
]


def test_facets_keep_the_search_forget_the_page_and_offer_to_take_back_a_choice():
    html = render("{% facet_panel groups %}", "/tim-kiem?q=then&type=BOOK&page=4", groups=FACETS)
    assert '<input type="hidden" name="q" value="then">' in html
    assert 'name="page"' not in html
    assert html.count('name="type"') == 2
    assert 'href="?q=then"' in html
    assert "2.100" in html


def table(**changes: Any) -> c.Table:
    columns = [
        c.Column("title", "Nhan đề", sortable=True),
        c.Column("year", "Năm", kind="code"),
        c.Column("n", "Số", "number"),
    ]
    rows = [c.Row({"title": "Dế Mèn", "year": 2019, "n": 1204}, url="/x")]
    return c.Table("Bản", columns, rows, **{"sort": "title", **changes})


def test_a_column_in_order_offers_the_other_order():
    html = render("{% data_table table %}", "/?q=a&page=3", table=table())
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=a&amp;sort=-title"' in html
    assert 'aria-sort="descending"' in render("{% data_table table %}", table=table(sort="-title"))


def test_a_year_is_no_quantity():
    html = render("{% data_table table %}", table=table())
    assert ">2019<" in html
    assert ">1.204<" in html


def test_rows_of_a_table_too_wide_for_a_phone_name_each_cell_and_stay_rows_for_screen_readers():
    html = render("{% data_table table %}", table=table())
    assert 'class="data-table  stacks"' in html
    assert '<td role="cell" data-label="Năm" class="cell-code">2019</td>' in html
    assert '<th scope="row" role="rowheader" class="cell-text"><a href="/x">Dế Mèn</a></th>' in html
    assert html.count('role="row"') == 2
    assert html.count("unsortable") == 2


def test_a_name_and_a_number_stay_beside_each_other_on_a_phone_a_name_and_a_sentence_do_not():
    def two(second: c.Column) -> str:
        shown = c.Table("Bảng", [c.Column("a", "Nơi"), second], [c.Row({"a": "Nà Hang", "b": 3})])
        return render("{% data_table table %}", table=shown)

    assert "stacks" not in two(c.Column("b", "Số", "number"))
    assert "data-label" not in two(c.Column("b", "Số", "number"))
    assert "stacks" in two(c.Column("b", "Tình trạng"))


def test_a_row_that_begins_with_a_number_says_on_a_phone_of_what():
    columns = [c.Column("n", "Dòng", "number"), c.Column("b", "Họ và tên")]
    html = render("{% data_table table %}", table=c.Table("Bảng", columns, [c.Row({"n": 3, "b": "Thử"})]))
    assert '<th scope="row" role="rowheader" data-label="Dòng" class="cell-number">3</th>' in html


def test_a_cell_without_a_value_takes_no_line_on_a_phone():
    columns = [c.Column("a", "Nơi"), c.Column("b", "Ghi chú")]
    html = render("{% data_table table %}", table=c.Table("Bảng", columns, [c.Row({"a": "Nà Hang", "b": ""})]))
    assert '<td role="cell" data-label="Ghi chú" class="cell-text cell-empty">–</td>' in html


def test_an_empty_table_says_why_and_what_next():
    empty = c.Empty("Chưa có lượt mượn.", "Quét thẻ để bắt đầu.", c.Link("Mở quầy", "/quay"))
    html = render("{% data_table table %}", table=c.Table("Lượt", [c.Column("a", "A")], [], empty=empty))
    assert "Chưa có lượt mượn." in html
    assert 'href="/quay"' in html
    assert "<table" not in html


def test_progress_asks_again_only_while_work_goes_on():
    running = render("{% progress work %}", work=c.Progress("Nhập", 12400, 25000, "biểu ghi", url="/p"))
    assert 'hx-get="/p" hx-trigger="every 1s"' in running
    assert 'max="25000" value="12400"' in running
    assert "12.400 trên 25.000 biểu ghi" in running
    for state in ("done", "failed"):
        assert "hx-get" not in render("{% progress work %}", work=c.Progress("Nhập", 9, 9, url="/p", state=state))


def test_bars_start_at_zero_and_are_in_proportion():
    chart = c.BarChart("Lượt", [c.ChartPoint("A", 200), c.ChartPoint("B", 50), c.ChartPoint("C", 0)])
    widths = [bar.width for bar in chart.bars]
    assert widths[1] * 4 == widths[0]
    assert widths[2] == 0
    html = render("{% bar_chart chart %}", chart=chart)
    assert set(re.findall(r'class="chart-bar" x="(\d+)"', html)) == {"0"}
    assert "<table>" in html


@pytest.mark.parametrize(("value", "top"), [(0, 4), (3, 4), (260, 400), (999, 1000), (1000, 1000), (0.3, 0.4)])
def test_the_axis_ends_at_a_round_number(value, top):
    assert nice_ceiling(value) == pytest.approx(top)


def test_a_line_chart_has_gaps_and_at_most_five_lines():
    chart = c.LineChart("Bạn đọc", ["1", "2", "3", "4"], [c.Series("A", [1, 2, None, 4])])
    assert chart.lines[0].path.count("M") == 2
    with pytest.raises(ValueError, match="at most five"):
        c.LineChart("Sáu", ["1"], [c.Series(str(i), [i]) for i in range(6)])


def test_marks_of_one_town_are_moved_apart_and_north_is_up():
    spots = spread([(100, 100)] * 3)
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 20 for i, a in enumerate(spots) for b in spots[:i])
    drawn = c.PointMap("Bản đồ", [c.MapPoint("Nam", 21.7, 105.3), c.MapPoint("Bắc", 22.5, 105.3)]).places
    assert drawn[1].y < drawn[0].y


def test_a_question_before_deleting_works_without_scripts():
    html = render('{% dialog id="d" title="Xóa?" label="Xóa" url="/xoa" %}Mất hẳn.{% enddialog %}')
    assert re.search(r'<a [^>]*href="/xoa" data-dialog="d"', html)
    assert '<form method="post" action="/xoa">' in html


def test_a_refusal_says_what_why_by_which_rule_and_what_next():
    html = render(
        '{% notice kind="refusal" title="Không mượn được." rule="Mục 5" next="Trả một cuốn" %}'
        "<p>Đã đủ 3.</p>{% endnotice %}"
    )
    for said in ("Từ chối:", "Không mượn được.", "Đã đủ 3.", "Mục 5", "Trả một cuốn"):
        assert said in html
