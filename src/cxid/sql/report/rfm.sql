-- grain: cell of recency and frequency quintiles that has customers
-- reads: profile
-- writes: report_rfm
WITH
buyers AS (
    SELECT recency_quintile, frequency_quintile, rfm_segment FROM profile WHERE recency_quintile IS NOT NULL
)

SELECT
    rfm_segment || ' ' || CAST(recency_quintile AS VARCHAR) || CAST(frequency_quintile AS VARCHAR) AS label,
    rfm_segment AS segment,
    recency_quintile AS recency,
    frequency_quintile AS frequency,
    count(*) AS customers
FROM buyers
GROUP BY rfm_segment, recency_quintile, frequency_quintile
ORDER BY recency_quintile DESC, frequency_quintile DESC, rfm_segment
