-- grain: customer with a purchase or refund
-- reads: profile_money
-- writes: profile_main_money
WITH money AS (SELECT customer_no, currency, orders, revenue, gross FROM profile_money),
ranked AS (
    SELECT
        customer_no, currency, orders, revenue, gross,
        row_number() OVER (PARTITION BY customer_no ORDER BY orders DESC, gross DESC, currency) AS place
    FROM money
),
every_currency AS (
    SELECT
        customer_no,
        '{' || array_to_string(
            list_sort(list('"' || coalesce(nullif(regexp_replace(currency, '[^A-Z0-9]', '', 'g'), ''), 'unknown') || '":"' || CAST(revenue AS VARCHAR) || '"')), ','
        ) || '}' AS revenue_by_currency
    FROM money
    GROUP BY customer_no
)
SELECT
    ranked.customer_no,
    nullif(ranked.currency, '') AS currency,
    ranked.revenue,
    CASE
        WHEN ranked.orders > 0
            THEN CAST(CAST(ranked.gross AS DOUBLE) / CAST(ranked.orders AS DOUBLE) AS DECIMAL(28, 4))
    END AS average_order,
    every_currency.revenue_by_currency
FROM ranked
JOIN every_currency ON every_currency.customer_no = ranked.customer_no
WHERE ranked.place = 1
