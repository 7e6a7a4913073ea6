-- grain: address x family name that several customers there bear and that chance does not explain
-- reads: household_key, household_name, household_crowd, household_share
-- writes: household_group
WITH addresses AS (SELECT kind, text, area, customer_no, number, unit FROM household_key),
names AS (SELECT customer_no, name FROM household_name),
crowds AS (SELECT kind, text, people FROM household_crowd),
shares AS (SELECT area, name, bearers, people FROM household_share),
groups AS (
    SELECT
        addresses.kind,
        addresses.text,
        min(addresses.area) AS area,
        names.name,
        min(addresses.customer_no) AS customer_no,
        count(*) AS bearers,
        count(DISTINCT addresses.number) AS numbers,
        count(DISTINCT addresses.unit) AS units
    FROM addresses
    JOIN names ON names.customer_no = addresses.customer_no
    GROUP BY addresses.kind, addresses.text, names.name
    HAVING count(*) > 1
),
-- how many of the others at the address would bear the name by chance: as everywhere, or as round about
expected AS (
    SELECT
        groups.kind,
        groups.text,
        groups.name,
        groups.customer_no,
        groups.numbers,
        groups.units,
        (crowds.people - groups.bearers) * greatest(
            (CAST(2 * (everywhere.bearers - groups.bearers) + 1 AS DOUBLE)) / (2 * everywhere.people),
            CAST(here.bearers - groups.bearers AS DOUBLE) / here.people
        ) AS by_chance
    FROM groups
    JOIN crowds ON crowds.kind = groups.kind AND crowds.text = groups.text
    JOIN shares AS everywhere ON everywhere.area = '' AND everywhere.name = groups.name
    JOIN shares AS here ON here.area = groups.area AND here.name = groups.name
)
SELECT kind, text, name, customer_no
FROM expected
WHERE
    -- a quarter of a namesake at a whole address, a twentieth at one that may be several
    by_chance <= CASE WHEN kind IN ('flat', 'home') THEN 0.25 ELSE 0.05 END
    -- two flats of one house are two homes; so are two houses of a street
    AND (units <= 1 OR kind = 'flat')
    AND (numbers <= 1 OR kind <> 'street')
