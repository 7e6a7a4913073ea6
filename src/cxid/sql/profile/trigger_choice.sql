-- grain: customer of whom a trigger holds, with what becomes of it
-- reads: trigger_holding, trigger_rule, trigger_agreed, trigger_past, profile_moment
-- writes: trigger_choice
WITH held AS (
    SELECT trigger_no, customer_id, importance, reason, facts FROM trigger_holding
),

rules AS (
    SELECT trigger_no, name, action, cap, cooldown_days, holdout_below, holdout_key, is_consented FROM trigger_rule
),

agreed AS (
    SELECT trigger_no, customer_id FROM trigger_agreed
),

moment AS (
    SELECT as_of FROM profile_moment
),

-- who was chosen at this very moment is chosen again: a build repeated says the same
past AS (
    SELECT past.customer_id, past.name, max(past.chosen_at) AS chosen_at
    FROM trigger_past AS past
    CROSS JOIN moment
    WHERE past.chosen_at < moment.as_of
    GROUP BY past.customer_id, past.name
),

judged AS (
    SELECT
        held.trigger_no,
        held.customer_id,
        held.importance,
        held.reason,
        held.facts,
        CASE
            WHEN rules.is_consented AND agreed.customer_id IS NULL THEN 'no_consent'
            WHEN date_diff('second', past.chosen_at, moment.as_of) < 86400 * rules.cooldown_days THEN 'cooling'
            ELSE 'free'
        END AS judgement
    FROM held
    INNER JOIN rules ON held.trigger_no = rules.trigger_no
    CROSS JOIN moment
    LEFT JOIN agreed ON held.trigger_no = agreed.trigger_no AND held.customer_id = agreed.customer_id
    LEFT JOIN past ON held.customer_id = past.customer_id AND rules.name = past.name
),

ranked AS (
    SELECT
        trigger_no,
        customer_id,
        reason,
        facts,
        judgement,
        row_number() OVER (PARTITION BY trigger_no, judgement ORDER BY importance) AS place
    FROM judged
)

-- the cap counts those held out too: both arms are drawn from the same customers
SELECT
    ranked.trigger_no,
    ranked.customer_id,
    rules.name,
    rules.action,
    CASE
        WHEN ranked.judgement <> 'free' THEN ranked.judgement
        WHEN ranked.place > rules.cap THEN 'capped'
        WHEN substr(md5(concat(rules.holdout_key, chr(31), ranked.customer_id)), 1, 8) < rules.holdout_below THEN 'holdout'
        ELSE 'act'
    END AS status,
    CASE WHEN ranked.judgement = 'free' THEN ranked.place END AS place,
    ranked.reason,
    ranked.facts
FROM ranked
INNER JOIN rules ON ranked.trigger_no = rules.trigger_no
