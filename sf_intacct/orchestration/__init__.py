"""The road as steps, and Dagster around them. The only floor that knows both systems and the store."""
