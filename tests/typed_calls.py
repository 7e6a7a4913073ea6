"""A user's script with every call, for mypy: the types that an editor sees through the lazy package.

Nothing here runs; `files` of [tool.mypy] names this file.
"""

from __future__ import annotations

from typing import Any, assert_type

import pyarrow as pa

import cxid


def every_call(folder: str) -> None:
    """Each call with its options, and what comes back."""
    assert_type(cxid.write_demo(folder, people=200, seed=1), cxid.DemoSummary)
    assert_type(cxid.init(folder, "data/crm.csv", country="GB", force=True), cxid.Initialised)
    assert_type(cxid.doctor(folder), cxid.Checks)
    assert_type(cxid.schema(), dict[str, Any])
    project = cxid.open(folder, target="prod")
    assert_type(project, cxid.Project)
    assert_type(project.config, cxid.Config)
    assert_type(project.check(), cxid.Findings)
    assert_type(project.plan(discard=True, as_of="2026-11-01"), cxid.PlanResult)
    result = project.build(force=True, threads=2, observer=cxid.StageLines())
    assert_type(result, cxid.BuildResult)
    assert_type(result.counts["customers"], int)
    assert_type(project.report("r0001").to_html("report.html", unmasked=True), str)
    assert_type(project.show("crm:1042", events=5, masked=True), cxid.CustomerPage)
    assert_type(project.why("crm:1042", "web:7"), cxid.PairWhy | cxid.CustomerWhy)
    assert_type(project.find("ann smith", limit=5), cxid.Customers)
    assert_type(project.diff("r0001", "r0002", moves=3, values=True), cxid.Diff)
    assert_type(project.query("SELECT 1").to_list(), list[dict[str, Any]])
    table: pa.Table = project.query("SELECT 1").arrow()
    print(table.num_rows)
    assert_type(project.identify({"email": "ann@example.com"}, sure=0.95), cxid.Answer)
    with project.identifier(columns=["orders"]) as who:
        assert_type(who.ask({"phone": "0113 4960000"}).customer_id, str | None)
    assert_type(project.simulate("win_back", at=["2026-05-01"], detect=1.0), cxid.Simulation)
    decide(project)


def decide(project: cxid.Project) -> None:
    """The calls that decide, measure and operate."""
    questions = project.review(limit=5, masked=True)
    assert_type(questions, cxid.Review)
    assert_type(questions[0], cxid.Asked)
    assert_type(project.answer(questions[0], "same", who="ann"), cxid.Decided)
    assert_type(project.import_review("review.csv", dry_run=True), cxid.Imported)
    assert_type(project.link("crm:1", "web:2", reason="same card"), cxid.Decided)
    assert_type(project.unlink("cx_1", apart=["crm:1"], together=True), cxid.Decided)
    assert_type(project.pin("crm:1", {"email": "ann@example.com"}), cxid.Decided)
    assert_type(project.evaluate("truth.csv", known_only=True), cxid.TruthEvaluation)
    assert_type(project.evaluate(), cxid.DecisionEvaluation)
    assert_type(project.sample(100, groups=True).to_csv("sample.csv"), str)
    assert_type(project.evaluate_sample("sample.csv"), cxid.SampleEvaluation)
    assert_type(project.runs()[0], cxid.RunInfo)
    assert_type(project.rollback(), cxid.Rollback)
    assert_type(project.clean(keep=2, yes=True), cxid.Cleaning)
    assert_type(project.select(purpose="newsletter", channel="email"), cxid.Rows)
    assert_type(project.export("out.csv", {"delta": "shop"}, no_purpose=True), cxid.Exported)
    assert_type(project.docs(location="s3://x/{name}.parquet"), str)
    try:
        project.build()
    except cxid.GateError as error:
        assert_type(error.hint, str)
