"""The dashboards of Grafana as code: `make dashboards` writes them to cluster/grafana/dashboards."""
