"""Settings by purpose: dev (`./impeller up`), test, bench, production; all grow from base."""
