"""What the rules would do: judged as the pipeline judges, and without a trace."""
