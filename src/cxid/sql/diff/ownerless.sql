-- grain: identifier that is a customer's in one run, and nobody's in the other although that run's data has it
-- reads: diff_identifier, before_record_identifier, before_event_identifier, after_record_identifier, after_event_identifier
-- writes: diff_ownerless
WITH lone AS (
    SELECT id_type, id_value, before_id, after_id FROM diff_identifier WHERE before_id IS NULL OR after_id IS NULL
),

seen AS (
    SELECT lone.id_type, lone.id_value
    FROM before_record_identifier AS data
    INNER JOIN lone ON data.id_type = lone.id_type AND data.id_value = lone.id_value
    WHERE lone.before_id IS NULL
    UNION
    SELECT lone.id_type, lone.id_value
    FROM before_event_identifier AS data
    INNER JOIN lone ON data.id_type = lone.id_type AND data.id_value = lone.id_value
    WHERE lone.before_id IS NULL
    UNION
    SELECT lone.id_type, lone.id_value
    FROM after_record_identifier AS data
    INNER JOIN lone ON data.id_type = lone.id_type AND data.id_value = lone.id_value
    WHERE lone.after_id IS NULL
    UNION
    SELECT lone.id_type, lone.id_value
    FROM after_event_identifier AS data
    INNER JOIN lone ON data.id_type = lone.id_type AND data.id_value = lone.id_value
    WHERE lone.after_id IS NULL
)

SELECT lone.id_type, lone.id_value, lone.before_id, lone.after_id
FROM lone
INNER JOIN seen ON lone.id_type = seen.id_type AND lone.id_value = seen.id_value
