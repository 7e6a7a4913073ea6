-- grain: address that several customers have, with how many they are
-- reads: household_key
-- writes: household_crowd
WITH addresses AS (SELECT kind, text, customer_no FROM household_key)
SELECT kind, text, count(*) AS people FROM addresses GROUP BY kind, text
