"""Models and versions of processes: what runs where, a drawing sent, checked, compared, and agreed on by two people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from guardian.models import GroupObjectPermission

from audit.actors import Actor
from portal_staff.urls import urlpatterns
from processes import actions
from processes.actions.versions import RESERVED_KEYS
from processes.engine import parse
from processes.models import ProcessModel, ProcessVersion
from processes.publishing import findings
from tests.firm import address_change
from tests.processes.drawings import drawn, work_at
from tests.processes.engine.bpmn import end, path, start
from tests.ui.test_catalogue import sentences_left

KEY = "address_change"
DRAWN = (Path(__file__).parents[2] / "demo" / "products" / KEY / "process.bpmn").read_bytes()
LONGER = DRAWN.replace(b'effort="12"', b'effort="15"')
RENAMED = LONGER.replace("核对新地址".encode(), "复核新地址".encode())
BROKEN = DRAWN.replace(
    b'<tl:work queue="maintenance" skill="general" effort="10"', b'<tl:work skill="general" effort="10"'
)
NEXT_YEAR = {"justification": "It takes longer.", "effective_at": "2030-01-01T09:00"}


def url(name: str, *more: object) -> str:
    return reverse(f"staff:{name}", args=[KEY, *more])


def sent(xml: bytes, name: str = "changed.bpmn") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, xml, "application/xml")}


def test_the_list_shows_a_process_that_nothing_governs_yet(firm, now, as_user) -> None:
    actions.add_model(key="later", name={"en": "Later", "zh-Hans": "以后"}, actor=Actor.system("test"), now=now)
    for model in ProcessModel.objects.filter(key="later"):
        actions.grant_as_elsewhere(model, actor=Actor.system("test"), now=now)
    page = as_user(firm.alan).get(reverse("staff:processes"))
    assert page.status_code == 200
    assert "None yet" in page.text


@pytest.fixture
def draft(firm, as_user) -> ProcessVersion:
    as_user(firm.alan).post(url("upload_process"), sent(RENAMED))
    return ProcessVersion.objects.get(model__key=KEY, state="draft")


def test_the_list_says_what_is_in_force_what_waits_and_how_many_run(
    firm, now, draft, as_user, django_assert_max_num_queries
) -> None:
    address_change(firm, now)
    browser = as_user(firm.max)
    browser.get(reverse("staff:processes"))
    with django_assert_max_num_queries(11):
        page = browser.get(reverse("staff:processes"))
    (row,) = [row for row in page.context["rows"] if row["model"].key == KEY]
    assert (row["in_force"].number, [each.number for each in row["waiting"]], row["running"]) == (
        1,
        [draft.number],
        "1",
    )


def test_a_models_page_counts_the_instances_at_each_node(firm, now, as_user, django_assert_max_num_queries) -> None:
    address_change(firm, now, key="one")
    address_change(firm, now, key="two")
    browser = as_user(firm.max)
    browser.get(url("process"))
    with django_assert_max_num_queries(14):
        page = browser.get(url("process"))
    assert page.context["nodes"] == [("Verify the new address", 2)]
    assert "heat-5" in page.context["diagram"]


def test_every_element_is_said_in_words_with_what_follows(firm, as_user) -> None:
    steps = {step.id: step for step in as_user(firm.max).get(url("process")).context["steps"]}
    assert len(steps) == 12
    assert list(steps)[:3] == ["received", "verify_address", "address_confirmed"]
    assert [(way.how, way.name, way.target) for way in steps["address_confirmed"].ways] == [
        ("when", "proof needed", "Send a proof of address"),
        ("when", "yes", "Checked"),
        ("otherwise", "no", "Not possible"),
    ]
    thirty_days = steps["ask_proof_thirty_days"]
    assert (thirty_days.what, thirty_days.on) == ("Meanwhile: time, 30 days", "Send a proof of address")
    assert steps["verify_address"].effort == "12"


def test_a_drawing_without_errors_becomes_a_draft_with_the_forms_in_force(firm, as_user) -> None:
    answer = as_user(firm.alan).post(url("upload_process"), sent(LONGER))
    made = ProcessVersion.objects.get(model__key=KEY, state="draft")
    assert answer["Location"] == url("process_version", made.number)
    assert bytes(made.xml) == LONGER
    assert made.forms == ProcessVersion.objects.get(model__key=KEY, state="in_force").forms
    assert made.maker == firm.alan


def test_a_form_sent_with_the_drawing_takes_the_place_of_the_one_carried_over(firm, as_user) -> None:
    form = b'{"type": "object", "properties": {"sent": {"type": "boolean"}}}'
    files = sent(LONGER) | {"forms": [SimpleUploadedFile("send_letters.json", form)]}
    as_user(firm.alan).post(url("upload_process"), files)
    made = ProcessVersion.objects.get(model__key=KEY, state="draft")
    assert made.forms["send_letters"]["properties"] == {"sent": {"type": "boolean"}}
    assert set(made.forms) == set(ProcessVersion.objects.get(model__key=KEY, state="in_force").forms)


def test_errors_are_listed_with_their_element_and_line_and_marked_on_the_drawing(firm, as_user) -> None:
    page = as_user(firm.alan).post(url("upload_process"), sent(BROKEN))
    assert page.status_code == 422
    found, *others = page.context["findings"]
    assert found.is_error
    assert {each.element for each in others} <= {"update_records"}
    assert (found.element, found.name) == ("update_records", "Enter the new address")
    assert b'id="update_records"' in BROKEN.splitlines()[found.line - 1]
    assert 'class="node wrong"' in page.context["diagram"]
    assert "✕ " in page.context["diagram"]
    assert not ProcessVersion.objects.filter(model__key=KEY, state="draft").exists()


def test_what_is_wrong_with_a_drawing_is_said_in_chinese_to_who_reads_chinese(firm, as_user) -> None:
    firm.alan.language = "zh-hans"
    firm.alan.save(update_fields=["language"])
    cut = DRAWN.replace(b'sourceRef="received"', b'sourceRef="nowhere"')
    page = as_user(firm.alan).post(url("upload_process"), sent(cut))
    assert 'lang="zh' in page.text
    assert sentences_left(page.text) == []
    assert len(page.context["findings"]) > 1
    assert all("应" in each.message for each in page.context["findings"])
    page = as_user(firm.alan).post(url("upload_process"), sent(b"<html/>"))
    assert "根元素应为 BPMN 2.0 的 &lt;definitions&gt;，但它是 &lt;html&gt;。" in page.text


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\x00\xff\xfe",
        b"<a",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 200 + b"</a>" * 200,
        DRAWN[:4000],
    ],
    ids=["empty", "no text", "cut", "no BPMN", "with entities", "deep", "half"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(xml: bytes, firm, as_user) -> None:
    page = as_user(firm.alan).post(url("upload_process"), sent(xml))
    assert page.status_code == 422
    assert 'id="file-error"' in page.text
    assert 'href="#file"' in page.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'x="242"', b'x="NaN"'),
        (b'width="116"', b'width="-5"'),
        (b'x="242"', b'x="1e999"'),
        (b'sourceRef="received"', b'sourceRef="nowhere"'),
        (b'attachedToRef="ask_proof"', b'attachedToRef="nowhere"'),
        (b'id="verify_address"', b'id="send_letters"'),
        (b'isExecutable="true"', b'isExecutable="false"'),
        (b'address_check = "confirmed"', b"address_check = ("),
        (b"P30D", b"soon"),
    ],
)
def test_a_broken_drawing_never_breaks_the_page(old: bytes, new: bytes, firm, as_user) -> None:
    page = as_user(firm.alan).post(url("upload_process"), sent(DRAWN.replace(old, new)), follow=True)
    assert page.status_code in (200, 422)


def test_files_are_bounded_and_refused_at_their_field(firm, as_user) -> None:
    browser = as_user(firm.alan)
    assert 'id="file-error"' in browser.post(url("upload_process")).text
    assert "at most 5 MB" in browser.post(url("upload_process"), sent(b" " * (5 * 1024 * 1024 + 1))).text
    for form in (b"[" * 100_000, b"[]", b'{"a": NaN}', b"\xff", b" " * 300_000):
        files = sent(LONGER) | {"forms": [SimpleUploadedFile("send_letters.json", form)]}
        page = browser.post(url("upload_process"), files)
        assert page.status_code == 422
        assert 'id="forms-error"' in page.text
    assert not ProcessVersion.objects.filter(model__key=KEY, state="draft").exists()


def test_the_difference_is_marked_on_both_drawings_and_said_in_words(firm, draft, as_user) -> None:
    page = as_user(firm.nadia).get(url("process_change", 1, draft.number))
    lines = {(line.name, line.what): (line.before, line.after) for line in page.context["lines"]}
    assert lines == {
        ("Verify the new address", "Planned minutes"): ("12", "15"),
        ("Verify the new address", "Name in Chinese"): ("核对新地址", "复核新地址"),
    }
    assert all('class="node changed"' in picture for _version, picture in page.context["pictures"])


def test_what_was_added_and_removed_is_said_by_name(firm, as_user) -> None:
    changed = DRAWN.replace(b"Send letters to both addresses", b"Call the client")
    changed = changed.replace(b'"send_letters"', b'"call_client"').replace(b">send_letters<", b">call_client<")
    changed = changed.replace(b'form="call_client"', b'form="send_letters"')
    as_user(firm.alan).post(url("upload_process"), sent(changed))
    page = as_user(firm.alan).get(url("process_change", 1, 2))
    found = {(line.how, line.name) for line in page.context["lines"]}
    assert {("added", "Call the client"), ("removed", "Send letters to both addresses")} <= found
    assert 'class="node removed"' in page.context["pictures"][0][1]
    assert 'class="node added"' in page.context["pictures"][1][1]


REPEATED = (
    b'<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
    b"</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
)


def test_what_got_another_id_under_its_name_is_told_apart_by_the_ids(firm, as_user) -> None:
    again = DRAWN.replace(b'"send_letters"', b'"post_letters"').replace(b">send_letters<", b">post_letters<")
    as_user(firm.alan).post(url("upload_process"), sent(again.replace(b'form="post_letters"', b'form="send_letters"')))
    lines = as_user(firm.alan).get(url("process_change", 1, 2)).context["lines"]
    (one,) = {line.name for line in lines if line.how == "removed" and "send_letters" in line.name}
    assert one == "Send letters to both addresses (send_letters)"
    changed = [line for line in lines if line.how == "changed"]
    assert changed
    assert [line for line in changed if line.before == line.after] == []
    assert {(line.before, line.after) for line in changed if line.what == "Leads to"} == {
        ("Send letters to both addresses (send_letters)", "Send letters to both addresses (post_letters)")
    }


def test_a_repetition_is_one_change_said_in_a_few_words(firm, as_user) -> None:
    as_user(firm.alan).post(url("upload_process"), sent(DRAWN.replace(b"</bpmn:userTask>", REPEATED, 1)))
    page = as_user(firm.alan).get(url("process_change", 1, 2))
    (line,) = [line for line in page.context["lines"] if line.what == "Repetition"]
    assert (line.before, line.after) == ("", "one after the other; 3 times")
    assert page.context["counts"]["changed"] == 1


def test_another_name_of_a_message_is_said_of_what_waits_for_it(firm, as_user) -> None:
    def waiting(name: bytes) -> bytes:
        paid = b'<bpmn:endEvent id="paid_for" name="Paid"/><bpmn:boundaryEvent id="paid" attachedToRef="send_letters"'
        paid += b' name="Paid"><bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
        paid += b'<bpmn:sequenceFlow id="so" sourceRef="paid" targetRef="paid_for"/></bpmn:process>'
        message = b'<bpmn:message id="m" name="%s"/></bpmn:definitions>' % name
        return DRAWN.replace(b"</bpmn:process>", paid).replace(b"</bpmn:definitions>", message)

    for name in (b"pay", b"settle"):
        assert as_user(firm.alan).post(url("upload_process"), sent(waiting(name))).status_code == 302
    page = as_user(firm.alan).get(url("process_change", 2, 3))
    (line,) = page.context["lines"]
    assert (line.name, line.what, line.before, line.after) == ("Paid", "Name of the message", "pay", "settle")


def test_one_proposes_and_another_approves(firm, draft, as_user) -> None:
    as_user(firm.alan).post(url("propose_process", draft.number), NEXT_YEAR)
    assert as_user(firm.alan).post(url("approve_process", draft.number)).status_code == 403
    page = as_user(firm.nadia).get(url("process_version", draft.number))
    assert url("process_change", 1, draft.number) in page.text
    assert as_user(firm.nadia).post(url("approve_process", draft.number)).status_code == 302
    draft = ProcessVersion.objects.get(pk=draft.pk)
    assert (draft.state, draft.checker) == ("approved", firm.nadia)


def test_back_to_the_drawing_that_governed_before(firm, draft, as_user) -> None:
    first = ProcessVersion.objects.get(model__key=KEY, number=1)
    assert as_user(firm.alan).post(url("roll_back_process", 1)).status_code == 409  # it governs
    ProcessVersion.objects.filter(pk=first.pk).update(state="superseded")
    ProcessVersion.objects.filter(pk=draft.pk).update(state="in_force")
    assert url("roll_back_process", 1) in as_user(firm.alan).get(url("process_version", 1)).text
    assert (
        url("roll_back_process", draft.number) not in as_user(firm.alan).get(url("process_version", draft.number)).text
    )
    assert as_user(firm.max).post(url("roll_back_process", 1)).status_code == 403
    assert as_user(firm.alan).post(url("roll_back_process", 1)).status_code == 302
    made = ProcessVersion.objects.get(model__key=KEY, number=draft.number + 1)
    assert (bytes(made.xml), made.forms, made.state) == (bytes(first.xml), first.forms, "draft")
    assert "Back to version 1.</textarea>" in as_user(firm.alan).get(url("process_version", made.number)).text


def test_a_proposal_is_rejected_with_a_reason_only(firm, draft, as_user) -> None:
    as_user(firm.alan).post(url("propose_process", draft.number), NEXT_YEAR)
    page = as_user(firm.rob).post(url("reject_process", draft.number), {"reason": " "})
    assert page.status_code == 422
    assert 'id="reason-error"' in page.text
    as_user(firm.rob).post(url("reject_process", draft.number), {"reason": "Twelve were enough."})
    assert ProcessVersion.objects.get(pk=draft.pk).state == "rejected"


def test_a_wrong_proposal_is_told_at_its_fields(firm, draft, as_user) -> None:
    page = as_user(firm.alan).post(url("propose_process", draft.number), {"justification": "", "effective_at": "soon"})
    assert page.status_code == 422
    assert 'id="why-error"' in page.text
    assert 'id="from-error"' in page.text


def test_its_maker_takes_a_draft_back(firm, draft, as_user) -> None:
    as_user(firm.alan).post(url("withdraw_process", draft.number))
    assert ProcessVersion.objects.get(pk=draft.pk).state == "withdrawn"


def test_its_maker_takes_back_what_was_approved_and_governs_nothing_yet(firm, draft, as_user) -> None:
    ProcessVersion.objects.filter(pk=draft.pk).update(state="approved", checker=firm.nadia)
    assert "Withdraw this version" in as_user(firm.alan).get(url("process_version", draft.number)).text
    as_user(firm.alan).post(url("withdraw_process", draft.number))
    assert ProcessVersion.objects.get(pk=draft.pk).state == "withdrawn"


def test_who_oversees_reads_but_does_not_change(firm, draft, as_user) -> None:
    assert as_user(firm.max).get(url("process_version", draft.number)).status_code == 200
    assert as_user(firm.max).post(url("upload_process"), sent(LONGER)).status_code == 403
    assert as_user(firm.max).post(url("withdraw_process", draft.number)).status_code == 403


def test_pages_of_versions_keep_to_their_statements(firm, draft, as_user, django_assert_max_num_queries) -> None:
    browser = as_user(firm.alan)
    for address in (url("process_version", draft.number), url("process_change", 1, draft.number)):
        browser.get(address)
        with django_assert_max_num_queries(15):
            browser.get(address)


def test_the_check_asks_once_for_each_queue(firm, django_assert_num_queries) -> None:
    tasks = [f"task_{number}" for number in range(30)]
    xml = drawn(start(), *map(work_at, tasks), end(), path(" -> ".join(["start", *tasks, "end"])))
    with django_assert_num_queries(1):
        report = findings(parse(xml), {})
    assert report.errors == ()


def test_the_file_comes_back_as_it_was_sent(firm, draft, as_user) -> None:
    got = as_user(firm.max).get(url("process_file", draft.number))
    assert got.content == RENAMED
    assert got["Content-Disposition"] == f'attachment; filename="{KEY}-{draft.number}.bpmn"'


def test_a_new_process_is_opened_and_gets_its_drawing(firm, as_user) -> None:
    given = {"key": "address_check", "name_en": "Address check", "name_zh": "地址核查"}
    answer = as_user(firm.alan).post(reverse("staff:new_process"), given)
    assert answer["Location"] == reverse("staff:upload_process", args=["address_check"])
    assert "No drawing yet" in as_user(firm.nadia).get(reverse("staff:process", args=["address_check"])).text
    page = as_user(firm.alan).post(answer["Location"], sent(DRAWN))
    assert page.status_code == 422  # it names forms, and nothing is in force that could bring them
    forms = ProcessVersion.objects.get(model__key=KEY, state="in_force").forms
    files = [SimpleUploadedFile(f"{name}.json", json.dumps(form).encode()) for name, form in forms.items()]
    assert as_user(firm.alan).post(answer["Location"], sent(DRAWN) | {"forms": files}).status_code == 302


@pytest.mark.parametrize(("key", "field"), [(KEY, "key"), ("no key", "key"), ("", "key")])
def test_a_key_that_is_taken_or_none_is_told_at_its_field(key: str, field: str, firm, as_user) -> None:
    before = ProcessModel.objects.count()
    given = {"key": key, "name_en": "Address check", "name_zh": "地址核查"}
    page = as_user(firm.alan).post(reverse("staff:new_process"), given)
    assert page.status_code == 422
    assert f'id="id_{field}_error"' in page.text
    assert ProcessModel.objects.count() == before


@pytest.mark.parametrize("key", RESERVED_KEYS)
def test_a_key_that_is_the_address_of_a_page_is_told_at_its_field(key: str, firm, as_user) -> None:
    given = {"key": key, "name_en": "Address check", "name_zh": "地址核查"}
    page = as_user(firm.alan).post(reverse("staff:new_process"), given)
    assert page.status_code == 422
    assert f"“{key}” is the address of a page. Choose another key." in page.text
    assert not ProcessModel.objects.filter(key=key).exists()


def test_the_reserved_keys_are_just_the_pages_beside_those_of_the_processes() -> None:
    addresses = [str(each.pattern).split("/") for each in urlpatterns]
    beside = {parts[1] for parts in addresses if parts[0] == "processes" and len(parts) > 1 and parts[1]}
    assert {part for part in beside if not part.startswith("<")} == set(RESERVED_KEYS)


def test_only_who_edits_every_process_opens_a_new_one(firm, as_user) -> None:
    right = Permission.objects.get(codename="edit_process")
    GroupObjectPermission.objects.filter(permission=right, object_pk=ProcessModel.objects.first().pk).delete()
    given = {"key": "address_check", "name_en": "Address check", "name_zh": "地址核查"}
    assert as_user(firm.alan).post(reverse("staff:new_process"), given).status_code == 403
    assert not ProcessModel.objects.filter(key="address_check").exists()
