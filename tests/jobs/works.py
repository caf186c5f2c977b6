"""What the jobs of these tests do; a runner in a process of its own finds them by name."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping

import psutil

from sake_ray.errors import NOTHING, JobFailed, Message, NotFound
from sake_ray.jobs.runner import JobContext

STAGE = [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '600'])"]
"""A stage process with a child of its own."""


def talk(context: JobContext) -> Mapping[str, object]:
    context.begin_stage("talk")
    context.report_progress(2, 5)
    print("printed by the work")
    print("unfinished line", end="")
    subprocess.run(["sh", "-c", "echo said by a child; echo complained by a child >&2; sleep 1"], check=True)
    return {"version": 7, "measures": [0.5, None]}


def run_stage(context: JobContext) -> Mapping[str, object]:
    context.begin_stage("clean")
    with subprocess.Popen(STAGE) as process:
        context.note_process(process.pid, psutil.Process(process.pid).create_time())
        print("stage runs", flush=True)
        process.wait()
    context.forget_process()
    raise JobFailed(Message.restore(f"The stage ended with {process.returncode}."))


def mistake(context: JobContext) -> Mapping[str, object]:
    """Look whether it was aborted before a stage that has ended by a signal counts as failed."""
    context.begin_stage("clean")
    with subprocess.Popen(STAGE) as process:
        context.note_process(process.pid, psutil.Process(process.pid).create_time())
        print("stage runs", flush=True)
        process.wait()
    context.check_abort()
    print("recorded as failed", flush=True)
    return {}


def outlive(context: JobContext) -> Mapping[str, object]:
    """Leave a process behind that holds the output open."""
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print(process.pid)
    return {"pid": process.pid}


def wait(context: JobContext) -> Mapping[str, object]:
    context.begin_stage("wait")
    while True:
        context.report_waiting(Message.restore("another job holds the folder"))
        time.sleep(0.05)


def wait_a_moment(context: JobContext) -> Mapping[str, object]:
    context.report_waiting(Message.restore("another job holds the folder"))
    time.sleep(2)
    context.report_waiting(NOTHING)
    return {}


def fail_unforeseen(context: JobContext) -> Mapping[str, object]:
    raise ValueError("a detail for the log")


def refuse(context: JobContext) -> Mapping[str, object]:
    raise NotFound(Message.restore("There is no folder of that name."))


def return_no_json(context: JobContext) -> Mapping[str, object]:
    return {"model": object()}


def hang(context: JobContext) -> Mapping[str, object]:
    context.begin_stage("hang")
    print("hangs", flush=True)
    time.sleep(600)
    return {}


def interrupt(context: JobContext) -> Mapping[str, object]:
    raise KeyboardInterrupt


def count_slowly(context: JobContext) -> Mapping[str, object]:
    context.begin_stage("count")
    for number in range(30):
        context.report_progress(number, 30)
        print("counted", number)
        time.sleep(0.1)
    return {}


def write(context: JobContext) -> Mapping[str, object]:
    os.write(1, b"to the log\n")
    return {}


WORKS = {
    work.__name__: work
    for work in (
        *(
            talk,
            run_stage,
            mistake,
            outlive,
            wait,
            wait_a_moment,
            fail_unforeseen,
            refuse,
            return_no_json,
            hang,
            count_slowly,
        ),
    )
}
