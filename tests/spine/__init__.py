"""The pure decisions, and the stages that the pipeline joins."""
