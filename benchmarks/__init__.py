"""The product measured beside a bare Django page on the same machine, in the same run; see docs/performance.md."""
