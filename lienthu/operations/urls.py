from django.urls import path

from lienthu.operations.views import desk, health, system

app_name = "operations"
_SYSTEM = "ban-lam-viec/he-thong/"
urlpatterns = [
    path("health", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("ban-lam-viec/", desk.desk, name="desk"),
    path(_SYSTEM, system.system, name="system"),
    path(_SYSTEM + "sao-luu.csv", system.backups_csv, name="backups_csv"),
    path(_SYSTEM + "sao-luu", system.backup_now, name="backup_now"),
    path(_SYSTEM + "sao-luu/<int:pk>/tien-do", system.backup_progress, name="backup_progress"),
    path(_SYSTEM + "kiem-tra", system.restore_test_now, name="restore_test_now"),
    path(_SYSTEM + "kiem-tra/<int:pk>/tien-do", system.restore_test_progress, name="restore_test_progress"),
    path(_SYSTEM + "viec/<int:pk>", system.job, name="job"),
    path(_SYSTEM + "viec/<int:pk>/chay-lai", system.job_retry, name="job_retry"),
]
