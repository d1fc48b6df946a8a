"""The desk of targets: who keeps them, how they are tried, and what becomes of their secrets."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from lienthu.audit.models import Entry
from lienthu.identity.access import Refused
from lienthu.libraries.tests.factories import person, root_scope
from lienthu.targets.actions.keeping import TargetDraft, save_target
from lienthu.targets.jobs import check as check_job
from lienthu.targets.models import OverlayRules, Target
from lienthu.targets.policy.overlay import Rule
from lienthu.targets.problems import TargetProblem
from lienthu.targets.queries import known_targets, rules_of
from lienthu.targets.secrets import opened, seal
from lienthu.targets.sru import cql
from lienthu.targets.tests.conftest import Desk, sru_target, z3950_target
from lienthu.targets.tests.servers import Zebra, hostile, http, zebra
from lienthu.targets.z3950 import pqf

Allow = Callable[[int], None]
SECRET = "mat-khau-rat-bi-mat"


def _values(desk: Desk, **changes: object) -> dict[str, object]:
    return {
        "name": "Thư viện bạn", "kind": "Z3950", "address": "z.example.vn", "port": 210, "database": "lc",
        "syntax": "usmarc", "charset": "AUTO", "user": "lienthu", "secret": SECRET, "timeout": 20, "records": 20,
        "priority": 50, "scope": desk.main.scope.pk, "enabled": "on", **changes,
    }  # fmt: skip


@pytest.fixture
def manager(desk: Desk, client: Client) -> Client:
    client.force_login(desk.manager_account)
    return client


def _added(manager: Client, desk: Desk, **changes: object) -> Target:
    answer = manager.post(reverse("targets:add"), _values(desk, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return Target.objects.latest("pk")


class TestSecrets:
    def test_a_secret_is_encrypted_never_shown_never_audited(
        self, desk: Desk, manager: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        target = _added(manager, desk)
        assert SECRET not in target.secret and opened(sealed=target.secret, name="") == SECRET
        page = manager.get(reverse("targets:edit", args=[target.pk])).content.decode()
        assert SECRET not in page and target.secret not in page
        assert SECRET not in str(list(Entry.objects.values_list("details", flat=True))) and SECRET not in caplog.text

    def test_a_change_of_the_place_forgets_the_secret_so_that_it_is_sent_nowhere_else(
        self, desk: Desk, manager: Client
    ) -> None:
        target = _added(manager, desk)
        url = reverse("targets:edit", args=[target.pk])
        manager.post(url, _values(desk, secret="", name="Tên mới"))
        target.refresh_from_db()
        assert target.name == "Tên mới" and opened(sealed=target.secret, name="") == SECRET
        answer = manager.post(url, _values(desk, secret="", address="ke-xau.example.com"), follow=True)
        target.refresh_from_db()
        assert target.secret == "" and "mật khẩu cũ bị xóa" in answer.content.decode()

    def test_only_variables_made_for_it_are_read(
        self, desk: Desk, manager: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LIENTHU_TARGET_LC", SECRET)
        monkeypatch.setenv("LIENTHU_SECRET_KEY", "x")
        assert opened(sealed="", name="LIENTHU_TARGET_LC") == SECRET
        for name in ("LIENTHU_SECRET_KEY", "DATABASE_URL", "LIENTHU_TARGET_KHONG_CO"):
            with pytest.raises(TargetProblem):
                opened(sealed="", name=name)
        assert manager.post(reverse("targets:add"), _values(desk, secret_name="DATABASE_URL")).status_code == 400
        assert not Target.objects.exists()

    def test_a_lost_key_is_a_diagnosis(self) -> None:
        sealed = seal(SECRET)
        with (
            override_settings(SECRET_KEY="another key of another installation"),
            pytest.raises(TargetProblem) as caught,
        ):
            opened(sealed=sealed, name="")
        assert caught.value.code == "lost_secret"
        with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
            assert opened(sealed=sealed, name="") == SECRET


class TestKeeping:
    @pytest.mark.parametrize(
        "changes",
        [
            {"port": ""},
            {"address": "http://z.example.vn"},
            {"address": "z.example.vn/../x"},
            {"syntax": "grs-1"},
            {"database": 'x" @or'},
            {"index_title": '1=4 "x"'},
            {"kind": "SRU11"},
            {"kind": "SRU11", "address": "ftp://x.example/", "port": ""},
            {"kind": "SRU11", "address": "https://a:b@x.example/", "port": ""},
            {"kind": "SRU11", "address": "https://x.example/", "index_title": 'dc.title="a" or b'},
            {"timeout": 600},
            {"records": 1000},
        ],
    )
    def test_what_can_not_be_asked_is_not_kept(self, desk: Desk, manager: Client, changes: dict[str, object]) -> None:
        assert manager.post(reverse("targets:add"), _values(desk, **changes)).status_code == 400
        assert not Target.objects.exists()

    def test_nobody_keeps_targets_of_another_place(self, desk: Desk, manager: Client, client: Client) -> None:
        assert manager.post(reverse("targets:add"), _values(desk, scope=desk.other.scope.pk)).status_code == 400
        target = _added(manager, desk)
        client.force_login(desk.other_manager_account)
        for name in ("edit", "check", "remove"):
            url = reverse(f"targets:{name}", args=[target.pk])
            assert client.post(url, _values(desk)).status_code in {403, 404}, name
        with pytest.raises(Refused):
            save_target(actor=desk.cataloguer, draft=TargetDraft(values={"name": "x"}, scope=desk.main.scope))
        with pytest.raises(Refused):
            draft = TargetDraft(values={"name": "x"}, scope=desk.main.scope, libraries=[desk.other])
            save_target(actor=desk.manager, draft=draft)
        target.refresh_from_db()
        assert target.name == "Thư viện bạn" and Target.objects.count() == 1

    def test_a_target_is_removed_after_a_question(self, desk: Desk, manager: Client) -> None:
        target = _added(manager, desk)
        url = reverse("targets:remove", args=[target.pk])
        assert "Xóa nguồn này?" in manager.get(url).content.decode() and Target.objects.exists()
        manager.post(url)
        assert not Target.objects.exists()

    def test_the_known_public_targets_are_added_once_and_switched_off(self, desk: Desk, manager: Client) -> None:
        for _ in range(2):
            manager.post(reverse("targets:add_known"), {"scope": desk.main.scope.pk})
        assert Target.objects.count() == len(known_targets()) == 3
        assert not Target.objects.filter(enabled=True).exists()
        for values in known_targets():
            assert values["source"].startswith("https://")
            shape = pqf.ATTRIBUTES if values["kind"] == "Z3950" else cql.INDEX
            assert all(shape.fullmatch(index) for index in values["indexes"].values()), values["name"]
        assert (
            "lx2.loc.gov"
            in manager.get(reverse("targets:edit", args=[Target.objects.get(kind="Z3950").pk])).content.decode()
        )


class TestTrying:
    def _tried(self, client: Client, target: Target) -> str:
        url = reverse("targets:edit", args=[target.pk])
        client.post(reverse("targets:check", args=[target.pk]))
        assert "Đang thử" in client.get(url).content.decode()
        check_job(target.pk)
        return client.get(url).content.decode()

    @pytest.fixture
    def administrator(self, desk: Desk, client: Client) -> Client:
        client.force_login(person("quantri", "ADMINISTRATOR", root_scope()).account)
        return client

    def test_a_good_connection_says_what_came(self, administrator: Client, peer: Zebra, allowed: Allow) -> None:
        allowed(peer.port)
        for target in (z3950_target(peer.port), sru_target(peer.sru)):
            page = self._tried(administrator, target)
            assert "kết quả cho từ “history”" in page and "đọc được 1 biểu ghi" in page

    def test_each_fault_has_its_own_words(self, administrator: Client, peer: Zebra, allowed: Allow) -> None:
        allowed(peer.port)
        assert "cơ sở dữ liệu" in self._tried(administrator, z3950_target(peer.port, database="khong-co")).lower()
        with hostile(http(b"<html/>")) as port:
            allowed(port)
            assert "không phải dịch vụ SRU" in self._tried(administrator, sru_target(f"http://127.0.0.1:{port}/"))
            page = self._tried(administrator, z3950_target(port, name="Nhầm giao thức"))
            assert "giao thức Z39.50" in page or "đóng kết nối" in page
        page = self._tried(administrator, sru_target("http://127.0.0.1:9/", name="Nội bộ"))
        assert "LIENTHU_ALLOW_PRIVATE_FETCH" in page

    def test_without_yaz_it_says_what_to_install(
        self, administrator: Client, peer: Zebra, allowed: Allow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        allowed(peer.port)
        program = tmp_path / "child.py"
        text = Path(pqf.__file__).with_name("child.py").read_text(encoding="utf-8")
        text = text.replace('"libyaz.so.5", "libyaz.5.dylib"', '"libkhongco.so"')
        program.write_text(text.replace('find_library("yaz")', 'find_library("khongco")'), encoding="utf-8")
        monkeypatch.setattr("lienthu.targets.z3950._PROGRAM", program)
        page = self._tried(administrator, z3950_target(peer.port))
        assert "apt install yaz" in page and "Chưa hỏi được nguồn Z39.50" in page


class TestRules:
    def test_a_library_sets_its_own_rules(self, desk: Desk, manager: Client) -> None:
        url = reverse("targets:rules_of", args=[desk.main.code])
        assert manager.get(reverse("targets:rules")).headers["Location"] == url
        page = manager.get(url).content.decode()
        assert "Nhan đề (200–249)" in page
        rules = {group: rule.value for group, rule in rules_of(desk.main).items()}
        assert manager.post(url, {**rules, "title": "TAKE"}).status_code == 302
        assert rules_of(desk.main)["title"] is Rule.TAKE and rules_of(desk.other)["title"] is Rule.KEEP
        assert manager.post(url, {**rules, "title": "XOA"}).status_code == 400
        assert manager.post(reverse("targets:rules_of", args=[desk.other.code]), rules).status_code == 403
        assert OverlayRules.objects.count() == 1


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    """A Zebra that lets in one account only."""
    with zebra(tmp_path_factory.mktemp("guarded"), accounts={"thuvien": "bimat-cua-nguon"}) as running:
        yield running


class TestLogin:
    @pytest.mark.parametrize(
        ("user", "secret", "told"),
        [
            ("", "", "chỉ nhận người có tài khoản"),
            ("thuvien", "khong-dung", "không nhận tên đăng nhập hoặc mật khẩu đã lưu"),
            ("nguoikhac", "bimat-cua-nguon", "không nhận tên đăng nhập hoặc mật khẩu đã lưu"),
            ("thuvien", "bimat-cua-nguon", "kết quả cho từ “history”"),
        ],
    )
    def test_a_refused_login_is_told_apart_and_the_password_is_shown_nowhere(
        self,
        desk: Desk,
        manager: Client,
        allowed: Allow,
        guarded: Zebra,
        user: str,
        secret: str,
        told: str,
    ) -> None:
        allowed(guarded.port)
        place = {"address": "127.0.0.1", "port": guarded.port, "database": "lc"}
        target = _added(manager, desk, **place, user=user, secret=secret)
        manager.post(reverse("targets:check", args=[target.pk]))
        check_job(target.pk)
        page = manager.get(reverse("targets:edit", args=[target.pk])).content.decode()
        assert told in page and (not secret or secret not in page)
