"""The demo: the unchanged bot before a simulated shop, Slack and mailbox, to look at or to be checked."""
