"""What people see of the sandbox: its shop, its Slack, its mailbox."""
