-- grain: record of a customer whose values are to be chosen
-- reads: record, golden_owner, golden_trust
-- writes: golden_rank
WITH records AS (SELECT record_no, source, updated_at FROM record),
members AS (SELECT record_no, customer_no FROM golden_owner WHERE NOT is_kept),
trusts AS (SELECT source, trust FROM golden_trust),
ranked AS (
    SELECT
        records.record_no,
        members.customer_no,
        -- record_no counts in order of source and record key: the last word on every tie
        row_number() OVER (ORDER BY coalesce(trusts.trust, 0) DESC, records.updated_at DESC NULLS LAST, records.record_no)
            AS trusted_rank,
        row_number() OVER (ORDER BY records.updated_at DESC NULLS LAST, coalesce(trusts.trust, 0) DESC, records.record_no)
            AS latest_rank
    FROM records
    JOIN members ON members.record_no = records.record_no
    LEFT JOIN trusts ON trusts.source = records.source
)
SELECT record_no, customer_no, trusted_rank, latest_rank FROM ranked
