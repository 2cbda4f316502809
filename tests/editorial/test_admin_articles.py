"""Writing and publishing in the admin, as people of each role."""

from __future__ import annotations

import pytest
from django.urls import reverse

from editorial.actions import StaleArticle, save_article
from editorial.models import Article, AuditEntry, Edition, Revision
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

ADD = "/admin/editorial/article/add/"
LIST = "/admin/editorial/article/"
UNSUPPORTED = "<p>Nobody has said where this comes from.</p>"


@pytest.fixture(autouse=True)
def _as_editor(client):
    client.force_login(make.make_user("Editors"))


def page(article: Article, name: str = "change") -> str:
    return reverse(f"admin:editorial_article_{name}", args=[article.pk])


def open_form(client, article: Article) -> dict:
    return form_data(client.get(page(article)), "article_form")


def byline(*contributors, start: int = 0) -> dict:
    rows = {"contributions-TOTAL_FORMS": str(start + len(contributors))}
    for row, contributor in enumerate(contributors, start=start):
        rows[f"contributions-{row}-contributor"] = contributor.pk
        rows[f"contributions-{row}-position"] = row
    return rows


def test_a_new_article_is_one_revision_with_its_byline(client):
    first, second = make.make_contributor(name="First"), make.make_contributor(name="Second")
    data = form_data(client.get(ADD), "article_form")
    data |= {"title": "A title", "slug": "a-title", "kind": "news", "body": "<p>Words.</p><script>x</script>"}
    data |= byline(first, second) | {"contributions-0-position": 2, "contributions-1-position": 1}
    response = client.post(ADD, data)
    assert response.status_code == 302
    article = Article.objects.get()
    assert article.body == "<p>Words.</p>"
    revision = article.revisions.get()
    assert revision.content["contributors"] == [second.slug, first.slug]
    assert revision.author.groups.get().name == "Editors"
    assert AuditEntry.objects.get().verb == "article.saved"


def test_each_change_is_a_revision_and_no_change_is_none(client):
    article = make.make_article()
    assert client.post(page(article), open_form(client, article)).status_code == 302
    assert article.revisions.count() == 1
    client.post(page(article), open_form(client, article) | {"title": "Another"})
    assert [revision.number for revision in article.revisions.all()] == [2, 1]


def test_the_byline_can_be_changed_and_reordered(client):
    article = make.make_article(contributors=(make.make_contributor(), make.make_contributor()))
    third = make.make_contributor()
    data = open_form(client, article) | byline(third, start=2) | {"contributions-0-DELETE": "on"}
    client.post(page(article), data | {"contributions-2-position": 0, "contributions-1-position": 5})
    names = [row.contributor for row in article.contributions.select_related("contributor")]
    assert names[0] == third
    assert len(names) == 2
    assert article.revisions.first().content["contributors"] == [name.slug for name in names]


def test_one_contributor_stands_once_in_a_byline(client):
    article, contributor = make.make_article(contributors=()), make.make_contributor()
    response = client.post(page(article), open_form(client, article) | byline(contributor, contributor))
    assert "This contributor is in the byline already." in response.content.decode()
    assert not article.contributions.exists()


def test_stale_save_is_refused_and_keeps_both_texts(client):
    article = make.make_article()
    mine = open_form(client, article) | {"body": "<p>My words.</p>", "title": "My title"}
    colleague = make.make_user("Editors", username="colleague")
    article.body = "<p>Their words.</p>"
    save_article(user=colleague, article=article, based_on=1)

    response = client.post(page(article), mine)
    assert response.status_code == 409
    text = response.content.decode()
    assert "colleague has saved this article since you opened it." in text
    assert "&lt;p&gt;Their words.&lt;/p&gt;</textarea>" in text
    kept = form_data(response, "article_form")
    assert (kept["body"], kept["title"]) == ("<p>My words.</p>", "My title")
    article.refresh_from_db()
    assert article.body == "<p>Their words.</p>"
    stray = article.revisions.get(is_stray=True)
    assert (stray.content["body"], stray.based_on.number) == ("<p>My words.</p>", 1)
    assert f"kept as revision {stray.number}" in text
    assert "<del>Their</del>" in text
    assert "<ins>My</ins>" in text

    # Having seen the other text, the person may save theirs over it.
    assert client.post(page(article), kept).status_code == 302
    article.refresh_from_db()
    assert (article.body, article.revisions.first().number) == ("<p>My words.</p>", 4)


def test_a_save_that_becomes_stale_after_the_check_is_refused_too(client, monkeypatch):
    article = make.make_article()
    mine = open_form(client, article) | {"body": "<p>My words.</p>"}

    def overtaken(**arguments):
        monkeypatch.setattr("editorial.admin.article.save_article", save_article)
        raise StaleArticle(None)

    monkeypatch.setattr("editorial.admin.article.save_article", overtaken)
    assert client.post(page(article), mine).status_code == 302
    assert article.revisions.count() == 2


def test_the_address_that_readers_know_stays_until_the_next_publication(client):
    article = make.make_article(slug="known", kind="recap", published=True)
    moved = open_form(client, article) | {"slug": "elsewhere", "kind": "news", "title": "Amended"}
    assert client.post(page(article), moved).status_code == 302
    article.refresh_from_db()
    assert (article.slug, article.kind, article.title) == ("elsewhere", "news", "Amended")
    assert client.get("/recaps/known/").status_code == 200
    assert client.get("/news/elsewhere/").status_code == 404
    draft = make.make_article(slug="draft")
    assert client.post(page(draft), open_form(client, draft) | {"slug": "nowhere"}).status_code == 302
    assert Article.objects.get(pk=draft.pk).slug == "nowhere"


def test_a_revision_number_that_nobody_gave_is_refused(client):
    article = make.make_article()
    response = client.post(page(article), open_form(client, article) | {"based_on": "", "title": "X"})
    assert response.status_code == 409
    assert article.revisions.on_line().count() == 1


def test_a_writer_sees_which_sentences_block(client):
    client.force_login(make.make_user("Writers"))
    article = make.make_article(body=UNSUPPORTED)
    text = client.get(page(article)).content.decode()
    assert "<li>Nobody has said where this comes from.</li>" in text
    assert "keep the article from being published" in text


def test_two_articles_cannot_share_an_address(client):
    other = make.make_article(kind="news")
    data = form_data(client.get(ADD), "article_form")
    data |= {"title": "T", "slug": other.slug, "kind": "news", "language": "de"}
    text = "An article of this kind has that slug already: two pages cannot share an address."
    assert text in client.post(ADD, data).content.decode()
    data |= {"kind": "recap", "language": "en"}
    text = "An article in this language has that slug already."
    assert text in client.post(ADD, data).content.decode()


def test_status_is_no_field_of_the_form(client):
    article = make.make_article()
    data = open_form(client, article)
    assert "status" not in data
    client.post(page(article), data | {"status": "published", "title": "New"})
    article.refresh_from_db()
    assert article.status == "draft"


def test_publishing_freezes_the_article_and_leads_back_with_a_link(client):
    article = make.make_article()
    assert page(article, "workflow") in client.get(page(article)).content.decode()
    data = form_data(client.get(page(article, "workflow")), "publish_form")
    response = client.post(page(article, "workflow"), data, follow=True)
    assert response.redirect_chain == [(page(article, "workflow"), 302)]
    assert (
        f'is published. <a href="{article.get_absolute_url()}">See the page</a>.' in response.content.decode()
    )
    assert article.editions.get().revision.number == 1
    assert "View on site" in client.get(page(article)).content.decode()
    assert AuditEntry.objects.filter(verb="article.published").count() == 1


def test_a_draft_has_no_page_to_view(client):
    assert "View on site" not in client.get(page(make.make_article())).content.decode()


def test_what_blocks_is_listed_and_nothing_is_published(client):
    article = make.make_article(body=UNSUPPORTED, photo=make.make_photo(credit=""))
    text = client.get(page(article, "workflow")).content.decode()
    assert "2 problems keep this article from its readers." in text
    assert "Nobody has said where this comes from." in text
    assert "The photo names nobody in its credit." in text
    response = client.post(page(article, "workflow"), {"verb": "publish", "revision": "1"})
    assert response.status_code == 409
    assert "2 problems keep this article from its readers." in response.content.decode()
    assert not Edition.objects.exists()


def test_a_text_saved_after_the_page_was_opened_is_not_published_unseen(client):
    article = make.make_article()
    data = form_data(client.get(page(article, "workflow")), "publish_form")
    article.title = "Another"
    save_article(user=None, article=article, based_on=1)
    response = client.post(page(article, "workflow"), data)
    assert response.status_code == 409
    assert "The article has been saved since you opened this page." in response.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_who_may_not_publish_is_offered_no_button_and_refused(client, role):
    client.force_login(make.make_user(role))
    article = make.make_article()
    assert "publish_form" not in client.get(page(article, "workflow")).content.decode()
    data = {"verb": "publish", "revision": "1"}
    assert client.post(page(article, "workflow"), data).status_code == 403
    assert "publish_selected" not in client.get(LIST).content.decode()
    client.post(LIST, {"action": "publish_selected", "_selected_action": [article.pk]})
    assert not Edition.objects.exists()


def test_several_are_published_at_once_with_one_answer_each(client):
    good, bad = make.make_article(title="Good"), make.make_article(title="Bad", body=UNSUPPORTED)
    data = {"action": "publish_selected", "_selected_action": [good.pk, bad.pk]}
    messages = [str(message) for message in client.post(LIST, data, follow=True).context["messages"]]
    assert len(messages) == 2
    assert any(message.startswith("“Good” is published.") for message in messages)
    refusal = next(message for message in messages if message.startswith("“Bad” is held back by 1 problem."))
    assert page(bad, "workflow") in refusal
    assert [edition.article for edition in Edition.objects.all()] == [good]


def test_a_missing_article_is_not_found(client):
    assert client.get(reverse("admin:editorial_article_workflow", args=[999])).status_code == 404


def test_fact_checkers_read_articles_and_save_none(client):
    client.force_login(make.make_user("Fact-checkers"))
    article = make.make_article()
    text = client.get(page(article)).content.decode()
    assert 'name="body"' not in text
    assert "supported by a citation" in text
    assert client.post(page(article), {"title": "X"}).status_code == 403
    assert client.get(ADD).status_code == 403


@pytest.mark.parametrize("name", ["revision", "edition", "auditentry"])
def test_history_is_looked_at_and_never_changed(client, name):
    client.force_login(make.make_user("Administrators"))
    make.make_article(published=True)
    model = {"revision": Revision, "edition": Edition, "auditentry": AuditEntry}[name]
    row = model.objects.first()
    change, delete = (
        reverse(f"admin:editorial_{name}_{action}", args=[row.pk]) for action in ("change", "delete")
    )
    assert client.get(change).status_code == 200
    assert client.post(change, {}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(reverse(f"admin:editorial_{name}_changelist")).content.decode()
