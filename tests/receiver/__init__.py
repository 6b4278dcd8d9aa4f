"""The door for webhooks: prove, keep, thank."""
