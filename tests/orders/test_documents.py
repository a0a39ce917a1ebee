"""Papers: what they are is read from their bytes, and row and bytes stand or fall together."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.actors import Actor
from audit.models import Entry
from catalog.models import Product
from orders import actions as orders
from orders.models import Document
from orders.refusals import NoSuchOrder, UploadRefused, WrongMoment
from tests.firm import address_change

PDF = b"%PDF-1.4 one page"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def order(firm, now):
    return address_change(firm, now)


def add(order, who, now, content=PDF, name="bill.pdf", kind="application/pdf"):
    upload = SimpleUploadedFile(name, content, content_type=kind)
    return orders.add_document(order.public_id, upload=upload, field="proof", actor=Actor.of(who), now=now)


def stored(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "application/pdf"), (b"\xff\xd8\xff\xe0 photo", "image/jpeg"), (b"\x89PNG\r\n\x1a\n scan", "image/png")],
)
def test_its_kind_is_read_from_its_bytes_whatever_the_browser_says(firm, now, order, content, kind):
    document = add(order, firm.ana, now, content, name="x.exe", kind="application/x-msdownload")
    assert (document.content_type, document.size) == (kind, len(content))
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    with default_storage.open(document.stored_as) as kept:
        assert kept.read() == content


@pytest.mark.parametrize("content", [b"", b"MZ\x90 program", b"<html>", b"PK\x03\x04", b" %PDF-1.4", b"%PD"])
def test_anything_else_is_refused_at_its_field(firm, now, order, content, tmp_path):
    with pytest.raises(UploadRefused) as refused:
        add(order, firm.ana, now, content, kind="application/pdf")
    assert refused.value.fields["proof"]
    assert (Document.objects.count(), stored(tmp_path)) == (0, [])


def test_its_size_is_limited(firm, now, order, settings):
    settings.DOCUMENT_MAX_BYTES = len(PDF)
    add(order, firm.ana, now)
    with pytest.raises(UploadRefused):
        add(order, firm.ana, now, PDF + b"!")


def test_so_is_their_number(firm, now, order, monkeypatch):
    monkeypatch.setattr("orders.actions.documents.MOST_PER_ORDER", 2)
    add(order, firm.ana, now)
    add(order, firm.ana, now)
    with pytest.raises(UploadRefused) as refused:
        add(order, firm.ana, now)
    assert refused.value.fields["proof"]


def test_when_the_row_cannot_be_written_the_bytes_go_too(firm, now, order, monkeypatch, tmp_path):
    monkeypatch.setattr("orders.actions.documents.record", lambda *about, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add(order, firm.ana, now)
    assert (Document.objects.count(), stored(tmp_path)) == (0, [])


def test_when_the_disk_fills_up_half_a_file_does_not_stay(firm, now, order, monkeypatch, tmp_path):
    def half(name, upload):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", half)
    with pytest.raises(OSError, match="No space"):
        add(order, firm.ana, now)
    assert (Document.objects.count(), stored(tmp_path)) == (0, [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\papers\\bill.pdf", "bill.pdf"),
        ('a<b>"c|d?.pdf', "abcd.pdf"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
        ("账单.pdf", "账单.pdf"),
        ("bill.PDF", "bill.PDF"),
        ("bill.exe", "bill.pdf"),
        ("bill.pdf.exe", "bill.pdf.pdf"),
        ("bill.pdf .", "bill.pdf"),
        ("statement 3.2026", "statement 3.2026.pdf"),
        ("Dr. Lee", "Dr. Lee.pdf"),
        (".pdf", "document.pdf"),
        (".html", "document.pdf"),
        ("", "document.pdf"),
        ("fdp.\u202eexe", "fdp.pdf"),
    ],
)
def test_its_name_is_only_a_name(firm, now, order, given, kept):
    upload = SimpleUploadedFile("plain.pdf", PDF)
    upload._name = given
    document = orders.add_document(order.public_id, upload=upload, field="proof", actor=Actor.of(firm.ana), now=now)
    assert document.name == kept
    assert ".." not in document.stored_as


@pytest.mark.parametrize(
    ("content", "given", "kept"),
    [
        (b"\xff\xd8\xff\xe0 photo", "scan.pdf", "scan.jpg"),
        (b"\xff\xd8\xff\xe0 photo", "scan.jpeg", "scan.jpeg"),
        (b"\xff\xd8\xff\xe0 photo", "scan.JPG", "scan.JPG"),
        (b"\x89PNG\r\n\x1a\n scan", "page.html", "page.png"),
        (b"\x89PNG\r\n\x1a\n scan", "x" * 200 + ".svg", "x" * 116 + ".png"),
        (PDF, "run.sh", "run.pdf"),
    ],
)
def test_its_ending_follows_its_kind(firm, now, order, content, given, kept):
    assert add(order, firm.ana, now, content, name=given).name == kept


def test_strangers_add_nothing_and_nobody_adds_to_an_ended_order(firm, now, order):
    with pytest.raises(NoSuchOrder):
        add(order, firm.bo, now)
    orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(firm.ana), now=now)
    with pytest.raises(WrongMoment):
        add(order, firm.ana, now)


def test_its_entry_holds_the_sum_and_not_the_name(firm, now, order):
    document = add(order, firm.ana, now, name="George's divorce.pdf")
    entry = Entry.objects.get(fact="orders.document.added")
    assert entry.data["sha256"] == document.sha256
    assert "divorce" not in str(entry.data) + str(entry.after) + entry.personal


def test_the_papers_of_a_discarded_draft_are_thrown_away_with_it(
    firm, now, tmp_path, django_capture_on_commit_callbacks
):
    draft = orders.save_draft(
        product=Product.objects.get(code="address_change"),
        client=firm.ana_client,
        channel="web",
        answers={},
        idempotency_key="key-1",
        actor=Actor.of(firm.ana),
        now=now,
    )
    add(draft, firm.ana, now)
    with django_capture_on_commit_callbacks(execute=True):
        orders.discard_draft(draft.public_id, actor=Actor.of(firm.ana), now=now)
        assert len(stored(tmp_path)) == 1
    assert (Document.objects.count(), stored(tmp_path)) == (0, [])
