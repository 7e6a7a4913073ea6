-- grain: channel, and 'every' for all of them
-- reads: profile_channel_total
-- writes: profile_channel_high
WITH totals AS (
    SELECT customer_no, channel, points FROM profile_channel_total WHERE points > 0
    UNION ALL
    SELECT customer_no, 'every' AS channel, sum(points) AS points
    FROM profile_channel_total
    WHERE points > 0
    GROUP BY customer_no
),
placed AS (
    SELECT
        channel,
        points,
        row_number() OVER (PARTITION BY channel ORDER BY points) AS place,
        count(*) OVER (PARTITION BY channel) AS customers
    FROM totals
)
-- the 95th percentile: the smallest value that 95 of 100 customers with points do not exceed
SELECT channel, CAST(min(points) AS BIGINT) AS high
FROM placed
WHERE 100 * place >= 95 * customers
GROUP BY channel
