DROP INDEX `changesets_by_import`;--> statement-breakpoint
DROP INDEX `changesets_by_undoes`;--> statement-breakpoint
CREATE INDEX `changesets_by_import` ON `changesets` (`import_id`,`id`) WHERE import_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `changesets_by_undoes` ON `changesets` (`undoes`) WHERE undoes IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_status_due` ON `tickets` (`status`,`due_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_assignee` ON `tickets` (`assigned_to`,`created_at`) WHERE deleted_at IS NULL;