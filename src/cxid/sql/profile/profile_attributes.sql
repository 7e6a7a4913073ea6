-- grain: customer with a birth date
-- reads: profile_birth, profile_moment
-- writes: profile_attributes
WITH births AS (SELECT customer_no, born FROM profile_birth),
moment AS (SELECT CAST(as_of AS DATE) AS today FROM profile_moment),
aged AS (
    SELECT
        births.customer_no,
        CAST(
            extract(year FROM moment.today) - extract(year FROM births.born)
            - CASE
                WHEN extract(month FROM moment.today) * 100 + extract(day FROM moment.today)
                    < extract(month FROM births.born) * 100 + extract(day FROM births.born)
                    THEN 1
                ELSE 0
            END
            AS BIGINT
        ) AS age
    FROM births
    CROSS JOIN moment
)
SELECT
    customer_no,
    age,
    CASE
        WHEN age < 18 THEN 'under 18'
        WHEN age < 25 THEN '18-24'
        WHEN age < 35 THEN '25-34'
        WHEN age < 45 THEN '35-44'
        WHEN age < 55 THEN '45-54'
        WHEN age < 65 THEN '55-64'
        ELSE '65 and over'
    END AS age_band
FROM aged
-- a filler date makes nobody 126 years old
WHERE age BETWEEN 0 AND 120
