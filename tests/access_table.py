"""The access table: address × role → status. What a new address answers to whom is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.journeys.scene import Scene


@dataclass(frozen=True)
class Row:
    """One verb at one address, and what each role gets: "in" is the way to the log-in page."""

    verb: str
    name: str
    thing: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.verb} {self.name}{'@' + self.thing if self.thing else ''}"


# What stands in an address: the scene's thing of that name, or the word itself. A table's row names another by @thing.
USUAL = {
    "number": "order",
    "ref": "order",
    "item": "item",
    "task": "request",
    "draft": "draft",
    "document": "document",
    "log": "log",
    "delegation": "delegation",
    "absence": "absence",
    "breach": "breach",
    "advice": "advice",
    "approval": "approval_request",
    "tier": 1,
    "seat": 1,
    "case": 1,
    "kind": "xlsx",
    "part": "breaches",
    "key": "table",
    "entry": "entry",
    "code": "maintenance",
    "product": "address_change",
    "connector": "meridian",
    "uidb36": "1",
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "customer:answer": {"number": "asked"},
    "account_confirm_email": {"key": "wrong"},
    "account_reset_password_from_key": {"key": "wrong"},
    "staff:process": {"key": "address_change"},
    "staff:called_instance": {"serial": 1},
    "staff:migrate": {"key": "address_change", "old": 1, "new": 1},
    "staff:process_version": {"key": "address_change", "number": 1},
    "staff:process_heat": {"key": "address_change"},
    "staff:dry_run": {"key": "address_change", "number": 1},
    "staff:retire_case": {"key": "address_change", "number": 1, "case": 1},
    "staff:heat_orders": {"key": "address_change", "node": "verify_address"},
}
OF_CALENDARS = ("calendar_version", "edit_calendar", "propose_calendar", "approve_calendar", "reject_calendar")
OTHERWISE |= {f"staff:{name}": {"number": 1} for name in (*OF_CALENDARS, "withdraw_calendar", "roll_back_calendar")}
MODELS = (
    "process_file",
    "propose_process",
    "approve_process",
    "reject_process",
    "withdraw_process",
    "roll_back_process",
)
OTHERWISE |= {f"staff:{name}": {"key": "address_change", "number": 1} for name in MODELS}
OTHERWISE |= {"staff:upload_process": {"key": "address_change"}}
OTHERWISE |= {"staff:process_change": {"key": "address_change", "before": 1, "after": 1}}
OF_DECISIONS = ("model_version", "model_file", "model_cases", "propose_model", "approve_model", "reject_model")
OTHERWISE |= {
    f"staff:{name}": {"key": "kyc_risk", "number": 1} for name in (*OF_DECISIONS, "withdraw_model", "roll_back_model")
}
OTHERWISE |= {f"staff:{name}": {"key": "kyc_risk"} for name in ("model", "upload_model")}
OTHERWISE |= {"staff:model_change": {"key": "kyc_risk", "before": 1, "after": 1}}
OTHERWISE |= {"staff:retire_model_case": {"key": "kyc_risk", "number": 1, "case": 1}}
VERSIONS = ("version", "edit_version", "propose_version", "approve_version", "reject_version", "withdraw_version")
OTHERWISE |= {
    f"staff:{name}": {"number": "version"}
    for name in (
        *VERSIONS,
        "what_if",
        "table_cases",
        "retire_table_case",
        "version_file",
        "import_rules",
        "table_columns",
        "cell",
        "roll_back_version",
    )
}
AT: dict[str, dict[str, Any]] = {  # the rows with @thing
    "held": {"item": "held"},
    "approval": {"item": "approval"},
    "prepared": {"item": "prepared"},
    "transfer": {"number": "transfer"},
    "late": {"number": "late"},
    "transfers": {"code": "transfers"},
    "proposed": {"key": "firm", "number": "proposed"},
}
# What is posted, where an empty form would say nothing about the right to post it.
DATA: dict[str, dict[str, Any]] = {
    "account_login": {"login": "nobody", "password": "wrong"},
    "set_language": {"language": "en"},
    "customer:cancel": {"reason": "Not needed any more."},
    "customer:message": {"body": "A question.", "key": "access-table"},
    "customer:draft": {"then": "later"},
    "customer:rate": {"stars": "4"},
    "customer:explain_rating": {"comment": "Quick."},
    "customer:preferences": {"language": "en"},
    "staff:assign_many": {"to": "colleague", "item": "item"},
    "staff:prioritise_many": {"priority": "1", "reason": "Urgent.", "item": "item"},
    "staff:assign": {"to": "colleague"},
    "staff:release": {"reason": "Away."},
    "staff:pend": {"reason": "Waiting."},
    "staff:priority": {"priority": "1", "reason": "Urgent."},
    "staff:keep_draft": {"version": "held_version"},
    "staff:complete": {"version": "held_version", "address_check": "confirmed", "checked_against": "login"},
    "staff:decision": {"decision": "approve", "reason": "Looks right.", "attested": "T3"},
    "staff:hand_over": {"people": "colleague", "reason": "Off tomorrow."},
    "staff:ask_colleague": {"people": "colleague", "question": "Is this usual?"},
    "staff:take_back": {"reason": "Forgot a paper."},
    "staff:add_signers": {"people": "fay", "way": "all", "reason": "A second look."},
    "staff:void": {"reason": "Asked wrongly."},
    "staff:advice": {"answer": "Yes."},
    "staff:remove_signer": {"reason": "Away."},
    "staff:copy_order": {"people": "colleague", "reason": "For your information."},
    "staff:message": {"body": "A question.", "key": "access-table"},
    "staff:note": {"body": "A note.", "key": "access-note"},
    "staff:cancel": {"reason": "Asked by phone."},
    "staff:repair": {"reason": "Put right."},
    "staff:retry_instance": {"reason": "Put right."},
    "staff:cancel_instance": {"reason": "Asked by phone."},
    "staff:propose_skip": {"reason": "Not needed."},
    "staff:approve_skip": {"skip": "1"},
    "staff:reject_skip": {"skip": "1", "reason": "It is needed."},
    "staff:migrate": {"reason": "The new check."},
    "staff:sign_log": {"comment": "Seen."},
    "staff:revoke_delegation": {"reason": "Back early."},
    "staff:breach": {"cause": "volume", "explanation": "Twice as many orders as usual."},
    "staff:edit_version": {"do": "add", "rows": "0"},
    "staff:propose_version": {"justification": "Simpler.", "effective_at": "2026-12-20T09:00"},
    "staff:reject_version": {"reason": "Not now."},
    "staff:propose_process": {"justification": "Simpler.", "effective_at": "2026-12-20T09:00"},
    "staff:reject_process": {"reason": "Not now."},
    "staff:preferences": {"language": "en"},
}
ROLES = ["anonymous", "ana", "bo", "adam", "dee", "tia", "cora", "eve", "max", "fay", "rob", "hal", "alan", "judith"]
TABLE = """
GET  health                                 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  home                                    in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_login                          200 302 302 302 302 302 302 302 302 302 302 302 302 302
POST account_login                          200 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_logout                         302 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_logout                         302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_inactive                       200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_signup                         200 302 302 302 302 302 302 302 302 302 302 302 302 302
POST account_signup                         200 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_reauthenticate                  in 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_reauthenticate                  in 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_email                          404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST account_email                          404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  account_email_verification_sent        404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  account_change_password                 in 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_change_password                 in 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_set_password                    in 302 302 302 302 302 302 302 302 302 302 302 302 302
POST account_set_password                    in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_reset_password                 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_reset_password                 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_confirm_login_code              in 302 302 302 302 302 302 302 302 302 302 302 302 302
POST account_confirm_login_code              in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_confirm_email                  404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST account_confirm_email                  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  account_reset_password_from_key_done   200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_reset_password_from_key        200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_reset_password_from_key        200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_reset_password_done            200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  mfa_index                               in 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  mfa_authenticate                        in 302 302 302 302 302 302 302 302 302 302 302 302 302
POST mfa_authenticate                        in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  mfa_reauthenticate                      in 302 302 302 302 302 302 302 302 302 302 302 302 302
POST mfa_reauthenticate                      in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  mfa_activate_totp                       in 302 302 302 302 302 302 302 302 302 302 302 302 302
POST mfa_activate_totp                       in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  mfa_deactivate_totp                     in 404 404 404 404 404 404 404 404 404 404 404 404 404
POST mfa_deactivate_totp                     in 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  mfa_view_recovery_codes                 in 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  mfa_generate_recovery_codes             in 302 302 302 302 302 302 302 302 302 302 302 302 302
POST mfa_generate_recovery_codes             in 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  mfa_download_recovery_codes             in 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  set_language                           302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST set_language                           302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  customer:home                           in 200 200 200 403 403 403 403 403 403 403 403 403 403
GET  customer:orders                         in 200 200 200 403 403 403 403 403 403 403 403 403 403
GET  customer:order                          in 200 404 200 403 403 403 403 403 403 403 403 403 403
GET  customer:order@late                     in 404 200 404 403 403 403 403 403 403 403 403 403 403
GET  customer:cancel                         in 200 404 200 403 403 403 403 403 403 403 403 403 403
POST customer:cancel                         in 302 404 302 403 403 403 403 403 403 403 403 403 403
GET  customer:preview                        in 302 302 302 200 200 404 200 200 200 200 200 404 200
GET  customer:preview@late                   in 302 302 302 200 200 404 200 200 200 200 200 404 200
GET  customer:message                       405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST customer:message                        in 302 404 302 403 403 403 403 403 403 403 403 403 403
GET  customer:urge                          405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST customer:urge                           in 302 404 302 403 403 403 403 403 403 403 403 403 403
GET  customer:rate                          405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST customer:rate                           in 409 404 403 403 403 403 403 403 403 403 403 403 403
GET  customer:explain_rating                405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST customer:explain_rating                 in 404 404 403 403 403 403 403 403 403 403 403 403 403
GET  customer:answer                        405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST customer:answer                         in 422 404 422 403 403 403 403 403 403 403 403 403 403
GET  customer:new_order                      in 200 200 200 403 403 403 403 403 403 403 403 403 403
POST customer:new_order                      in 422 422 200 403 403 403 403 403 403 403 403 403 403
GET  customer:draft                          in 200 404 404 403 403 403 403 403 403 403 403 403 403
POST customer:draft                          in 302 404 404 403 403 403 403 403 403 403 403 403 403
GET  customer:check                          in 200 404 404 403 403 403 403 403 403 403 403 403 403
GET  customer:submit                        405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST customer:submit                         in 302 404 404 403 403 403 403 403 403 403 403 403 403
GET  customer:discard                        in 200 404 404 403 403 403 403 403 403 403 403 403 403
POST customer:discard                        in 302 404 404 403 403 403 403 403 403 403 403 403 403
GET  customer:document                       in 200 404 200 200 200 404 200 200 200 200 200 404 200
GET  customer:decisions                      in 404 404 200 403 403 403 403 403 403 403 403 403 403
GET  customer:decision                       in 404 404 404 403 403 403 403 403 403 403 403 403 403
POST customer:decision                       in 404 404 404 403 403 403 403 403 403 403 403 403 403
GET  customer:preferences                    in 200 200 200 403 403 403 403 403 403 403 403 403 403
POST customer:preferences                    in 302 302 302 403 403 403 403 403 403 403 403 403 403
GET  staff:home                              in 403 403 403 302 302 302 302 302 302 302 302 302 302
GET  staff:my_work                           in 403 403 403 200 200 200 200 200 200 200 200 403 200
GET  staff:queues                            in 403 403 403 200 200 200 200 200 200 200 200 403 200
GET  staff:queue                             in 403 403 403 200 404 404 200 200 404 200 200 403 200
GET  staff:queue@transfers                   in 403 403 403 404 200 404 404 200 404 200 200 403 200
GET  staff:take_next                        405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:take_next                         in 403 403 403 302 404 404 302 403 404 403 403 403 403
GET  staff:assign_many                      405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:assign_many                       in 403 403 403 403 403 403 302 302 403 302 403 403 403
GET  staff:queue_changes                     in 403 403 403 200 404 404 200 200 404 200 200 403 200
GET  staff:prioritise_many                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:prioritise_many                   in 403 403 403 403 403 403 302 302 403 302 403 403 403
GET  staff:undo                             405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:undo                              in 403 403 403 422 404 404 422 422 404 422 422 403 403
GET  staff:item                              in 403 403 403 200 404 404 200 200 404 200 200 403 200
GET  staff:item@held                         in 403 403 403 200 404 404 200 200 404 200 200 403 200
GET  staff:item@approval                     in 403 403 403 404 404 404 302 302 404 302 302 403 302
GET  staff:item_part                         in 403 403 403 200 404 404 200 200 404 200 200 403 200
GET  staff:claim                            405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:claim                             in 403 403 403 302 404 404 302 403 404 403 403 403 403
GET  staff:release                           in 403 403 403 409 404 404 409 409 404 409 409 403 403
POST staff:release                           in 403 403 403 409 404 404 409 409 404 409 409 403 403
GET  staff:release@held                      in 403 403 403 200 404 404 200 200 404 403 403 403 403
POST staff:release@held                      in 403 403 403 302 404 404 302 302 404 403 403 403 403
GET  staff:start                            405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:start@held                        in 403 403 403 409 404 404 409 409 404 409 409 403 403
GET  staff:pend                              in 403 403 403 409 404 404 409 409 404 409 409 403 403
POST staff:pend                              in 403 403 403 409 404 404 409 409 404 409 409 403 403
GET  staff:pend@held                         in 403 403 403 200 404 404 409 409 404 409 409 403 403
POST staff:pend@held                         in 403 403 403 302 404 404 409 409 404 409 409 403 403
GET  staff:ask                               in 403 403 403 409 404 404 409 409 404 409 409 403 403
POST staff:ask                               in 403 403 403 409 404 404 409 409 404 409 409 403 403
GET  staff:ask@held                          in 403 403 403 200 404 404 409 409 404 409 409 403 403
POST staff:ask@held                          in 403 403 403 422 404 404 409 409 404 409 409 403 403
GET  staff:resume                           405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:resume@held                       in 403 403 403 409 404 404 409 409 404 409 409 403 403
GET  staff:assign                            in 403 403 403 403 403 403 200 200 403 403 403 403 403
POST staff:assign                            in 403 403 403 403 403 403 302 302 403 403 403 403 403
GET  staff:priority                          in 403 403 403 403 403 403 200 200 403 403 403 403 403
POST staff:priority                          in 403 403 403 403 403 403 302 302 403 403 403 403 403
GET  staff:keep_draft                       405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:keep_draft@held                   in 403 403 403 302 404 404 409 409 404 409 409 403 403
GET  staff:complete                         405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:complete@held                     in 403 403 403 302 404 404 409 409 404 409 409 403 403
GET  staff:decision@approval                 in 403 403 403 404 404 404 200 200 404 200 200 404 200
POST staff:decision@approval                 in 403 403 403 404 404 404 302 403 404 403 403 404 403
GET  staff:hand_over@held                    in 403 403 403 200 404 404 409 409 404 409 409 404 409
POST staff:hand_over@held                    in 403 403 403 302 404 404 409 409 404 409 409 404 409
GET  staff:ask_colleague@held                in 403 403 403 200 404 404 409 409 404 409 409 404 409
POST staff:ask_colleague@held                in 403 403 403 302 404 404 409 409 404 409 409 404 409
GET  staff:take_back@prepared                in 403 403 403 404 200 404 404 403 404 403 403 404 403
POST staff:take_back@prepared                in 403 403 403 404 302 404 404 403 404 403 403 404 403
GET  staff:add_signers@approval              in 403 403 403 404 404 404 200 403 404 403 403 404 403
POST staff:add_signers@approval              in 403 403 403 404 404 404 302 403 404 403 403 404 403
GET  staff:void@approval                     in 403 403 403 404 404 404 403 200 404 403 403 403 403
POST staff:void@approval                     in 403 403 403 404 404 404 403 302 404 403 403 403 403
GET  staff:advice                            in 403 403 403 404 404 404 200 404 404 404 404 404 404
POST staff:advice                            in 403 403 403 404 404 404 302 404 404 404 404 404 404
GET  staff:remove_signer                     in 403 403 403 409 409 404 409 409 409 409 409 404 409
POST staff:remove_signer                     in 403 403 403 409 409 404 409 409 409 409 409 404 409
GET  staff:copy_order                        in 403 403 403 200 200 404 200 200 403 403 200 403 403
POST staff:copy_order                        in 403 403 403 302 302 404 302 302 403 403 302 403 403
GET  staff:order                             in 403 403 403 200 200 404 200 200 200 200 200 403 200
GET  staff:order@transfer                    in 403 403 403 200 200 404 200 200 200 200 200 403 200
GET  staff:trail                             in 403 403 403 200 200 404 200 200 200 200 200 403 200
GET  staff:message                          405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:message                           in 403 403 403 302 302 404 302 302 403 403 302 403 403
GET  staff:note                             405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:note                              in 403 403 403 302 302 404 302 302 403 403 302 403 403
GET  staff:urge                             405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:urge                              in 403 403 403 302 302 404 302 302 403 403 302 403 403
GET  staff:cancel                            in 403 403 403 403 403 403 200 200 403 403 200 403 403
POST staff:cancel                            in 403 403 403 403 403 403 302 302 403 403 302 403 403
GET  staff:cancel@transfer                   in 403 403 403 403 403 403 403 200 403 403 200 403 403
POST staff:cancel@transfer                   in 403 403 403 403 403 403 403 302 403 403 302 403 403
GET  staff:repair                            in 403 403 403 403 403 403 409 409 403 403 409 403 403
POST staff:repair                            in 403 403 403 403 403 403 409 409 403 403 409 403 403
GET  staff:approvals                         in 403 403 403 403 403 403 200 200 200 200 200 403 403
GET  staff:decide_many                      405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:decide_many                       in 403 403 403 403 403 403 422 422 422 422 422 403 403
GET  staff:supervisory_log                   in 403 403 403 403 403 403 200 200 403 403 200 403 403
GET  staff:sign_log                         405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:sign_log                          in 403 403 403 403 403 404 302 302 403 403 302 404 403
GET  staff:absences                          in 403 403 403 200 200 200 200 200 200 200 200 200 200
GET  staff:look_ahead                        in 403 403 403 200 200 200 200 200 200 200 200 200 200
GET  staff:new_absence                       in 403 403 403 200 200 200 200 200 200 200 200 200 200
POST staff:new_absence                       in 403 403 403 422 422 422 422 422 422 422 422 422 422
GET  staff:call_off_absence                  in 403 403 403 200 404 404 200 200 404 403 403 200 403
POST staff:call_off_absence                  in 403 403 403 302 404 404 302 302 404 403 403 302 403
GET  staff:delegations                       in 403 403 403 200 200 200 200 200 200 200 200 200 200
GET  staff:lend                              in 403 403 403 403 403 403 200 200 200 200 200 200 403
POST staff:lend                              in 403 403 403 403 403 403 422 422 422 422 422 422 403
GET  staff:revoke_delegation                 in 403 403 403 404 404 404 200 404 404 403 404 200 403
POST staff:revoke_delegation                 in 403 403 403 404 404 404 302 404 404 403 404 302 403
GET  staff:board                             in 403 403 403 403 403 403 200 200 403 200 200 403 200
GET  staff:board_file                        in 403 403 403 403 403 403 200 200 403 200 200 403 200
GET  staff:breaches                          in 403 403 403 403 403 403 200 200 403 200 200 403 200
GET  staff:breach                            in 403 403 403 403 403 403 200 200 403 403 200 403 403
POST staff:breach                            in 403 403 403 403 403 403 302 302 403 403 302 403 403
GET  staff:tables                            in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:table                             in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:draft_version                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:draft_version                     in 403 403 403 403 403 403 403 403 403 403 403 302 403
GET  staff:version                           in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:version@proposed                  in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:edit_version                      in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:edit_version                      in 403 403 403 403 403 403 403 403 403 403 403 200 403
GET  staff:cell                              in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:roll_back_version                405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:roll_back_version                 in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:procedures                        in 403 403 403 403 403 403 403 200 200 200 200 200 200
GET  staff:procedures_file                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:procedures_file                   in 403 403 403 403 403 403 403 200 200 200 200 200 200
GET  staff:what_if                           in 403 403 403 403 403 403 403 200 403 200 200 200 200
POST staff:what_if                           in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:version_file                      in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:import_rules                      in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:import_rules                      in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:table_columns                     in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:table_columns                     in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:new_table                         in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:new_table                         in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:table_cases                       in 403 403 403 403 403 403 403 200 403 200 200 200 200
POST staff:table_cases                       in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:retire_table_case                405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:retire_table_case                 in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:propose_version                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:propose_version                   in 403 403 403 403 403 403 403 403 403 403 403 302 403
GET  staff:approve_version                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:approve_version                   in 403 403 403 403 403 403 403 403 403 409 403 409 403
POST staff:approve_version@proposed          in 403 403 403 403 403 403 403 403 403 302 403 403 403
GET  staff:reject_version                   405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:reject_version                    in 403 403 403 403 403 403 403 403 403 409 403 409 403
POST staff:reject_version@proposed           in 403 403 403 403 403 403 403 403 403 302 403 403 403
GET  staff:withdraw_version                 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:withdraw_version                  in 403 403 403 403 403 403 403 403 403 403 403 302 403
GET  staff:models                            in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:model                             in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:model_version                     in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:model_file                        in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:model_change                      in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:model_cases                       in 403 403 403 403 403 403 403 200 403 200 200 200 200
POST staff:model_cases                       in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:new_model                         in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:new_model                         in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:upload_model                      in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:upload_model                      in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:propose_model                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:propose_model                     in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:approve_model                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:approve_model                     in 403 403 403 403 403 403 403 403 403 409 403 409 403
GET  staff:reject_model                     405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:reject_model                      in 403 403 403 403 403 403 403 403 403 409 403 409 403
GET  staff:withdraw_model                   405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:withdraw_model                    in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:roll_back_model                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:roll_back_model                   in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:retire_model_case                405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:retire_model_case                 in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:calendars                            in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:calendar                             in 403 403 403 403 403 403 403 404 403 404 404 404 404
GET  staff:calendar_version                     in 403 403 403 403 403 403 403 404 403 404 404 404 404
GET  staff:new_calendar                         in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:new_calendar                         in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:edit_calendar                        in 403 403 403 403 403 403 403 403 403 403 403 404 403
POST staff:edit_calendar                        in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:draft_calendar                      405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:draft_calendar                       in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:propose_calendar                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:propose_calendar                     in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:approve_calendar                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:approve_calendar                     in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:reject_calendar                     405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:reject_calendar                      in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:withdraw_calendar                   405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:withdraw_calendar                    in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:roll_back_calendar                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:roll_back_calendar                   in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:processes                         in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:process                           in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:process_version                   in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:process_file                       in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:process_change                     in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:new_process                        in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:new_process                        in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:upload_process                     in 403 403 403 403 403 403 403 403 403 403 403 200 403
POST staff:upload_process                     in 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  staff:propose_process                   405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:propose_process                    in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:approve_process                   405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:approve_process                    in 403 403 403 403 403 403 403 403 403 409 403 409 403
GET  staff:reject_process                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:reject_process                     in 403 403 403 403 403 403 403 403 403 409 403 409 403
GET  staff:withdraw_process                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:withdraw_process                   in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:roll_back_process                 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:roll_back_process                  in 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  staff:process_heat                      in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:heat_orders                       in 403 403 403 403 403 403 403 200 403 200 200 200 200
GET  staff:dry_run                           in 403 403 403 403 403 403 403 200 403 200 200 200 200
POST staff:dry_run                           in 403 403 403 403 403 403 403 422 403 422 422 422 422
GET  staff:retire_case                       405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:retire_case                       in 403 403 403 403 403 403 403 403 403 403 403 404 403
GET  staff:waiting                           in 403 403 403 200 200 200 200 200 200 200 200 200 200
GET  staff:instance                          in 403 403 403 200 200 404 200 200 200 200 200 404 200
GET  staff:called_instance                   in 403 403 403 404 404 404 404 404 404 404 404 404 404
GET  staff:retry_instance                   405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:retry_instance                    in 403 403 403 403 403 404 409 409 403 403 409 404 403
GET  staff:cancel_instance                  405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:cancel_instance                   in 403 403 403 403 403 404 302 302 403 403 302 404 403
GET  staff:propose_skip                     405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:propose_skip                      in 403 403 403 404 404 404 404 404 403 403 404 404 403
GET  staff:approve_skip                     405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:approve_skip                      in 403 403 403 404 404 404 404 404 403 403 404 404 403
GET  staff:reject_skip                      405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:reject_skip                       in 403 403 403 404 404 404 404 404 403 403 404 404 403
GET  staff:migrate                           in 403 403 403 403 403 403 403 403 403 409 403 409 403
POST staff:migrate                           in 403 403 403 403 403 403 403 403 403 409 403 409 403
GET  staff:ledger                            in 403 403 403 403 403 403 403 403 403 200 403 403 200
GET  staff:verify                           405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:verify                            in 403 403 403 403 403 403 403 403 403 302 403 403 302
GET  staff:entry                             in 403 403 403 403 403 403 403 403 403 200 403 403 200
GET  staff:health                            in 403 403 403 403 403 403 403 403 403 200 403 200 200
GET  staff:search                            in 403 403 403 200 200 200 200 200 200 200 200 403 200
GET  staff:notices                           in 403 403 403 200 200 200 200 200 200 200 200 200 200
GET  staff:read_notices                     405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST staff:read_notices                      in 403 403 403 302 302 302 302 302 302 302 302 302 302
GET  staff:preferences                       in 403 403 403 200 200 200 200 200 200 200 200 200 200
POST staff:preferences                       in 403 403 403 302 302 302 302 302 302 302 302 302 302
GET  integrations:answer                    405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST integrations:answer                    422 422 422 422 422 422 422 422 422 422 422 422 422 422
GET  ui:gallery                             404 404 404 404 404 404 404 404 404 404 404 404 404 404
"""


def kwargs_of(row: Row, scene: Scene) -> dict[str, Any]:
    """The parts of the row's address."""
    chosen = {**USUAL, **OTHERWISE.get(row.name, {}), **AT.get(row.thing, {})}
    return {part: _of(scene, chosen[part]) for part in PARTS[row.name]}


def data_of(row: Row, scene: Scene) -> dict[str, Any]:
    """What the row posts."""
    return {name: _of(scene, value) for name, value in DATA.get(row.name, {}).items()}


def parts_of_addresses(resolver: URLResolver | None = None, space: str = "", before: tuple[str, ...] = ()) -> dict:
    """The names of all addresses of the project, each with the names of its variable parts."""
    found: dict[str, tuple[str, ...]] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        parts = before + _parts(pattern)
        if isinstance(pattern, URLResolver):
            found |= parts_of_addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space, parts)
        else:
            found[f"{space}{pattern.name or pattern.pattern}"] = parts
    return found


def _parts(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    shape = pattern.pattern
    return tuple(getattr(shape, "converters", {})) or tuple(shape.regex.groupindex)


def _of(scene: Scene, value: Any) -> Any:
    return getattr(scene, value, value) if isinstance(value, str) else value


def _row(line: str) -> Row:
    verb, address, *statuses = line.split()
    name, _at, thing = address.partition("@")
    return Row(verb, name, thing, dict(zip(ROLES, statuses, strict=True)))


PARTS = parts_of_addresses()
ROWS = [_row(line) for line in TABLE.strip().splitlines()]
