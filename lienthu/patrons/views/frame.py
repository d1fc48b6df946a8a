"""What the pages of one reader share."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.patrons.access import NoSuchPatron
from lienthu.patrons.models import Block, Guardianship, Proxy
from lienthu.web.components import Crumb


@contextmanager
def found_or_404() -> Iterator[None]:
    """A reader who is not there and one who may not be seen look the same."""
    try:
        yield
    except (NoSuchPatron, Block.DoesNotExist, Guardianship.DoesNotExist, Proxy.DoesNotExist) as error:
        raise Http404 from error


def patron_crumbs(*more: tuple[str, str]) -> list[Crumb]:
    """The way from the list of readers."""
    return [Crumb(_("Bạn đọc"), reverse("patrons:list")), *(Crumb(*one) for one in more)]
