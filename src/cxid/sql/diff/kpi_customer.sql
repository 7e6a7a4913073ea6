-- grain: customer of one data under one identity
-- reads: kpi_member, kpi_owner, diff_customer
-- writes: kpi_customer
WITH holders AS (
    SELECT customers.customer_no, members.records, members.personal
    FROM kpi_member AS members
    INNER JOIN diff_customer AS customers ON members.customer_id = customers.customer_id
    UNION ALL
    SELECT DISTINCT customer_no, 0 AS records, 0 AS personal FROM kpi_owner
)

SELECT
    customer_no,
    CAST(sum(records) AS BIGINT) AS records,
    sum(records) + sum(personal) > 0 AS is_known
FROM holders
GROUP BY customer_no
