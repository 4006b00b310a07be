"""Rights over projects from inquiry to warranty, quotations, contracts, payments and internal requests."""

RIGHTS = """
projects.view_project              | PM:o BM:b AE:o DP:a?after_shipment AM:a?after_shipment DH:d DM:d SV:a CO:a FI:a EX:a AU:a
projects.add_project               | PM:o BM:b
projects.change_project            | PM:o BM:b
projects.delete_project            | BM:b?empty_record CO:a
projects.assign_project            | BM:b EX:a
projects.submit_gate_project       | PM:o BM:b AE:o?at_g11 AM:a?at_g13 DH:d DM:d FI:a?at_payment_gate
projects.approve_gate_project      | PM:o?within_own_authority BM:b AM:a?at_service_gate DM:d FI:a?at_payment_gate EX:a fat_signer:a?at_g09
projects.return_gate_project       | BM:b AM:a?at_service_gate DM:d FI:a?at_payment_gate EX:a fat_signer:a?at_g09
projects.release_conditionally_project | EX:a override_approver:a
projects.lose_project              | PM:o BM:b
projects.abandon_project           | PM:o BM:b
projects.cancel_project            | PM:o BM:b EX:a
projects.suspend_project           | PM:o BM:b
projects.resume_project            | PM:o BM:b
projects.change_order_project      | PM:o BM:b
projects.export_project            | BM:b DM:d SV:a CO:a FI:a EX:a
projects.view_cost_project         | PM:o BM:b FI:a EX:a price_l1:a?price_under_approval price_l2:a?price_under_approval price_l3:a?price_under_approval
projects.change_cost_project       | FI:a
projects.add_collaborator_project  | PM:o BM:b

projects.view_gateevidence         | PM:o BM:b AE:o DH:d DM:d SV:a CO:a FI:a EX:a AU:a
projects.add_gateevidence          | PM:o BM:b AE:o?at_g11 AM:a?at_service_gate DH:d DM:d FI:a

projects.view_projectitem          | PM:o BM:b AE:o DH:d DM:d SV:a CO:a FI:a EX:a AU:a
projects.add_projectitem           | PM:o BM:b DH:d
projects.change_projectitem        | PM:o BM:b DH:d
projects.delete_projectitem        | PM:o BM:b

projects.view_quotation            | PM:o BM:b DH:d DM:d FI:a EX:a AU:a
projects.add_quotation             | PM:o
projects.change_quotation          | PM:o DH:d
projects.submit_quotation          | PM:o BM:b
projects.approve_quotation         | PM:o?within_own_authority BM:b EX:a price_l1:a price_l2:a price_l3:a
projects.return_quotation          | BM:b EX:a price_l1:a price_l2:a price_l3:a
projects.send_quotation            | PM:o BM:b
projects.accept_quotation          | PM:o BM:b
projects.expire_quotation          | PM:o BM:b

projects.view_contract             | PM:o BM:b AM:a DH:d DM:d SV:a FI:a EX:a AU:a
projects.add_contract              | PM:o
projects.change_contract           | PM:o FI:a
projects.submit_contract           | PM:o BM:b
projects.review_contract           | FI:a
projects.approve_contract          | FI:a EX:a
projects.sign_contract             | PM:o BM:b FI:a
projects.terminate_contract        | FI:a EX:a

projects.view_paymentmilestone     | PM:o BM:b FI:a EX:a AU:a
projects.add_paymentmilestone      | FI:a
projects.change_paymentmilestone   | FI:a
projects.invoice_paymentmilestone  | FI:a
projects.receive_paymentmilestone  | FI:a
projects.dispute_paymentmilestone  | PM:o BM:b FI:a
projects.write_off_paymentmilestone | EX:a
projects.dun_paymentmilestone      | PM:o FI:a
projects.export_paymentmilestone   | FI:a

projects.view_internalrequest      | PM:o BM:b AE:o DP:a AM:d DH:d DM:d SV:a CO:a FI:d EX:a AU:a
projects.add_internalrequest       | PM:o BM:b AE:o DP:a AM:d
projects.change_internalrequest    | PM:o BM:b AE:o DP:o AM:o DH:d DM:d
projects.submit_internalrequest    | PM:o BM:b AE:o DP:o AM:o
projects.accept_internalrequest    | AM:d DH:d DM:d FI:d
projects.reject_internalrequest    | AM:d DH:d DM:d FI:d
projects.assign_internalrequest    | AM:d DM:d
projects.ask_internalrequest       | AM:d DH:d DM:d FI:d
projects.resume_internalrequest    | PM:o BM:b AE:o DP:o AM:o DH:d DM:d
projects.deliver_internalrequest   | AM:d DH:d DM:d FI:d
projects.return_internalrequest    | PM:o BM:b AE:o DP:o AM:o
projects.confirm_internalrequest   | PM:o BM:b AE:o DP:o AM:o
projects.rate_internalrequest      | PM:o BM:o AE:o DP:o AM:o FI:o
projects.cancel_internalrequest    | PM:o BM:b AE:o DP:o AM:o
"""
