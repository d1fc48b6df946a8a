"""All addresses; the matrix test asks each of them for its permission."""

from django.urls import include, path
from django.views.i18n import set_language

from lienthu.config.api import api

handler500 = "lienthu.web.views.server_error"

urlpatterns = [
    path("api/v1/", api.urls),
    path("ngon-ngu/", set_language, name="set_language"),
    # what readers and programs ask for most is looked for first
    path("", include("lienthu.discovery.urls")),
    path("", include("lienthu.portal.urls")),
    path("", include("lienthu.protocols.oaipmh.urls")),
    path("", include("lienthu.protocols.sru.urls")),
    path("", include("lienthu.operations.urls")),
    path("", include("lienthu.web.urls")),
    path("", include("lienthu.identity.urls")),
    path("", include("lienthu.libraries.urls")),
    path("", include("lienthu.catalogue.urls")),
    path("", include("lienthu.cataloguing.urls")),
    path("", include("lienthu.batchedit.urls")),
    path("", include("lienthu.authorities.urls")),
    path("", include("lienthu.patrons.urls")),
    path("", include("lienthu.loanrules.urls")),
    path("", include("lienthu.fees.urls")),
    path("", include("lienthu.circulation.urls")),
    path("", include("lienthu.notices.urls")),
    path("", include("lienthu.offlinedesk.urls")),
    path("", include("lienthu.rotation.urls")),
    path("", include("lienthu.stocktaking.urls")),
    path("", include("lienthu.weeding.urls")),
    path("", include("lienthu.readinglists.urls")),
    path("", include("lienthu.harvesting.urls")),
    path("", include("lienthu.labels.urls")),
    path("", include("lienthu.targets.urls")),
    path("", include("lienthu.protocols.sip2.urls")),
]
