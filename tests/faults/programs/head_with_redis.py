"""A cluster of a head without CPUs and a worker, with its state in Redis; the head's server (GCS) is killed and started as told.

Words: four ports. Prints the cluster's address, then a line for each line that it is told.
"""

import os
import signal
import sys

from ray._private import ray_constants
from ray.cluster_utils import Cluster

gcs, dashboard, metrics, agent = sys.argv[1:]
cluster = Cluster(
    initialize_head=True,
    head_node_args={
        "num_cpus": 0,
        "gcs_server_port": int(gcs),
        "include_dashboard": True,
        "dashboard_port": int(dashboard),
        "metrics_export_port": int(metrics),
        "dashboard_agent_listen_port": int(agent),
        "include_log_monitor": False,
    },
)
cluster.add_node(num_cpus=1, include_log_monitor=False)
print(cluster.address, flush=True)
for line in sys.stdin:
    head = cluster.head_node
    if line.strip() == "kill":
        (server,) = head.all_processes[ray_constants.PROCESS_TYPE_GCS_SERVER]
        os.kill(server.process.pid, signal.SIGKILL)
        head.kill_gcs_server(check_alive=False)
    else:
        head.start_gcs_server()
    print("done", flush=True)
cluster.shutdown()
