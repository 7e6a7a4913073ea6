-- grain: event of diff_after_event, with its owner under the identity of the run before
-- reads: diff_after_event, diff_before_event, diff_label, diff_ownerless, after_event_identifier, before_identity_map, after_identity_map
-- writes: diff_event_label
WITH wanted AS (
    SELECT * FROM diff_after_event
),

-- the event itself, as the run before had it
known AS (
    SELECT wanted.event_no, earlier.customer_id
    FROM wanted
    INNER JOIN diff_before_event AS earlier
        ON wanted.source = earlier.source
        AND wanted.time IS NOT DISTINCT FROM earlier.time
        AND wanted.ids = earlier.ids
        AND wanted.first_id = earlier.first_id
        AND wanted.last_id = earlier.last_id
),

fresh AS (
    SELECT wanted.event_no, wanted.customer_id, wanted.id_type, identifiers.id_value
    FROM wanted
    LEFT JOIN known ON wanted.event_no = known.event_no
    INNER JOIN after_event_identifier AS identifiers
        ON wanted.event_no = identifiers.event_no
        AND (wanted.id_type = identifiers.id_type)
    WHERE known.event_no IS NULL
),

-- the identifier that decided, where the run before gave it to somebody
named AS (
    SELECT fresh.event_no, min(then_map.customer_id) AS customer_id
    FROM fresh
    INNER JOIN after_identity_map AS now_map
        ON fresh.id_type = now_map.id_type
        AND fresh.id_value = now_map.id_value
        AND fresh.customer_id = now_map.customer_id
    INNER JOIN before_identity_map AS then_map
        ON fresh.id_type = then_map.id_type AND fresh.id_value = then_map.id_value
    WHERE now_map.source = '' AND then_map.source = ''
    GROUP BY fresh.event_no
),

-- or knew it and gave it to nobody
unnamed AS (
    SELECT DISTINCT fresh.event_no
    FROM fresh
    INNER JOIN diff_ownerless AS ownerless
        ON fresh.id_type = ownerless.id_type AND fresh.id_value = ownerless.id_value
    WHERE ownerless.before_id IS NULL
),

-- events that are nobody's now: the identifiers that were somebody's, where they agree
let_go AS (
    SELECT
        wanted.event_no,
        CASE WHEN min(ownerless.before_id) = max(ownerless.before_id) THEN min(ownerless.before_id) END AS customer_id
    FROM wanted
    INNER JOIN after_event_identifier AS identifiers ON wanted.event_no = identifiers.event_no
    INNER JOIN diff_ownerless AS ownerless
        ON identifiers.id_type = ownerless.id_type AND identifiers.id_value = ownerless.id_value
    WHERE wanted.customer_id IS NULL AND ownerless.before_id IS NOT NULL
    GROUP BY wanted.event_no
)

SELECT
    wanted.event_no,
    CASE
        WHEN known.event_no IS NOT NULL THEN known.customer_id
        WHEN wanted.customer_id IS NULL THEN let_go.customer_id
        WHEN named.event_no IS NOT NULL THEN named.customer_id
        WHEN unnamed.event_no IS NOT NULL THEN NULL
        ELSE coalesce(labels.label, wanted.customer_id)
    END AS customer_id
FROM wanted
LEFT JOIN known ON wanted.event_no = known.event_no
LEFT JOIN let_go ON wanted.event_no = let_go.event_no
LEFT JOIN named ON wanted.event_no = named.event_no
LEFT JOIN unnamed ON wanted.event_no = unnamed.event_no
LEFT JOIN diff_label AS labels ON wanted.customer_id = labels.after_id
