"""The domain: classes, ledgers, people, verdicts; statements and who made them."""
