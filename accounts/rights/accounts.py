"""Rights over people, units, grants, records of the machinery and jobs."""

RIGHTS = """
accounts.view_user            | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a AD:a
accounts.add_user             | AD:a
accounts.change_user          | AD:a
accounts.deactivate_user      | AD:a
accounts.reactivate_user      | AD:a
accounts.manage_user          | AD:a CO:a AU:a EX:a
accounts.view_orgunit         | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a AD:a
accounts.add_orgunit          | AD:a
accounts.change_orgunit       | AD:a
accounts.view_branchregion    | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a AD:a
accounts.change_branchregion  | AD:a
accounts.view_grant           | PM:o BM:b AE:o DP:o AM:d DH:o DM:d SV:o CO:a FI:o EX:a AU:a AD:a
accounts.add_grant            | BM:b AM:d DM:d AD:a
accounts.approve_grant        | EX:a?executive_grant security_admin:a?ordinary_grant
accounts.refuse_grant         | EX:a?executive_grant security_admin:a?ordinary_grant
accounts.withdraw_grant       | AD:a
accounts.view_delegation      | PM:o BM:b AE:o DP:o AM:o DH:o DM:o SV:o CO:a FI:o EX:a AU:a AD:a
accounts.add_delegation       | PM:o BM:b AE:o DP:o AM:o DH:o DM:o SV:o CO:o FI:o EX:o AD:a
accounts.end_delegation       | PM:o BM:b AE:o DP:o AM:o DH:o DM:o SV:o CO:o FI:o EX:o AD:a
core.view_auditentry          | PM:o AE:o SV:a AU:a AD:a
core.export_auditentry        | AU:a
core.view_savedview           | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:o FI:o EX:o AU:o AD:o
core.add_savedview            | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:o FI:o EX:o AU:o AD:o
core.view_jobrun              | PM:o BM:o AE:o DP:o AM:o DH:o DM:o SV:o CO:a FI:o EX:o AU:a AD:a
core.view_outboxmessage       | AD:a AU:a
core.retry_outboxmessage      | AD:a
core.view_parameter           | BM:a AM:a DM:a SV:a CO:a FI:a EX:a AU:a AD:a
core.add_parameter            | AM:a SV:a CO:a FI:a
core.approve_parameter        | EX:a
core.change_calendar          | AD:a CO:a
core.view_calendar            | AM:a SV:a CO:a EX:a AU:a AD:a
core.view_mail                | AD:a
core.view_sweep               | AD:a AU:a CO:a
"""
