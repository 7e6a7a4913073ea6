-- grain: trigger that holds for somebody
-- reads: trigger_hit
-- writes: report_triggers
WITH
hits AS (SELECT "trigger" AS name, action, status FROM trigger_hit)

SELECT
    name AS label,
    action,
    count(*) AS customers,
    count(CASE WHEN status = 'act' THEN 1 END) AS act,
    count(CASE WHEN status = 'holdout' THEN 1 END) AS holdout,
    count(CASE WHEN status = 'capped' THEN 1 END) AS capped,
    count(CASE WHEN status = 'cooling' THEN 1 END) AS cooling,
    count(CASE WHEN status = 'no_consent' THEN 1 END) AS no_consent
FROM hits
GROUP BY name, action
ORDER BY name, action
