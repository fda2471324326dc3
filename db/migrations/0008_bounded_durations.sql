-- Durations of integrations are at most a year since they have bounds; what was saved before is cut to it,
-- so that its payments can still be read.
UPDATE "integrations" SET "settings" = (
  SELECT jsonb_object_agg(key, CASE
    WHEN key IN ('offerWithinMs', 'orderWithinMs', 'fundWithinMs') AND jsonb_typeof(value) = 'number'
      THEN to_jsonb(least(value::numeric, 31622400000))
    WHEN key = 'policy' AND jsonb_typeof(value) = 'object' THEN (
      SELECT coalesce(jsonb_object_agg(p.key, CASE
        WHEN p.key LIKE '%Ms' AND jsonb_typeof(p.value) = 'number'
          THEN to_jsonb(least(p.value::numeric, 31622400000))
        ELSE p.value END), '{}')
      FROM jsonb_each(value) p)
    ELSE value END)
  FROM jsonb_each("settings"))
WHERE "settings" <> '{}';
