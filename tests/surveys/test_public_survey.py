"""The survey page without sign-in: what a scanner, a guesser, a forger and a real customer get."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from core.clock import db_now
from core.models import IdempotencyKey
from surveys.models import Answer, Invitation, PeerCount, Recovery, Response
from tests.surveys.factories import BAD, GOOD, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(personas):
    """A link handed over just now."""
    row = planned(personas)
    return row.send(by=None, now=db_now(), channel="mail")


def url_of(invitation):
    return reverse("public_survey", args=[invitation.token])


def every_row():
    """Every table of the product as counts and digests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{name}\" t"
            )
            found[name] = cursor.fetchone()[0]
    return found


def test_reading_records_nothing(invitation):
    client, before = Client(), every_row()
    for _ in range(3):
        assert client.get(url_of(invitation)).status_code == 200
        assert client.head(url_of(invitation)).status_code == 200
    client.get(url_of(invitation), headers={"purpose": "prefetch", "user-agent": "LinkScanner/1.0"})
    assert every_row() == before


def test_the_page_is_small_private_and_names_nobody(invitation):
    page = Client().get(url_of(invitation))
    text = page.content.decode()
    assert len(page.content) < 20_000
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    for secret in (invitation.customer.name, invitation.contact.name, invitation.contact.mobile):
        assert secret not in text


def test_the_shortest_answer_is_one_score(invitation):
    page = Client().post(url_of(invitation), {"q0": "5"})
    assert page.status_code == 200
    assert "感谢" in page.content.decode()
    response = Response.objects.get(invitation=invitation)
    assert (response.csat, response.ces, response.fixed, response.low_reasons) == (5, None, "", [])
    assert Invitation.objects.get(pk=invitation.pk).state == "answered"
    assert not Recovery.objects.exists()


def test_all_answers_are_kept_and_the_customers_facts_follow(invitation):
    Client().post(url_of(invitation), GOOD)
    response = Response.objects.get(invitation=invitation)
    assert Answer.objects.filter(response=response).count() == 7
    assert response.remark == "很快"
    facts = invitation.customer.facts
    facts.refresh_from_db()
    assert (facts.answers_total, facts.csat_mean_12m, facts.last_csat) == (1, 5, 5)
    assert facts.surveys_at is not None
    invitation.questionnaire.refresh_from_db()
    assert invitation.questionnaire.is_frozen


def test_an_answer_sent_again_changes_nothing(invitation):
    client = Client()
    client.post(url_of(invitation), GOOD)
    before = (list(Answer.objects.values_list("code", "number", "text")), Invitation.objects.get().version)
    again = client.post(url_of(invitation), {"q0": "1", "open": "改主意了"})
    assert again.status_code == 200
    assert "已收到" in again.content.decode()
    assert "已收到" in client.get(url_of(invitation)).content.decode()
    assert (
        list(Answer.objects.values_list("code", "number", "text")),
        Invitation.objects.get().version,
    ) == before


def test_the_same_request_key_makes_one_answer(invitation):
    for _ in range(2):
        assert Client().post(url_of(invitation), {"q0": "4", "idempotency_key": "k1"}).status_code == 200
    assert Response.objects.count() == 1
    assert IdempotencyKey.objects.filter(key="k1").count() == 1


def test_nothing_at_all_is_refused_and_typed_text_stays(invitation):
    client = Client()
    assert client.post(url_of(invitation), {"open": "  "}).status_code == 400
    page = client.post(url_of(invitation), {"q0": "9", "open": "等了三天才来人"})
    assert page.status_code == 400
    assert "等了三天才来人" in page.content.decode()
    assert not Response.objects.exists()
    assert Invitation.objects.get().state == "sent"


@pytest.mark.parametrize(
    "token", ["a" * 26, "x", "%00", "../../etc", "中文", "A" * 400, "' OR 1=1", "234567abcdefghijklmnopqrst"]
)
def test_wrong_and_malformed_words_are_refused_alike(invitation, token):
    page = Client().get(f"/s/{token}")
    other = Client().get(f"/s/{'z' * 26}")
    assert page.status_code == other.status_code == 404
    if "/" not in token:
        assert page.content.decode().count("<") == other.content.decode().count("<")


def test_a_link_not_sent_yet_is_unknown(personas):
    assert Client().get(url_of(planned(personas))).status_code == 404


def test_an_ended_link_is_gone(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=db_now() - timedelta(minutes=1))
    for answer in (Client().get(url_of(invitation)), Client().post(url_of(invitation), GOOD)):
        assert answer.status_code == 410
        assert answer["Cache-Control"] == "no-store"
    assert not Response.objects.exists()
    Invitation.objects.get(pk=invitation.pk).expire(by=None, now=db_now())
    assert Client().get(url_of(invitation)).status_code == 410


def test_a_withdrawn_invitation_is_gone(invitation, personas):
    invitation.exclude(by=personas.co, now=db_now(), reason="客户要求")
    assert Client().get(url_of(invitation)).status_code == 410


def test_guessing_is_limited_by_the_real_peer_not_by_forged_headers(invitation):
    codes = [
        Client().get(f"/s/{n:026d}", headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(25)
    ]
    assert codes[:20] == [404] * 20
    assert codes[20:] == [429] * 5
    assert PeerCount.objects.count() == 1
    assert Client(REMOTE_ADDR="198.51.100.7").get("/s/wrong").status_code == 404
    assert Client().get(url_of(invitation)).status_code == 200  # whoever holds a right link still gets in


def test_answers_without_end_are_limited(invitation):
    client = Client()
    client.post(url_of(invitation), GOOD)
    codes = [client.post(url_of(invitation), GOOD).status_code for _ in range(31)]
    assert codes[-1] == 429
    assert Response.objects.count() == 1


def test_a_post_from_another_site_is_blocked(invitation):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(
        url_of(invitation), GOOD, headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    )
    assert page.status_code == 403
    assert not Response.objects.exists()


def test_a_low_answer_offers_a_complaint_and_one_click_registers_one(invitation, personas):
    client = Client()
    page = client.post(url_of(invitation), BAD).content.decode()
    assert 'value="complain"' in page
    assert not Complaint.objects.exists()
    client.post(url_of(invitation), {"verb": "complain", "words": "请派有经验的人来"})
    case = Complaint.objects.get()
    assert (case.channel, case.lead_department.code, case.creator) == ("survey", "ASD", None)
    assert case.ticket == invitation.ticket
    assert "请派有经验的人来" in case.facts
    assert "来了三次还没修好" in case.facts
    assert Recovery.objects.get().complaint_by_customer
    again = client.post(url_of(invitation), {"verb": "complain"})
    assert case.code in again.content.decode()
    assert Complaint.objects.count() == 1
    assert Response.objects.get().csat == 1


def test_a_good_answer_cannot_be_made_a_complaint(invitation):
    client = Client()
    assert 'value="complain"' not in client.post(url_of(invitation), GOOD).content.decode()
    assert client.post(url_of(invitation), {"verb": "complain"}).status_code == 409
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "总体满意程度"), ("en", "How satisfied are you")])
def test_both_languages(invitation, language, word):
    page = Client().get(url_of(invitation), headers={"accept-language": language})
    assert word in page.content.decode()


def csrf_post(url, data, **headers):
    """A post as a browser sends it from our own page, with Django's check switched on."""
    client = Client(enforce_csrf_checks=True)
    token = client.get(url).context["csrf_token"]
    return client.post(url, {**data, "csrfmiddlewaretoken": str(token)}, headers=headers)


def test_a_browser_that_hides_its_address_still_gets_its_answer_in(invitation):
    page = csrf_post(url_of(invitation), {"q0": "5"}, origin="null", **{"sec-fetch-site": "same-origin"})
    assert page.status_code == 200
    assert Response.objects.get().csat == 5


@pytest.mark.parametrize(
    "headers",
    [{"origin": "null", "sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}],
)
def test_other_sites_do_not_even_with_a_token(invitation, headers):
    assert csrf_post(url_of(invitation), {"q0": "5"}, **headers).status_code == 403
    assert not Response.objects.exists()


def test_a_hidden_address_without_the_token_is_refused(invitation):
    client = Client(enforce_csrf_checks=True)
    assert client.post(url_of(invitation), {"q0": "5"}, headers={"origin": "null"}).status_code == 403
    assert not Response.objects.exists()
