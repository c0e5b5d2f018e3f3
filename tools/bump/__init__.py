"""Moving to another version of the published specification: checked, compared, rated, and put in place whole or not.

`python -m tools.bump page.md` does it, `--report` does everything but the last step; see docs/bumping.md.
"""
