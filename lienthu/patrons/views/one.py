"""The page of one reader, and what is done there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthu.identity.access import actor_of, may, may_anywhere, requires
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library
from lienthu.patrons.access import (
    BLOCK,
    COLLECT,
    EDIT,
    LEND,
    READ,
    ReasonNeeded,
    get_patron,
    library_for_card,
    patron_at_card_desk,
    patron_to_change,
)
from lienthu.patrons.actions import (
    AccountTaken,
    AlreadyReplaced,
    CardTaken,
    NoActiveCard,
    NoGuardian,
    NoSuchAccount,
    add_guardian,
    block,
    end_guardianship,
    end_proxy,
    issue_card,
    lift_block,
    link_account,
    merges_of,
    note_proxy,
    replace_card,
    report_lost,
)
from lienthu.patrons.actions.consenting import ChildMustAgree
from lienthu.patrons.forms import (
    AccountForm,
    BlockForm,
    CardForm,
    ConfirmForm,
    GuardianForm,
    MergeForm,
    PhotoForm,
    ProxyForm,
)
from lienthu.patrons.models import Card, CardStatus, Patron, PatronState
from lienthu.patrons.policy import CHILD_AGE, age_on
from lienthu.patrons.queries import (
    blocks_of,
    category_names,
    current_guardians,
    current_proxies,
    past_blocks,
    patron_of_card,
)
from lienthu.patrons.views.frame import found_or_404, patron_crumbs
from lienthu.patrons.wording import card_badge, state_badge
from lienthu.web.tags.filters import vn_date


@requires(READ)
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A reader: who, cards, blocks, guardians. A reader of another library is opened with a reason only."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "") if request.method == "POST" else ""
    with found_or_404():
        try:
            patron = get_patron(actor, public_id, reason=reason)
        except ReasonNeeded as needed:
            context = {"library": needed.patron.home_library.name_vi, "crumbs": patron_crumbs((_("Xem hồ sơ"), ""))}
            return render(request, "patrons/reason.html", context)
    return render(request, "patrons/patron.html", _context(request, patron))


def show(request: HttpRequest, patron: Patron, *, status: int = 200, reason: str = "", **bound: Any) -> HttpResponse:
    """The page of a reader again, with forms as they were sent and their errors: a look like any other."""
    with found_or_404():
        get_patron(actor_of(request), ids.encode(patron.pk), reason=reason)
    return render(request, "patrons/patron.html", _context(request, patron, **bound), status=status)


def _context(request: HttpRequest, patron: Patron, **bound: Any) -> dict[str, Any]:
    actor, today = actor_of(request), clock.today()
    age = age_on(patron.birth_date, today)
    rows = [
        (_("Nhóm"), category_names()[patron.category.code]),
        (_("Lớp, khoa, đơn vị"), patron.group),
        (_("Ngày sinh"), vn_date(patron.birth_date) if patron.birth_date else ""),
        (_("Điện thoại"), patron.phone),
        (_("Thư điện tử"), patron.email),
        (_("Nơi ở"), patron.address),
        (_("Thư viện"), patron.home_library.name_vi),
        (_("Tài khoản đăng nhập"), patron.account.username if patron.account else ""),
        (_("Số định danh"), _("đã ghi, được mã hóa") if patron.identity_sealed else ""),
        (_("Ghi chú"), patron.note),
    ]
    scope = patron.home_library.scope
    cards = list(Card.objects.filter(patron=patron).order_by("-id"))
    desk = library_for_card(actor, patron)
    elsewhere = desk is not None and desk.pk != patron.home_library_id
    uses = patron.state == PatronState.ACTIVE and may(actor, READ, scope)
    return {
        "patron": patron,
        "crumbs": patron_crumbs((patron.full_name, "")),
        "state": state_badge(patron),
        "rows": [(label, value) for label, value in rows if value],
        "cards": [(card, card_badge(card)) for card in cards],
        "has_card": any(card.status == CardStatus.ACTIVE for card in cards),
        "may_card": desk is not None and (bool(cards) or not elsewhere),
        "elsewhere": elsewhere,
        "blocks": list(blocks_of(patron, on=today)),
        "past_blocks": past_blocks(patron, on=today).count() if may(actor, READ, scope) else 0,
        "guardians": list(current_guardians(patron)),
        "is_child": age is not None and age < CHILD_AGE,
        "may_see_photo": may(actor, READ, scope),
        "may_lend": uses and may_anywhere(actor, LEND),
        "may_collect": uses and may_anywhere(actor, COLLECT),
        "may_edit": may(actor, EDIT, scope),
        "may_block": may(actor, BLOCK, scope),
        "card_form": bound.get("card_form") or CardForm(prefix="card", elsewhere=elsewhere),
        "block_form": bound.get("block_form") or BlockForm(prefix="block"),
        "proxies": list(current_proxies(patron, on=today)),
        "merges": merges_of(patron),
        "same": bound.get("same", ()),
        "confirm_form": bound.get("confirm_form") or ConfirmForm(prefix="confirm"),
        "proxy_form": bound.get("proxy_form") or ProxyForm(prefix="proxy"),
        "merge_form": bound.get("merge_form") or MergeForm(prefix="merge"),
        "photo_form": PhotoForm(prefix="photo"),
        "account_form": bound.get("account_form") or AccountForm(prefix="account"),
        "guardian_form": bound.get("guardian_form") or GuardianForm(prefix="guardian"),
    }


def _form_step(
    request: HttpRequest, public_id: str, *, permission: str, name: str, form: Any, run: Callable[..., str]
) -> HttpResponse:
    """One form of the page: check, carry out, say so; a faulty form is shown again with its errors."""
    with found_or_404():
        patron = patron_to_change(actor_of(request), public_id, permission=permission)
    if form.is_valid():
        said = run(patron, form)
        if said:
            messages.success(request, said)
            return redirect("patrons:patron", public_id)
    return show(request, patron, status=422, **{name: form})


@requires(EDIT)
@require_POST
def replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another card for this reader, also at a library that shares cards with theirs; the first one at their own."""
    reason = request.POST.get("card-reason", "")
    with found_or_404():
        patron, library = patron_at_card_desk(actor_of(request), public_id, reason=reason)
    elsewhere = library.pk != patron.home_library_id
    form = CardForm(request.POST, prefix="card", elsewhere=elsewhere)
    if form.is_valid() and (said := _give_card(request, patron, library, form)):
        messages.success(request, said)
        return redirect("patrons:patron", public_id)
    return show(request, patron, status=422, card_form=form, reason=reason if elsewhere else "")


def _give_card(request: HttpRequest, patron: Patron, library: Library, form: CardForm) -> str:
    """The sentence that says the new card's number; nothing when the form says why there is none."""
    given = form.cleaned_data
    if patron.state == PatronState.PENDING:
        form.add_error(None, _("Đăng ký này chưa được xác nhận: xác nhận rồi mới cấp thẻ."))
        return ""
    try:
        if Card.objects.filter(patron=patron).exists():
            replaces = request.POST.get("replaces")
            card = replace_card(actor=actor_of(request), patron=patron, library=library, replaces=replaces, **given)
        elif library.pk != patron.home_library_id:
            form.add_error(None, _("Thẻ đầu tiên do thư viện của bạn đọc cấp."))
            return ""
        else:
            card = issue_card(actor=actor_of(request), patron=patron, library=library, number=given["number"])
    except CardTaken:
        form.add_error("number", _("Số thẻ này đã có người dùng, hoặc từng có. Hãy dùng số khác."))
        return ""
    except AlreadyReplaced as newer:
        text = _("Bạn đọc này vừa được cấp thẻ %(number)s. Nếu thẻ ấy cũng cần đổi, hãy gửi lại.")
        form.add_error(None, text % {"number": newer})
        return ""
    return _("Thẻ mới: %(number)s. Thẻ cũ không dùng được nữa.") % {"number": card.number}


@requires(EDIT)
@require_POST
def lost(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop the card at once."""
    reason = request.POST.get("reason", "").strip()
    with found_or_404():
        patron, library = patron_at_card_desk(actor_of(request), public_id, reason=reason)
    try:
        card = report_lost(actor=actor_of(request), patron=patron, library=library, reason=reason)
    except NoActiveCard:
        messages.warning(request, _("Bạn đọc này không có thẻ nào đang dùng."))
    else:
        messages.success(request, _("Thẻ %(number)s đã ngừng dùng.") % {"number": card.number})
    return redirect("patrons:patron", public_id)


@requires(BLOCK)
@require_POST
def place_block(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep this reader from borrowing."""

    def run(patron: Patron, form: BlockForm) -> str:
        block(actor=actor_of(request), patron=patron, library=patron.home_library, **form.cleaned_data)
        return _("Đã chặn. Bạn đọc thấy lý do ở quầy và ở trang của mình.")

    form = BlockForm(request.POST, prefix="block")
    return _form_step(request, public_id, permission=BLOCK, name="block_form", form=form, run=run)


@requires(BLOCK)
@require_POST
def lift(request: HttpRequest, public_id: str, block_id: int) -> HttpResponse:
    """Let this reader borrow again."""
    with found_or_404():
        patron = patron_to_change(actor_of(request), public_id, permission=BLOCK)
        lift_block(actor=actor_of(request), block_id=block_id, patron=patron)
    messages.success(request, _("Đã bỏ chặn."))
    return redirect("patrons:patron", public_id)


@requires(EDIT)
@require_POST
def guardian(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who answers for this child."""

    def run(patron: Patron, form: GuardianForm) -> str:
        given = {key: form.cleaned_data[key] for key in ("name", "relation", "phone", "child_agreed")}
        held = patron_of_card(form.cleaned_data["number"]) if form.cleaned_data["number"] else None
        if form.cleaned_data["number"] and held is None:
            form.add_error("number", _("Không có thẻ nào của người khác mang số này."))
            return ""
        try:
            reader = Patron.objects.get(pk=held.patron_id) if held else None
            add_guardian(actor=actor_of(request), child=patron, guardian=reader, **given)
        except NoGuardian:
            form.add_error("number", _("Người giám hộ là người khác, từ 18 tuổi, đang là bạn đọc."))
            return ""
        except ChildMustAgree:
            form.add_error("child_agreed", _("Từ 7 tuổi, cả trẻ và người giám hộ đều phải đồng ý."))
            return ""
        return _("Đã ghi nhận người giám hộ và sự đồng ý.")

    form = GuardianForm(request.POST, prefix="guardian")
    return _form_step(request, public_id, permission=EDIT, name="guardian_form", form=form, run=run)


@requires(EDIT)
@require_POST
def stop_guardian(request: HttpRequest, public_id: str, guardianship_id: int) -> HttpResponse:
    """This person answers no more for the child."""
    with found_or_404():
        patron = patron_to_change(actor_of(request), public_id)
        end_guardianship(actor=actor_of(request), child=patron, guardianship_id=guardianship_id)
    messages.success(request, _("Đã ngừng ghi nhận người giám hộ."))
    return redirect("patrons:patron", public_id)


@requires(EDIT)
@require_POST
def account(request: HttpRequest, public_id: str) -> HttpResponse:
    """Link this reader with an account, so that they see their card and loans."""

    def run(patron: Patron, form: AccountForm) -> str:
        username = form.cleaned_data["username"]
        try:
            link_account(actor=actor_of(request), patron=patron, username=username)
        except NoSuchAccount:
            form.add_error("username", _("Không có tài khoản nào mang tên này."))
            return ""
        except AccountTaken:
            form.add_error("username", _("Tài khoản này đã gắn với một bạn đọc khác."))
            return ""
        return _("Đã gắn tài khoản.") if username else _("Đã bỏ gắn tài khoản.")

    form = AccountForm(request.POST, prefix="account")
    return _form_step(request, public_id, permission=EDIT, name="account_form", form=form, run=run)


@requires(EDIT)
@require_POST
def proxy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody may collect for this reader."""

    def run(patron: Patron, form: ProxyForm) -> str:
        given = dict(form.cleaned_data)
        collector = None
        if number := given.pop("number"):
            held = patron_of_card(number)
            if held is None or held.patron_id == patron.pk:
                form.add_error("number", _("Không có thẻ nào của người khác mang số này."))
                return ""
            collector = Patron.objects.get(pk=held.patron_id)
        note_proxy(actor=actor_of(request), patron=patron, collector=collector, **given)
        return _("Đã ghi nhận người nhận thay.")

    form = ProxyForm(request.POST, prefix="proxy")
    return _form_step(request, public_id, permission=EDIT, name="proxy_form", form=form, run=run)


@requires(EDIT)
@require_POST
def stop_proxy(request: HttpRequest, public_id: str, proxy_id: int) -> HttpResponse:
    """Nobody collects by this note any more."""
    with found_or_404():
        patron = patron_to_change(actor_of(request), public_id)
        end_proxy(actor=actor_of(request), patron=patron, proxy_id=proxy_id)
    messages.success(request, _("Đã ngừng cho nhận thay."))
    return redirect("patrons:patron", public_id)
