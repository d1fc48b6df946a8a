from django.urls import path, re_path
from django.views.generic import RedirectView

from lienthu.discovery.views import browse, feeds, files, record, results

app_name = "discovery"
urlpatterns = [
    path("tim-kiem", results.results, name="results"),
    path("tim-kiem/", RedirectView.as_view(pattern_name="discovery:results", query_string=True)),
    path("tim-kiem/goi-y", results.suggestions, name="suggestions"),
    path("tim-kiem/xuat", files.result_file, name="result_file"),
    path("tim-kiem.atom", feeds.atom, name="atom"),
    path("opensearch.xml", feeds.opensearch, name="opensearch"),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap/<str:first>.xml", feeds.sitemap_part, name="sitemap_part"),
    re_path(
        r"^bieu-ghi/(?P<public>[0-9A-Za-z]{1,20})\.(?P<format>json|marcxml|mrc|bib|ris)$",
        files.record_file,
        name="record_file",
    ),
    path("bieu-ghi/<str:public>", record.record, name="record"),
    path("bieu-ghi/<str:public>/vi-sao", results.why, name="why"),
    path("duyet/", RedirectView.as_view(pattern_name="discovery:browse_titles"), name="browse"),
    path("duyet/nhan-de", browse.titles_page, name="browse_titles"),
    path("duyet/tac-gia", browse.authors_page, name="browse_authors"),
    path("duyet/chu-de", browse.subjects_page, name="browse_subjects"),
    path("duyet/phan-loai", browse.classes_page, name="browse_classes"),
    path("duyet/phan-loai/<str:stem>", browse.classes_page, name="browse_class"),
]
