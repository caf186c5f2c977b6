"""The runner of a job is killed, or the records are away; with real processes."""

import time
from datetime import timedelta
from pathlib import Path

from sake_ray.domain.jobs import JobState
from sake_ray.storage.records import Records
from tests.jobs.running import PATIENCE, contains, family_of, now, run_to_end, running, submitted
from tests.jobs.works import count_slowly, run_stage, talk
from tests.storage.postgres import Postgres
from tests.storage.postgres import postgres as postgres
from tests.waiting import has_ended, wait_until


def test_killed_job_is_queued_again_and_its_log_is_kept(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, count_slowly, log) as runner:
        wait_until(contains(log, "counted 3"))
        runner.kill()
        _, err = runner.communicate()
    assert "counted 3" in err
    (taken,) = records.jobs.requeue_stalled(older_than=timedelta(seconds=30), now=now() + timedelta(seconds=31))
    assert (taken.state, taken.stage, taken.total) == (JobState.QUEUED, "count", 30)
    (again,) = records.jobs.admit(max_running=1, now=now())
    run_to_end(records, again, talk, log)
    assert records.jobs.get(job.number).state is JobState.SUCCEEDED
    assert contains(log, "counted 3")()
    assert contains(log, "printed by the work")()


def test_stage_that_outlived_its_killed_runner_is_ended_by_the_next(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, run_stage, log) as runner:
        family = family_of(runner, log)
        runner.kill()
        runner.wait()
        assert not any(map(has_ended, family))
        records.jobs.requeue_stalled(older_than=timedelta(), now=now() + timedelta(seconds=1))
        (again,) = records.jobs.admit(max_running=1, now=now())
        run_to_end(records, again, talk, log)
        assert all(map(has_ended, family))
    assert list(log.parent.iterdir()) == [log]


def test_runner_whose_job_is_given_to_another_ends_itself_and_its_stage(records: Records, log: Path) -> None:
    job = submitted(records)
    with running(records, job, run_stage, log) as runner:
        family = family_of(runner, log)
        (taken,) = records.jobs.requeue_stalled(older_than=timedelta(), now=now() + timedelta(seconds=1))
        _, err = runner.communicate(timeout=PATIENCE)
        assert (runner.returncode, "This process ends." in err) == (1, True)
        assert all(map(has_ended, family))
    assert records.jobs.get(job.number) == taken


def test_records_that_are_away_for_a_while_do_not_end_the_job(postgres: Postgres, log: Path) -> None:
    with postgres.empty_database() as address:
        records = Records(address)
        records.database.migrate()
        job = submitted(records)
        name = address.rsplit("/", 1)[1]
        with running(records, job, count_slowly, log) as runner:
            wait_until(lambda: records.jobs.get(job.number).stage == "count")
            records.database.close()
            postgres.command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            postgres.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
            wait_until(contains(log, "counted 29"))
            time.sleep(1)
            assert runner.poll() is None
            postgres.command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            out, _ = runner.communicate(timeout=PATIENCE)
        assert out == "before\nreturned succeeded\n"
        assert records.jobs.get(job.number).state is JobState.SUCCEEDED
        records.database.close()
