"""Customers each night, as an Airflow 3 DAG: check, build, and the mailing list of those who agreed."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PROJECT = os.environ.get("CXID_PROJECT", "/srv/acme")
AGREED = ("--purpose", "newsletter", "--channel", "email")
LATER = {5, 11, 130, 143}  # no memory or disk, another build at work, stopped: worth another try


def cxid(*words: str) -> str:
    """What `cxid WORDS` prints; fails for good where another try would end the same."""
    command = ["cxid", *words, "--project", PROJECT, "--quiet", "--no-progress", "--no-input"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode in LATER:
        raise AirflowException(done.stderr)
    if done.returncode:  # data, limits or config: somebody has to look
        raise AirflowFailException(done.stderr)
    return done.stdout


@dag(
    schedule="15 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/London"),
    catchup=False,  # a build reads the files that are there now, whatever day the run is for
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=20), "execution_timeout": timedelta(hours=2)},
)
def customers() -> None:
    """Three tasks, one after the other."""

    @task
    def check() -> None:
        cxid("check")

    @task
    def build() -> dict[str, object]:
        result = json.loads(cxid("build", "--format", "json"))
        return {"run_id": result["run_id"], "status": result["status"], **result["counts"]}

    @task
    def mailing_list() -> None:
        cxid("export", *AGREED, "--columns", "customer_id,given_name,ids.email", "--to", f"{PROJECT}/newsletter.csv")

    check() >> build() >> mailing_list()


customers()
