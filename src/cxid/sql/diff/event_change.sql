-- grain: source of events whose rows may differ; a row is its values and identifiers, and a changed one keeps its key
-- reads: diff_suspect, before_event, before_event_id, after_event, after_event_id
-- writes: diff_event_change
WITH before_ids AS (
    SELECT
        event_no,
        concat(
            count(*), chr(31), min(id_type), chr(31), max(id_type), chr(31), min(id_value), chr(31), max(id_value)
        ) AS ids
    FROM before_event_id
    GROUP BY event_no
),

after_ids AS (
    SELECT
        event_no,
        concat(
            count(*), chr(31), min(id_type), chr(31), max(id_type), chr(31), min(id_value), chr(31), max(id_value)
        ) AS ids
    FROM after_event_id
    GROUP BY event_no
),

rows_of_both AS (
    SELECT
        -1 AS side,
        events.source, events.event_key, events.kind, events.channel, events.time, events.type, events.amount,
        events.currency, events.category, events.campaign, events.score, events.sentiment, events.reach,
        before_ids.ids
    FROM before_event AS events
    INNER JOIN diff_suspect AS suspects ON events.source = suspects.source
    LEFT JOIN before_ids ON events.event_no = before_ids.event_no
    UNION ALL
    SELECT
        1 AS side,
        events.source, events.event_key, events.kind, events.channel, events.time, events.type, events.amount,
        events.currency, events.category, events.campaign, events.score, events.sentiment, events.reach,
        after_ids.ids
    FROM after_event AS events
    INNER JOIN diff_suspect AS suspects ON events.source = suspects.source
    LEFT JOIN after_ids ON events.event_no = after_ids.event_no
),

balances AS (
    SELECT source, event_key, CAST(sum(side) AS BIGINT) AS balance
    FROM rows_of_both
    GROUP BY
        source, event_key, kind, channel, time, type, amount, currency, category, campaign, score, sentiment, reach,
        ids
    HAVING sum(side) <> 0
),

keys AS (
    SELECT
        source,
        event_key,
        CAST(sum(CASE WHEN balance > 0 THEN balance ELSE 0 END) AS BIGINT) AS more,
        CAST(sum(CASE WHEN balance < 0 THEN -balance ELSE 0 END) AS BIGINT) AS less
    FROM balances
    GROUP BY source, event_key
),

settled AS (
    SELECT source, more, less, CASE WHEN event_key IS NULL THEN 0 ELSE least(more, less) END AS changed FROM keys
)

SELECT
    source,
    CAST(sum(more - changed) AS BIGINT) AS added,
    CAST(sum(less - changed) AS BIGINT) AS removed,
    CAST(sum(changed) AS BIGINT) AS changed
FROM settled
GROUP BY source
