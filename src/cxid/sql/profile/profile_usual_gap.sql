-- grain: one row: the company's usual gap
-- reads: profile_buying
-- writes: profile_usual_gap
WITH gaps AS (SELECT gap, count(*) AS times FROM profile_buying WHERE gap IS NOT NULL GROUP BY gap),
placed AS (
    SELECT
        gap,
        sum(times) OVER (ORDER BY gap ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS up_to,
        sum(times) OVER () AS everything
    FROM gaps
)
-- the lower median; NULL where nobody bought twice
SELECT min(gap) AS days FROM placed WHERE 2 * up_to >= everything
