"""Move to another version of the published specification, and report and rate the changes.

`python -m tools.bump page.md` does it, `--report` does everything but the last step; see docs/bumping.md.
"""
