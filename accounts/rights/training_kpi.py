"""Rights over courses, exams, certificates, scorecards, metrics and dashboards."""

RIGHTS = """
training.view_course          | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a AD:a
training.add_course           | AM:a SV:a CO:a exam_author:a
training.change_course        | CO:a
training.publish_course       | CO:a
training.view_question        | CO:a exam_author:a
training.add_question         | AM:a SV:a CO:a exam_author:a
training.change_question      | CO:a exam_author:a
training.view_exam            | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a AD:a
training.add_exam             | CO:a
training.start_exam           | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AD:a
training.view_attempt         | PM:o BM:b AE:o DP:o AM:d DH:o DM:d SV:o CO:a FI:o EX:a AU:a AD:o
training.submit_attempt       | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:o FI:o EX:o AD:o
training.mark_attempt         | CO:a
training.second_mark_attempt  | CO:a
training.view_certificate     | PM:o BM:b AE:o DP:o AM:d DH:o DM:d SV:o CO:a FI:o EX:a AU:a AD:o
training.issue_certificate    | CO:a
training.revoke_certificate   | CO:a

kpi.view_metric               | PM:o BM:b AE:o DP:o AM:d DH:o DM:d SV:a CO:a FI:o EX:a AU:a
kpi.view_dashboard            | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a FI:a EX:a AU:a
kpi.view_scorecard            | PM:o BM:b AE:o DP:o AM:d DH:o DM:d SV:o CO:a FI:o EX:a AU:a
kpi.run_scorecard             | CO:a
kpi.publish_scorecard         | CO:a
kpi.approve_scorecard         | EX:a
kpi.correct_scorecard         | CO:a DM:d
kpi.export_metric             | BM:b AM:d DM:d SV:a CO:a FI:a EX:a
kpi.change_target             | BM:b CO:a EX:a
"""
