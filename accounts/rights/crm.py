"""Rights over customers, contacts, activities, follow-ups, the pool, handover and imports."""

RIGHTS = """
crm.view_customer              | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
crm.add_customer               | PM:o BM:b DP:a DH:d?department_party DM:d?department_party
crm.change_customer            | PM:o BM:b CO:a DH:d?department_party DM:d?department_party
crm.delete_customer            | BM:b?empty_record CO:a
crm.restore_customer           | BM:b CO:a
crm.assign_customer            | BM:b EX:a
crm.transfer_customer          | BM:b
crm.view_pool                  | PM:b BM:b PM:a?headquarters_pool BM:a?headquarters_pool CO:a EX:a
crm.claim_customer             | PM:b?ownerless BM:b?ownerless PM:a?headquarters_pool BM:a?headquarters_pool
crm.return_to_pool_customer    | PM:o BM:b
crm.extend_customer            | BM:b
crm.view_poolevent             | PM:o BM:b SV:a CO:a EX:a AU:a
crm.view_poolrule              | PM:a BM:a CO:a EX:a AU:a
crm.change_poolrule            | CO:a
crm.add_poolrule               | CO:a
crm.approve_poolrule           | EX:a
crm.refuse_poolrule            | EX:a CO:a
crm.view_crossclaim            | PM:o BM:b CO:a EX:a
crm.add_crossclaim             | PM:o
crm.consent_crossclaim         | BM:b
crm.refuse_crossclaim          | BM:b
crm.cancel_crossclaim          | PM:o
crm.view_territory             | PM:b BM:b CO:a EX:a AU:a
crm.add_territory              | BM:b
crm.end_territory              | BM:b
crm.view_accountrule           | PM:b BM:b CO:a EX:a AU:a
crm.add_accountrule            | BM:b
crm.end_accountrule            | BM:b
crm.view_loadlift              | PM:o BM:b CO:a EX:a AU:a
crm.add_loadlift               | BM:b
crm.view_privatisation         | BM:b CO:a EX:a
crm.propose_override_customer  | PM:o BM:b
crm.override_tier_customer     | BM:b?below_vip EX:a
crm.override_stage_customer    | BM:b?below_vip EX:a
crm.weigh_customer             | BM:b
crm.set_sponsor_customer       | BM:b EX:a
crm.view_override              | PM:o BM:b CO:a EX:a AU:a
crm.approve_override           | BM:b?override_below_vip EX:a
crm.refuse_override            | BM:b?override_below_vip EX:a
crm.withdraw_override          | PM:o BM:b
crm.end_override               | BM:b?override_below_vip EX:a
crm.propose_merge_customer     | PM:o BM:b
crm.merge_customer             | BM:b CO:a
crm.undo_merge_customer        | BM:b CO:a
crm.verify_identity_customer   | CO:a
crm.view_customermerge         | PM:o BM:b SV:a CO:a EX:a AU:a
crm.approve_customermerge      | BM:b CO:a
crm.refuse_customermerge       | BM:b CO:a
crm.withdraw_customermerge     | PM:o BM:o
crm.undo_customermerge         | BM:b CO:a
crm.view_duplicatepair         | BM:b CO:a AU:a
crm.dismiss_duplicatepair      | BM:b CO:a
crm.link_duplicatepair         | BM:b CO:a
crm.reopen_duplicatepair       | BM:b CO:a
crm.import_customer            | PM:o BM:b CO:a
crm.export_customer            | BM:b AM:a DM:d SV:a CO:a FI:a EX:a
crm.request_export_customer    | PM:o
crm.view_customerfacts         | PM:o BM:b AM:a SV:a CO:a FI:a EX:a AU:a
crm.view_value_customer        | PM:o BM:b CO:a FI:a EX:a AU:a

crm.set_status_customer        | PM:o BM:b FI:a EX:a
crm.mark_dormant_customer      | PM:o BM:b EX:a
crm.mark_lost_customer         | BM:b EX:a
crm.blacklist_customer         | FI:a EX:a
crm.reactivate_customer        | BM:b FI:a EX:a
crm.set_credit_customer        | FI:a

crm.tag_customer               | PM:o BM:b DP:a CO:a DH:d?department_party DM:d?department_party
crm.view_tag                   | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a
crm.add_tag                    | BM:a CO:a
crm.change_tag                 | CO:a
crm.view_segment               | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o AU:o
crm.add_segment                | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o
crm.change_segment             | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o

crm.view_site                  | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
crm.add_site                   | PM:o BM:b AE:o DP:a
crm.change_site                | PM:o BM:b AE:o DP:a CO:a

crm.view_contact               | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
crm.add_contact                | PM:o BM:b AE:o DP:a DH:d?department_party DM:d?department_party
crm.change_contact             | PM:o BM:b AE:o CO:a DH:d?department_party DM:d?department_party
crm.verify_contact             | PM:o BM:b AE:o DP:a CO:a DH:d?department_party DM:d?department_party
crm.leave_contact              | PM:o BM:b AE:o CO:a DH:d?department_party DM:d?department_party
crm.move_contact               | PM:o BM:b CO:a
crm.delete_contact             | BM:b CO:a
crm.restore_contact            | BM:b CO:a
crm.reveal_contact             | PM:o BM:b AE:o DP:a AM:a SV:a FI:o EX:a
crm.export_contact             | BM:b SV:a CO:a EX:a
crm.request_export_contact     | PM:o

crm.view_activity              | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a EX:a AU:a
crm.add_activity               | PM:o BM:b AE:o DP:a
crm.change_activity            | PM:o?within_edit_window
crm.confirm_visit_activity     | BM:b DP:a SV:a CO:a
crm.review_authenticity_activity | SV:a CO:a
crm.appeal_activity            | PM:o BM:o AE:o DP:o
crm.view_score_activity        | PM:o BM:b AE:o AM:d SV:a CO:a EX:a AU:a
crm.export_activity            | BM:b SV:a CO:a EX:a
crm.request_export_activity    | PM:o
crm.view_logreview             | PM:o BM:b BM:o AE:o DP:o AM:d SV:a CO:a EX:a AU:a
crm.add_logreview              | SV:a CO:a
crm.take_logreview             | SV:a CO:a
crm.assign_logreview           | SV:a CO:a
crm.decide_logreview           | SV:a CO:a
crm.accept_logreview           | PM:o BM:o AE:o DP:o
crm.appeal_logreview           | PM:o BM:o AE:o DP:o
crm.decide_appeal_logreview    | SV:a CO:a
crm.view_logdraw               | SV:a CO:a EX:a AU:a

crm.view_followup              | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a EX:a AU:a
crm.add_followup               | PM:o BM:b AE:o DP:a AM:a
crm.change_followup            | PM:o BM:b AE:o DP:o AM:o
crm.complete_followup          | PM:o BM:b AE:o DP:o AM:o
crm.snooze_followup            | PM:o BM:b AE:o DP:o AM:o
crm.cancel_followup            | PM:o BM:b AE:o DP:o AM:o

crm.reschedule_followup        | PM:o BM:b AE:o DP:o AM:o
crm.nudge_followup             | BM:b
crm.hand_over_followup         | BM:b
crm.view_team_followup         | BM:b CO:a EX:a
crm.view_calendarfeed          | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:o EX:o
crm.change_calendarfeed        | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:o EX:o

crm.view_promise               | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a EX:a AU:a
crm.add_promise                | PM:o BM:b AE:o DP:a
crm.keep_promise               | PM:o BM:b AE:o DP:o
crm.fail_promise               | PM:o BM:b AE:o DP:o
crm.withdraw_promise           | PM:o BM:b AE:o DP:o
crm.redate_promise             | PM:o BM:b AE:o DP:o
crm.tell_promise               | PM:o BM:b AE:o DP:o

crm.view_caredate              | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
crm.add_caredate               | PM:o BM:b
crm.change_caredate            | PM:o BM:b
crm.delete_caredate            | PM:o BM:b
crm.view_neglected_customer    | BM:b CO:a EX:a
crm.change_rhythm_customer     | PM:o BM:b
crm.lengthen_rhythm_customer   | BM:b

crm.view_retentionplan         | PM:o BM:b AM:a SV:a CO:a EX:a AU:a
crm.add_retentionplan          | PM:o BM:b
crm.change_retentionplan       | PM:o BM:b
crm.submit_retentionplan       | PM:o BM:b
crm.approve_retentionplan      | BM:b?plan_below_vip EX:a
crm.send_back_retentionplan    | BM:b?plan_below_vip EX:a
crm.visit_retentionplan        | PM:o BM:b EX:a
crm.close_retentionplan        | PM:o BM:b

crm.view_handover              | PM:o BM:b AE:o AM:d DH:o DM:d SV:a CO:a FI:a EX:a AU:a
crm.initiate_handover          | PM:o BM:b AE:o AM:d DM:d EX:a
crm.add_handover               | PM:o BM:b AE:o AM:d DM:d EX:a
crm.generate_dossier_handover  | PM:o BM:b AE:o AM:d
crm.change_handover            | PM:o BM:b AE:o DH:o
crm.refuse_handover            | PM:o BM:b AE:o DH:o
crm.accept_handover            | PM:o BM:b AE:o DH:o
crm.fill_gaps_handover         | PM:o BM:b AE:o DH:o
crm.inform_customer_handover   | PM:o BM:b AE:o
crm.approve_handover           | BM:b AM:d DM:d EX:a
crm.complete_handover          | BM:b
crm.cancel_handover            | BM:b AM:d DM:d EX:a
crm.review_handover            | BM:b AM:d DM:d EX:a
crm.distribute_handover        | BM:b EX:a
crm.view_handoveritem          | PM:o BM:b AE:o AM:d DH:o DM:d SV:a CO:a FI:a EX:a AU:a
crm.change_handoveritem        | PM:o BM:b AE:o DH:o

crm.view_importbatch           | PM:o BM:b DP:o AM:o CO:a FI:o AU:a AD:a
crm.add_importbatch            | PM:o BM:b CO:a
crm.change_importbatch         | PM:o BM:b CO:a
crm.map_columns_importbatch    | PM:o BM:b CO:a
crm.dry_run_importbatch        | PM:o BM:b CO:a
crm.send_back_importbatch      | BM:b CO:a
crm.resume_importbatch         | PM:o BM:b CO:a
crm.submit_importbatch         | PM:o BM:b CO:a
crm.approve_importbatch        | BM:b CO:a
crm.run_importbatch            | BM:b CO:a
crm.start_importbatch          | BM:b CO:a
crm.cancel_importbatch         | PM:o BM:b CO:a
crm.decide_importbatch         | PM:o BM:b CO:a
crm.undo_importbatch           | BM:b CO:a

crm.view_importprofile         | PM:b BM:b CO:a
crm.add_importprofile          | PM:b BM:b CO:a
crm.delete_importprofile       | PM:o BM:b CO:a

crm.view_export                | PM:o BM:o AM:o DM:o SV:o CO:a FI:o EX:a AU:a
crm.add_export                 | PM:o BM:b AM:a DM:d SV:a CO:a FI:a EX:a
crm.refuse_export              | CO:a EX:a
crm.approve_export             | CO:a EX:a
crm.withdraw_export            | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o
crm.retry_export               | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o
crm.reveal_export              | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o
crm.download_export            | PM:o BM:o AM:o DM:o SV:o CO:o FI:o EX:o
crm.view_consent               | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
crm.add_consent                | PM:o BM:b AE:o DP:a AM:a SV:a CO:a EX:a DH:d?department_party DM:d?department_party
crm.withdraw_consent           | PM:o BM:b AE:o DP:a AM:a SV:a CO:a EX:a DH:d?department_party DM:d?department_party
crm.view_privacyrequest        | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:o FI:o EX:a AU:a privacy_officer:a
crm.add_privacyrequest         | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a privacy_officer:a
crm.verify_privacyrequest      | privacy_officer:a
crm.start_privacyrequest       | privacy_officer:a
crm.finish_privacyrequest      | privacy_officer:a
crm.refuse_privacyrequest      | privacy_officer:a
crm.hold_contact               | privacy_officer:a FI:a EX:a
crm.erase_contact              | privacy_officer:a
crm.view_accesslog             | privacy_officer:a SV:a EX:a AU:a
crm.retire_contact             | privacy_officer:a
crm.view_erasure               | privacy_officer:a EX:a AU:a
"""
