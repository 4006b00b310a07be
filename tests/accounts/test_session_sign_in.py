"""Sign-in: one answer for every mistake, a brake counted in the database, a second factor, a link by mail."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.operations import request_password_reset
from core.clock import db_now
from core.models import AuditEntry
from core.outbox import deliver_due
from tests.personas import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pump-password"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(db):
    user = make_person("traveller", "PM", "01")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def braked(settings):
    settings.AXES_ENABLED = True


def sign_in(client, login="traveller", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def test_sign_in_and_out(client, person):
    assert client.get("/accounts/profile/").status_code == 302
    assert sign_in(client)["Location"] == "/"
    assert client.get("/accounts/profile/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/accounts/profile/").status_code == 302


def test_session_id_changes_at_sign_in(client, person):
    client.get(LOGIN)
    client.session["x"] = 1
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_user_name_in_capitals_works(client, person):
    assert sign_in(client, login="Traveller ")["Location"] == "/"


def test_same_answer_for_unknown_name_wrong_password_and_closed_account(client, person):
    wrong = sign_in(client, password="no").content.decode()
    unknown = sign_in(client, login="nobody", password="no").content.decode()
    User.objects.filter(pk=person.pk).update(is_active=False)
    closed = sign_in(client).content.decode()
    sentences = [
        re.findall(r"用户名或密码|User name or password[^<]*", page) for page in (wrong, unknown, closed)
    ]
    assert sentences[0]
    assert sentences[0] == sentences[1] == sentences[2]


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "\\\\evil", "javascript:alert(1)"]
)
def test_foreign_next_leads_home(client, person, target):
    assert sign_in(client, next=target)["Location"] == "/"


def test_own_next_is_followed(client, person):
    assert sign_in(client, next="/accounts/profile/")["Location"] == "/accounts/profile/"


def test_demo_password_is_refused_outside_the_demo(client, person, settings):
    person.set_password("impeller-demo")
    person.save()
    assert sign_in(client, password="impeller-demo").status_code == 200
    settings.DEMO = True
    assert sign_in(client, password="impeller-demo").status_code == 302


def test_brake_holds_the_address_and_not_the_account(client, person, braked):
    for _ in range(7):
        assert sign_in(client, password="wrong").status_code == 200
    held = sign_in(client, password="wrong")
    assert held.status_code == 429
    assert held["Retry-After"] == "900"
    assert sign_in(client).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert sign_in(elsewhere).status_code == 302


def test_brake_ends_after_a_quarter_of_an_hour(client, person, braked):
    for _ in range(8):
        sign_in(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_trying_many_names_from_one_address_is_braked(client, person, braked, settings):
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 10
    for number in range(10):
        sign_in(client, login=f"guess{number}", password="wrong")
    assert sign_in(client).status_code == 429


def test_success_forgets_earlier_mistakes(client, person, braked):
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 302
    assert not AccessAttempt.objects.filter(username="traveller").exists()


def test_attempts_keep_no_password(client, person, braked):
    sign_in(client, password="my-real-secret")
    assert "my-real-secret" not in str(AccessAttempt.objects.values())


# --- forgotten password -----------------------------------------------------------------------------------------------


def mailed_link():
    deliver_due("password_mail")
    return re.search(r"(/accounts/password/reset/\S+)", mail.outbox[-1].body).group(1)


def test_link_works_once_and_other_sessions_end(client, person):
    other = Client()
    sign_in(other)
    assert client.post("/accounts/password/reset/", {"email": "TRAVELLER@example.com"}).status_code == 302
    link = mailed_link()
    page = client.get(link, follow=True)
    form_url = page.redirect_chain[-1][0]
    answer = client.post(
        form_url, {"new_password1": "another-pump-password", "new_password2": "another-pump-password"}
    )
    assert answer["Location"].startswith(LOGIN)
    assert other.get("/accounts/profile/").status_code == 302
    assert sign_in(Client(), password="another-pump-password").status_code == 302
    assert (
        "validlink" not in Client().get(link, follow=True).context
        or not Client().get(link, follow=True).context["validlink"]
    )


def test_link_dies_after_half_an_hour(client, person, settings):
    client.post("/accounts/password/reset/", {"email": person.email})
    link = mailed_link()
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not client.get(link, follow=True).context["validlink"]


def test_unknown_address_gets_the_same_answer_and_no_mail(client, person):
    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = client.post("/accounts/password/reset/", {"email": "stranger@example.com"})
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    deliver_due("password_mail")
    assert len(mail.outbox) == 1


def test_three_mails_an_hour(person):
    for _ in range(5):
        request_password_reset(email=person.email, now=db_now())
    assert AuditEntry.objects.filter(code="accounts.request_password_user").count() == 3


def test_closed_account_gets_no_link(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    request_password_reset(email=person.email, now=db_now())
    assert deliver_due("password_mail") == 0


def test_own_password_change_ends_the_other_sessions(client, person):
    other = Client()
    sign_in(other)
    sign_in(client)
    wrong = client.post("/accounts/profile/password/", {"old": "wrong", "new": "another-pump-password"})
    assert wrong.status_code == 400
    weak = client.post("/accounts/profile/password/", {"old": PASSWORD, "new": "12345678"})
    assert weak.status_code == 400
    before = client.session.session_key
    assert (
        client.post(
            "/accounts/profile/password/", {"old": PASSWORD, "new": "another-pump-password"}
        ).status_code
        == 302
    )
    assert client.session.session_key != before
    assert client.get("/accounts/profile/").status_code == 200
    assert other.get("/accounts/profile/").status_code == 302


# --- second factor ------------------------------------------------------------------------------------------------------


def code_for(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def protected(client, person):
    sign_in(client)
    page = client.get("/accounts/second-factor/activate/", follow=True)
    if "secret" not in dir(page.context["form"]):
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    answer = client.post("/accounts/second-factor/activate/", {"code": code_for(secret)}, follow=True)
    codes = answer.context["unused_codes"]
    client.post("/accounts/logout/")
    return secret, codes


def test_second_factor_asks_for_a_code(client, person, protected):
    _secret, codes = protected
    assert sign_in(client)["Location"].startswith("/accounts/login/code/")
    assert client.get("/accounts/profile/").status_code == 302
    assert client.get("/accounts/login/code/").status_code == 200
    assert client.post("/accounts/login/code/", {"code": "000000"}).status_code == 200
    assert client.get("/accounts/profile/").status_code == 302
    assert client.post("/accounts/login/code/", {"code": codes[0]})["Location"] == "/"
    assert client.get("/accounts/profile/").status_code == 200


def test_recovery_code_works_once(client, person, protected):
    codes = protected[1]
    sign_in(client)
    client.post("/accounts/login/code/", {"code": codes[0]})
    client.post("/accounts/logout/")
    sign_in(client)
    assert client.post("/accounts/login/code/", {"code": codes[0]}).status_code == 200


def test_guessing_codes_is_braked_like_passwords(client, person, protected, braked):
    sign_in(client)
    statuses = [client.post("/accounts/login/code/", {"code": "000000"}).status_code for _ in range(9)]
    assert statuses[-1] == 429


def test_secrets_are_sealed_in_the_database(client, person, protected):
    stored = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert protected[0] not in stored


def test_code_page_without_password_first_leads_to_sign_in(client, db):
    assert client.get("/accounts/login/code/")["Location"] == LOGIN


def test_delicate_pages_ask_again(client, person):
    client.force_login(person, backend="accounts.backends.PasswordBackend")
    assert client.get("/accounts/second-factor/activate/")["Location"].startswith("/accounts/confirm/")


# --- language ---------------------------------------------------------------------------------------------------------


def test_language_of_the_profile_wins_over_cookie(client, person):
    client.force_login(person, backend="accounts.backends.PasswordBackend")
    client.cookies["django_language"] = "en"
    assert client.get("/accounts/profile/")["Content-Language"] == "zh-hans"
    User.objects.filter(pk=person.pk).update(language="en")
    client.cookies["django_language"] = "zh-hans"
    assert client.get("/accounts/profile/")["Content-Language"] == "en"
