"""Prometheus and Alertmanager: whom they ask and whom they tell, from the files in cluster/."""
