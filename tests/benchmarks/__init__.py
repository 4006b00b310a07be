"""The counters behind the speed line: statements of each main screen, and the rows they are counted on."""
