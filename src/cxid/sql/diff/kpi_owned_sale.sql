-- grain: line of a customer's purchase or refund
-- reads: kpi_sale, kpi_owner
-- writes: kpi_owned_sale
SELECT owners.customer_no, sales.receipt_no, sales.currency, sales.is_refund, sales.net
FROM kpi_sale AS sales
INNER JOIN kpi_owner AS owners ON sales.event_no = owners.event_no
