"""Rights over complaints, corrective actions and remedies.

Everybody but the auditor registers complaints. The respondent sees a case through access rows ("own" for a
person, "dept" for a department) and investigates; only supervision triages, reviews, verifies and closes. When
supervision itself is the respondent the case belongs to the executives.
"""

RIGHTS = """
complaints.view_complaint           | PM:o BM:o BM:b?not_internal AE:o DP:o AM:d DH:d DM:d SV:a CO:o FI:d EX:a AU:a AD:o
complaints.add_complaint            | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AD:a
complaints.register_complaint       | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:a CO:o FI:o EX:a AD:o
complaints.change_complaint         | SV:a
complaints.triage_complaint         | SV:a EX:a
complaints.change_severity_complaint | SV:a EX:a
complaints.acknowledge_complaint    | AM:d DH:d DM:d SV:a
complaints.investigate_complaint    | PM:o BM:o AE:o AM:d DH:d DM:d FI:d SV:a
complaints.wait_complaint           | PM:o BM:o AE:o AM:d DH:d DM:d FI:d SV:a
complaints.resume_complaint         | PM:o BM:o AE:o AM:d DH:d DM:d FI:d SV:a
complaints.propose_complaint        | BM:o AM:d DM:d SV:a
complaints.review_complaint         | SV:a EX:a?against_supervision
complaints.answer_complaint         | SV:a EX:a?against_supervision
complaints.accept_answer_complaint  | SV:a EX:a?against_supervision
complaints.reject_answer_complaint  | SV:a EX:a?against_supervision
complaints.verify_complaint         | SV:a EX:a?against_supervision
complaints.close_complaint          | SV:a EX:a?against_supervision EX:a?severity_s1
complaints.close_unresolved_complaint | SV:a EX:a?against_supervision
complaints.cosign_complaint         | EX:a?severity_s1
complaints.withdraw_complaint       | SV:a EX:a?against_supervision
complaints.mark_duplicate_complaint | SV:a
complaints.reopen_complaint         | SV:a EX:a
complaints.escalate_complaint       | SV:a EX:a
complaints.view_identity_complaint  | SV:a EX:o
complaints.export_complaint         | SV:a EX:a

complaints.view_correctiveaction    | PM:o BM:b AE:o AM:d DH:d DM:d SV:a CO:a EX:a AU:a
complaints.add_correctiveaction     | SV:a
complaints.change_correctiveaction  | AM:d DH:d DM:d SV:a
complaints.contain_correctiveaction | AM:d DH:d DM:d
complaints.submit_cause_correctiveaction | AM:d DH:d DM:d
complaints.approve_cause_correctiveaction | SV:a
complaints.approve_actions_correctiveaction | SV:a
complaints.implement_correctiveaction | AM:d DH:d DM:d
complaints.check_effect_correctiveaction | SV:a
complaints.close_correctiveaction   | SV:a

complaints.propose_remedy           | PM:o BM:b AM:d DH:d DM:d SV:a
complaints.approve_remedy           | BM:b AM:d DM:d EX:a
complaints.pay_remedy               | FI:a
"""
