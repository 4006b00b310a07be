"""Rights over installed pumps, tickets, visits and reports, spare parts, maintenance and knowledge cards."""

RIGHTS = """
service.view_pump                | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a EX:a AU:a
service.add_pump                 | DP:a AM:a
service.change_pump              | AE:o DP:a AM:a
service.import_pump              | DP:a AM:a
service.export_pump              | AM:a
service.revoke_code_pump         | DP:a AM:a

service.view_ticket              | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a EX:a AU:a
service.add_ticket               | PM:o BM:b AE:o DP:a
service.change_ticket            | DP:a AM:a
service.import_ticket            | AM:a CO:a
service.export_ticket            | AM:a SV:a CO:a EX:a
service.accept_ticket            | DP:a AM:a
service.dispatch_ticket          | DP:a AM:a EX:a?priority_p1
service.change_priority_ticket   | DP:a AM:a EX:a?priority_p1
service.diagnose_ticket          | AE:o DP:a AM:a
service.take_ticket              | AE:o
service.decline_ticket           | AE:o
service.travel_ticket            | AE:o
service.arrive_ticket            | AE:o
service.wait_parts_ticket        | AE:o DP:a AM:a
service.wait_customer_ticket     | AE:o DP:a AM:a
service.wait_window_ticket       | AE:o DP:a AM:a
service.resume_ticket            | AE:o DP:a AM:a
service.restore_ticket           | AE:o
service.resolve_ticket           | AE:o
service.ask_confirmation_ticket  | AE:o DP:a AM:a
service.confirm_ticket           | AE:o DP:a AM:a
service.call_back_ticket         | DP:a AM:a
service.close_ticket             | DP:a AM:a
service.cancel_ticket            | DP:a AM:a
service.reopen_ticket            | DP:a AM:a
service.merge_ticket             | DP:a AM:a
service.grade_ticket             | AM:a

service.view_servicereport       | PM:o BM:b AE:o DP:a AM:a DH:d DM:d SV:a CO:a EX:a AU:a
service.add_servicereport        | AE:o
service.change_servicereport     | AE:o
service.submit_servicereport     | AE:o
service.approve_servicereport    | AM:a
service.send_back_servicereport  | AM:a

service.view_intakereport        | PM:o BM:b DP:a AM:a EX:a AU:a
service.accept_intakereport      | DP:a AM:a
service.refuse_intakereport      | DP:a AM:a

service.view_part                | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a FI:a EX:a AU:a
service.change_part              | AM:a DH:a?in_stock_department DM:a?in_stock_department
service.add_part                 | AM:a
service.view_partrequest         | PM:o BM:b AE:o DP:a AM:a DH:d DM:d FI:a EX:a AU:a
service.add_partrequest          | PM:o AE:o
service.approve_partrequest      | AM:a DM:d
service.pick_partrequest         | DH:d
service.ship_partrequest         | DH:d
service.receive_partrequest      | AE:o
service.use_partrequest          | AE:o
service.return_partrequest       | AE:o
service.settle_partrequest       | AM:a FI:a

service.view_maintenanceplan     | PM:o BM:b AE:o DP:a AM:a EX:a AU:a
service.add_maintenanceplan      | DP:a AM:a
service.change_maintenanceplan   | AE:o DP:a AM:a
service.approve_maintenanceplan  | AM:a

service.view_knowledgecard       | PM:a BM:a AE:a DP:a AM:a DH:a DM:a SV:a CO:a FI:a EX:a AU:a
service.add_knowledgecard        | AE:a AM:a DH:a CO:a
service.change_knowledgecard     | AM:a CO:a
service.publish_knowledgecard    | AM:a CO:a
"""
