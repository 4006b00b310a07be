"""Rights over questionnaires, campaigns, invitations, answers and recovery of low scores."""

RIGHTS = """
surveys.view_questionnaire    | AM:a SV:a CO:a EX:a AU:a
surveys.add_questionnaire     | CO:a
surveys.change_questionnaire  | CO:a
surveys.propose_questionnaire | AM:a SV:a CO:a
surveys.publish_questionnaire | CO:a
surveys.retire_questionnaire  | CO:a
surveys.approve_questionnaire | EX:a
surveys.view_campaign         | AM:a SV:a CO:a EX:a AU:a
surveys.add_campaign          | CO:a
surveys.change_campaign       | CO:a
surveys.start_campaign        | CO:a
surveys.stop_campaign         | CO:a

surveys.view_invitation       | PM:o BM:b AE:o DP:a AM:a SV:a CO:a EX:a
surveys.add_invitation        | CO:a
surveys.send_invitation       | DP:a AM:a CO:a
surveys.answer_invitation     | CO:a
surveys.expire_invitation     | CO:a
surveys.exclude_invitation    | CO:a

surveys.view_response         | PM:o BM:b AE:o DP:a AM:a SV:a CO:a EX:a
surveys.view_aggregate        | PM:b BM:b AE:d DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
surveys.export_aggregate      | BM:b AM:a DM:d SV:a CO:a EX:a

surveys.view_recovery         | PM:o BM:b AM:a SV:a CO:a EX:a AU:a
surveys.change_recovery       | BM:b AM:a
surveys.call_recovery         | BM:b AM:a
surveys.propose_recovery      | BM:b AM:a
surveys.close_recovery        | BM:b AM:a
surveys.reask_recovery        | BM:b AM:a CO:a
surveys.assign_recovery       | BM:b AM:a
surveys.complain_recovery     | BM:b AM:a SV:a CO:a
"""
