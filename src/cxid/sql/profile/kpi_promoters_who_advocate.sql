-- grain: period
-- reads: kpi_respondent, kpi_customer
-- writes: kpi_figure
WITH promoters AS (SELECT period, customer_no FROM kpi_respondent WHERE nps_group = 'promoter'),

customers AS (SELECT customer_no, is_advocate FROM kpi_customer)

SELECT
    promoters.period,
    '' AS segment,
    '' AS currency,
    count(CASE WHEN customers.is_advocate THEN 1 END) AS numerator,
    count(*) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM promoters
INNER JOIN customers ON promoters.customer_no = customers.customer_no
GROUP BY promoters.period
