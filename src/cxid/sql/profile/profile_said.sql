-- grain: kind x channel x type that events have
-- reads: profile_spelling
-- writes: profile_said
WITH spellings AS (
    SELECT kind, said_channel, said_type, channel, act, own, milli_points, half_life FROM profile_spelling
)
SELECT
    CAST(row_number() OVER (ORDER BY kind, said_channel, said_type) AS INTEGER) AS said_no,
    kind, said_channel, said_type, channel, act, own, milli_points, half_life
FROM spellings
