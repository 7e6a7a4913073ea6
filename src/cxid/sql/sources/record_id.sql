-- grain: identifier of a record, as written
-- reads: src_person_id, record
-- writes: record_id
WITH
identifier AS (SELECT source, record_key, id_type, id_value FROM src_person_id),
numbered AS (SELECT source, record_key, record_no FROM record)
SELECT numbered.record_no, identifier.id_type, identifier.id_value
FROM identifier
INNER JOIN numbered
    ON identifier.source = numbered.source AND identifier.record_key = numbered.record_key
