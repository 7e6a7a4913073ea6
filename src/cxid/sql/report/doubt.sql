-- grain: what became of scored pairs of records, who decided, by pattern of agreement and whether they are in doubt
-- reads: match_pair, link_summary, record, record_customer, customer
-- writes: report_doubt
WITH
sure AS (
    SELECT max(CAST(value AS BIGINT)) / 1000000.0 AS bits FROM link_summary WHERE name = 'sure_micro_bits'
),

pairs AS (SELECT source_a, record_key_a, pattern, weight, decision, decided_by FROM match_pair),

-- a weak pair of a customer that other pairs hold together well is no doubt
weakly_held AS (
    SELECT record.source, record.record_key
    FROM record
    INNER JOIN record_customer ON record.record_no = record_customer.record_no
    INNER JOIN customer ON record_customer.customer_id = customer.customer_id
    WHERE customer.needs_review
),

judged AS (
    SELECT
        pairs.decision,
        pairs.decided_by,
        pairs.pattern,
        CASE
            WHEN pairs.decided_by = 'decision' THEN 0
            WHEN pairs.decision = 'review' THEN 1
            WHEN pairs.decision = 'merged' AND pairs.weight < sure.bits AND weakly_held.source IS NOT NULL THEN 1
            ELSE 0
        END AS is_doubtful
    FROM pairs
    CROSS JOIN sure
    LEFT JOIN weakly_held ON pairs.source_a = weakly_held.source AND pairs.record_key_a = weakly_held.record_key
)

SELECT
    decision,
    decided_by,
    pattern,
    is_doubtful,
    count(*) AS pairs
FROM judged
GROUP BY decision, decided_by, pattern, is_doubtful
