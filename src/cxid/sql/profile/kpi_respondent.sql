-- grain: customer x period in which the customer answered, and the whole span: the last answer
-- reads: kpi_answer, kpi_customer
-- writes: kpi_respondent
WITH answers AS (SELECT customer_no, period, time, nps_group, place FROM kpi_answer),

every AS (
    SELECT customer_no, period, time, nps_group, place FROM answers
    UNION ALL
    SELECT customer_no, 'total' AS period, time, nps_group, place FROM answers
),

ranked AS (
    SELECT
        customer_no,
        period,
        nps_group,
        row_number() OVER (PARTITION BY customer_no, period ORDER BY time DESC, place) AS choice
    FROM every
),

customers AS (SELECT customer_no, segment FROM kpi_customer)

SELECT ranked.customer_no, ranked.period, ranked.nps_group, coalesce(customers.segment, 'unknown') AS segment
FROM ranked
INNER JOIN customers ON ranked.customer_no = customers.customer_no
WHERE ranked.choice = 1
