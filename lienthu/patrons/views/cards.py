"""Cards on the screen and on paper, and photographs: the reader's own, and at the desk."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.audit.actions import writing
from lienthu.identity.access import actor_of, requires, signed_in
from lienthu.kernel import ids, storage
from lienthu.kernel.bars import bars, length
from lienthu.kernel.squares import square
from lienthu.patrons.access import EDIT, READ, own_patron, patron_to_change, photo_to_show
from lienthu.patrons.actions import remove_photo, set_photo
from lienthu.patrons.forms import PhotoForm
from lienthu.patrons.models import Card, CardStatus, Patron
from lienthu.patrons.photos import UnusablePhoto
from lienthu.patrons.printing import PrintedCard, cards_pdf
from lienthu.patrons.queries import active_card, category_names
from lienthu.patrons.views.frame import found_or_404
from lienthu.patrons.wording import card_badge, photo_sentence


@signed_in
@require_GET
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """My card, large enough for the scanner of a desk or a machine."""
    patron = own_patron(actor_of(request))
    card = active_card(patron.pk) if patron else None
    context: dict[str, Any] = {"patron": patron, "card": card}
    if patron and card:
        found = bars(card.number) or []
        context |= {
            "state": card_badge(card),
            "square": square(card.number),
            "bars": found,
            "modules": length(found) if found else 0,
            "category": category_names()[patron.category.code],
        }
    return render(request, "patrons/own_card.html", context)


@signed_in
@require_GET
@never_cache
def own_photo(request: HttpRequest) -> HttpResponse:
    """My photograph."""
    patron = own_patron(actor_of(request))
    if patron is None or not patron.photo_key:
        raise Http404
    return _picture(patron.photo_key)


@signed_in
@require_GET
@never_cache
def own_pdf(request: HttpRequest) -> HttpResponse:
    """My card to print."""
    patron = own_patron(actor_of(request))
    if patron is None or (card := active_card(patron.pk)) is None:
        raise Http404
    return _pdf(patron, card)


@requires(READ)
@require_GET
@never_cache
def photo(request: HttpRequest, public_id: str) -> HttpResponse:
    """A reader's photograph, for the libraries that may see the reader."""
    with found_or_404():
        return _picture(photo_to_show(actor_of(request), public_id))


@requires(EDIT)
@require_POST
def change_photo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a photograph in, or away."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id)
    if "remove" in request.POST:
        remove_photo(actor=actor, patron=patron)
        messages.success(request, _("Đã xóa ảnh."))
        return redirect("patrons:patron", public_id)
    form = PhotoForm(request.POST, request.FILES, prefix="photo")
    if not form.is_valid():
        messages.warning(request, _("Chưa chọn tệp ảnh."))
        return redirect("patrons:patron", public_id)
    try:
        set_photo(actor=actor, patron=patron, sent=form.cleaned_data["file"].read())
    except UnusablePhoto as problem:
        messages.warning(request, photo_sentence(problem.code))
    else:
        messages.success(request, _("Đã lưu ảnh."))
    return redirect("patrons:patron", public_id)


@requires(EDIT)
@require_GET
@never_cache
def card_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card in use, to print at the desk."""
    actor = actor_of(request)
    with found_or_404():
        patron = patron_to_change(actor, public_id)
    card = active_card(patron.pk)
    if card is None:
        raise Http404
    with writing(actor) as w:
        w.audit("patrons.card_printed", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)
    return _pdf(patron, card)


def _picture(key: str) -> HttpResponse:
    try:
        stored = storage.open_stored(key)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(stored, content_type="image/png")


def _pdf(patron: Patron, card: Card) -> HttpResponse:
    made = cards_pdf([printed(patron, card)])
    name = f"the-{card.number}.pdf".lower().replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def printed(patron: Patron, card: Card) -> PrintedCard:
    """What stands on a reader's card."""
    lines = [category_names()[patron.category.code], patron.group]
    if card.valid_until:
        lines.append(_("Hạn dùng %(day)s") % {"day": f"{card.valid_until:%d/%m/%Y}"})
    picture = None
    if patron.photo_key:
        try:
            with storage.open_stored(patron.photo_key) as stored:
                picture = stored.read()
        except FileNotFoundError:
            picture = None
    assert card.status == CardStatus.ACTIVE
    return PrintedCard(
        number=card.number,
        name=patron.full_name,
        library=patron.home_library.name_vi,
        lines=tuple(line for line in lines if line),
        photo=picture,
    )
