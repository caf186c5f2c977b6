"""The cluster: nodes, Ray, processes and disks, beside Ray's own dashboards."""

from dataclasses import replace

from scripts.dashboards.model import BAD, MIDDLING, Dashboard, Row
from scripts.dashboards.panels import bars, counted, newest, series, stat, states

ANSWERING = states(
    "Which parts answer?",
    "Whether each job of Prometheus, and each program that `sake up` looks after, was up. A part that is down restarts by "
    "itself; if it stays down, look at its log (docs/metrics.md#logs).",
    ("min by (job) (up)", "{{job}}"),
    ("min by (program) (sake_sidecar_up)", "{{program}}"),
)
PARTS = Row(
    "Which parts are there?",
    (
        stat(
            "Nodes",
            "Nodes of the Ray cluster that are alive.",
            "count(count by (ip) (ray_node_cpu_count))",
            is_neutral=True,
            empty="No Ray",
        ),
        stat(
            "CPUs",
            "Of all nodes. Those that no reader takes are for trainings.",
            "sum(max by (ip) (ray_node_cpu_count))",
            is_neutral=True,
            empty="No Ray",
        ),
        stat(
            "Parts that do not answer",
            "Addresses that Prometheus asks and that do not answer. Below it says which.",
            "count(up == 0) or vector(0)",
            steps=((1, BAD),),
        ),
        stat(
            "Restarts",
            "How often programs beside the service were restarted in the time shown. Their logs say why.",
            counted("sake_sidecar_restarts_total"),
            steps=((1, MIDDLING), (10, BAD)),
        ),
        stat(
            "Replicas started",
            "Replicas of Serve that were started in the time shown: readers that come and go with the work, and those replaced.",
            counted("ray_serve_deployment_replica_starts_total"),
            is_neutral=True,
        ),
        stat(
            "Clock",
            "How far the clock of a machine is from true time. Leases and tokens allow for a minute.",
            "max(abs(node_timex_offset_seconds))",
            "s",
            steps=((0.5, MIDDLING), (30, BAD)),
            empty="No node exporter",
        ),
        replace(ANSWERING, width=24),
    ),
)
NODES = Row(
    "Are the nodes big enough?",
    (
        series(
            "Processors in use",
            "Of each node. All in use while documents wait: add CPUs or nodes.",
            ("max by (ip) (ray_node_cpu_utilization) / 100", "{{ip}}"),
            unit="percentunit",
            maximum=1,
            steps=((0.9, MIDDLING), (0.98, BAD)),
        ),
        series(
            "Memory in use",
            "Of each node, of what it may use. Ray ends tasks above 95 %, and documents are tried again.",
            ("max by (ip) (ray_node_mem_used / ray_node_mem_total)", "{{ip}}"),
            unit="percentunit",
            maximum=1,
            steps=((0.85, MIDDLING), (0.95, BAD)),
        ),
        series(
            "Memory by part of Ray",
            "Resident memory of Ray's processes, by what they are. A reader takes some hundred megabytes.",
            ("sum by (Component) (ray_component_rss_bytes)", "{{Component}}"),
            unit="bytes",
            is_stacked=True,
            is_neutral=True,
        ),
        series(
            "Waiting for the machine",
            "The share of time in which something waited for a processor, for memory or for a disk (Linux's pressure).",
            (
                "max by (instance) (rate(node_pressure_cpu_waiting_seconds_total[$__rate_interval]))",
                "{{instance}}, processor",
            ),
            (
                "max by (instance) (rate(node_pressure_memory_waiting_seconds_total[$__rate_interval]))",
                "{{instance}}, memory",
            ),
            (
                "max by (instance) (rate(node_pressure_io_waiting_seconds_total[$__rate_interval]))",
                "{{instance}}, disk",
            ),
            unit="percentunit",
            steps=((0.5, MIDDLING),),
            empty="No node exporter, or a kernel without pressure",
        ),
    ),
)
DISKS = Row(
    "Is there room?",
    (
        bars(
            "Disks in use",
            "File systems that the service writes to: its home, the objects where they are a folder, and temporary files.",
            "1 - min by (place) (ray_sake_disk_free_bytes / ray_sake_disk_size_bytes)",
            "{{place}}",
            "percentunit",
            steps=((0.8, MIDDLING), (0.95, BAD)),
            maximum=1,
            decimals=0,
        ),
        series(
            "Free space",
            "What is left. A line that reaches 0 within a day needs somebody today.",
            ("min by (place) (ray_sake_disk_free_bytes)", "{{place}}"),
            ("min by (place) (predict_linear(ray_sake_disk_free_bytes[6h], 86400))", "{{place}} in a day, as it goes"),
            unit="bytes",
            is_neutral=True,
            width=16,
        ),
        series(
            "Object store of Ray",
            "What Ray keeps in shared memory: documents between two parts of a job. `sake classify` and trainings use it.",
            (newest("ray_object_store_used_memory", "NodeAddress"), "{{NodeAddress}}"),
            unit="bytes",
            is_neutral=True,
        ),
        series(
            "Network",
            "What each node receives and sends a second.",
            (newest("ray_node_network_receive_speed", "ip"), "{{ip}} in"),
            (newest("ray_node_network_send_speed", "ip"), "{{ip}} out"),
            unit="Bps",
            is_neutral=True,
        ),
    ),
)
CLUSTER = Dashboard(
    "sake-cluster",
    "sake_ray: Cluster",
    "Nodes, processes, disks and Ray, beside Ray's own dashboards, which say more of actors, tasks and replicas.",
    (PARTS, NODES, DISKS),
    links=(
        ("Ray: cluster", "/d/rayDefaultDashboard"),
        ("Ray: Serve", "/d/rayServeDashboard"),
        ("Ray: deployments", "/d/rayServeDeploymentDashboard"),
        ("Ray: data", "/d/rayDataDashboard"),
    ),
)
