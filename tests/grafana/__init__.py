"""The dashboards: what they are made of, and what Prometheus answers them."""
