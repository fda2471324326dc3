-- IF NOT EXISTS: where tables are large they are better made beforehand, CONCURRENTLY (docs/runbook.md).
CREATE INDEX IF NOT EXISTS "notifications_state" ON "notifications" USING btree ("account_id","mode","state","received_at","id") WHERE "notifications"."state" <> 'settled';--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "notifications_integration" ON "notifications" USING btree ("account_id","mode","integration_id","received_at","id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payments_status" ON "payments" USING btree ("account_id","mode","status","created_at","id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payments_provider" ON "payments" USING btree ("account_id","mode","provider","created_at","id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payments_amount" ON "payments" USING btree ("account_id","mode","currency","requested_minor","created_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "webhook_deliveries_state" ON "webhook_deliveries" USING btree ("endpoint_id","state","created_at","event_id") WHERE "webhook_deliveries"."state" in ('failed', 'skipped');