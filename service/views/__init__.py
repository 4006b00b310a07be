"""Pages of service: tickets, the dispatch board, reports, pumps, public reports to check, old history."""
